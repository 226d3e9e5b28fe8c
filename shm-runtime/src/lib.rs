//! Typed records in shared memory.
//!
//! A writer process publishes whole records, readers in other processes take
//! them without a lock and without a torn byte. [`Cell`] is one record,
//! [`Table`] is numbered records of one type.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "shm-runtime needs Linux: segments rest on O_TMPFILE, open-file-description locks and /dev/shm"
);
#[cfg(not(target_pointer_width = "64"))]
compile_error!("shm-runtime needs a 64-bit target: a record's sequence is one 64-bit word");
#[cfg(not(target_endian = "little"))]
compile_error!(
    "shm-runtime needs a little-endian target: the bytes of a segment are little-endian"
);

// The types side.
mod layout;

pub use layout::{
    Field, FieldShape, Fingerprint, SchemaId, Section, Shape, SharedField, SharedLayout,
};
