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

// The protocol side, which loom runs without a memory map.
#[cfg_attr(loom, allow(dead_code))]
mod copy;
#[cfg_attr(loom, allow(dead_code))]
mod latch;
mod sync;

// Lets macros that say `::shm_runtime` work in this crate too.
extern crate self as shm_runtime;

// The types side.
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod array;
mod field;
mod fingerprint;
mod fixed;
mod flags;
mod layout;
mod number;
mod open;
mod sha256;
mod text;
mod time;

pub use field::Field;
pub use fingerprint::Fingerprint;
pub use fixed::{FixedBytes, FixedStr, FixedUtf16, Pad, TextError};
pub use layout::{FieldShape, SchemaId, Section, Shape, SharedField, SharedLayout};
pub use time::{
    DurationMs, DurationNs, DurationS, DurationUs, TimeOutOfRange, TimestampMs, TimestampNs,
    TimestampS, TimestampUs,
};
