//! Typed records in shared memory.
//!
//! A writer process publishes whole records. Readers in other processes copy
//! them without a lock, and never see a torn record. [`Cell`] is one record,
//! [`Table`] is numbered records of one type.
//!
//! # Limits
//!
//! - Linux on 64-bit little-endian machines.
//! - One writer a segment at a time.
//! - A process that may write to a segment can always write false but valid
//!   records.
//! - A process that truncates its file gives everyone who has it mapped a
//!   SIGBUS, or an error where the program asks for that:
//!   [`guard_truncation`].
//!
//! # Examples
//!
//! ```
//! use shm_runtime::{Cell, SharedLayout};
//!
//! #[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
//! #[repr(C)]
//! struct Point {
//!     x: i32,
//!     y: i32,
//! }
//!
//! # let name = format!("doc-{}", std::process::id());
//! # let name = name.as_str();
//! // In one process.
//! let mut writer = Cell::<Point>::create(name)?;
//! writer.write(&Point { x: 10, y: 20 })?;
//! writer.update(|point| point.x += 1)?;
//!
//! // In another.
//! let reader = Cell::<Point>::attach(name)?;
//! assert_eq!(reader.read()?, Point { x: 11, y: 20 });
//! assert_eq!(reader.get(Point::Y)?, 20);
//! assert_eq!(reader.version(), 2);
//! # writer.unlink()?;
//! # Ok::<(), shm_runtime::Error>(())
//! ```

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

// The protocols of a record, which know no memory map: all that loom runs.
#[cfg_attr(loom, allow(dead_code))]
mod copy;
#[cfg_attr(loom, allow(dead_code))]
mod foreign;
#[cfg_attr(loom, allow(dead_code))]
mod latch;
mod sync;

// Segments: maps, files and processes.
#[cfg(not(loom))]
mod cell;
#[cfg(not(loom))]
mod clock;
#[cfg(not(loom))]
mod error;
#[cfg(not(loom))]
mod latency;
#[cfg(not(loom))]
mod options;
#[cfg(not(loom))]
mod order;
#[cfg(not(loom))]
mod place;
#[cfg(not(loom))]
mod process;
#[cfg(not(loom))]
pub mod raw;
#[cfg(not(loom))]
mod record;
#[cfg(not(loom))]
mod records;
#[cfg(not(loom))]
mod row;
#[cfg(not(loom))]
mod segment;
// Generated from `schemas/segment_header.yaml`; the runtime needs its offsets
// alone, so the rest of what a schema gives goes unused.
#[cfg(not(loom))]
#[allow(dead_code, unreachable_pub)]
mod segment_header;
#[cfg(not(loom))]
mod spec;
#[cfg(not(loom))]
mod table;
#[cfg(not(loom))]
mod warm;

#[cfg(not(loom))]
pub use {
    cell::{Cell, CellWriter},
    error::{
        AttachError, CreateError, Error, OpenError, ReadError, UnlinkError, WarmError, WriteError,
    },
    foreign::{
        Count, ForeignCell, ForeignCellOptions, ForeignCellSpec, ForeignError, ForeignPlace,
        ForeignRow, ForeignSync, ForeignTable, ForeignTableOptions, ForeignTableSpec, SysVKey,
    },
    latency::{IdleState, LatencyError, LowLatency, low_latency},
    options::{CellOptions, TableOptions},
    order::Order,
    place::{BadName, Place},
    process::Process,
    record::Snapshot,
    row::{Row, RowWriter},
    segment::guard::guard_truncation,
    segment::info::SegmentInfo,
    segment::mismatch::{Difference, LayoutMismatch},
    segment::unlink::unlink,
    spec::{CellSpec, TableSpec},
    table::{Table, TableWriter},
    warm::{KeepWarm, WarmCost},
};

// Lets macros that say `::shm_runtime` work in this crate too.
extern crate self as shm_runtime;

// The types side.
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod array;
mod bytes;
mod each;
mod field;
mod fingerprint;
mod fixed;
mod flags;
mod layout;
mod number;
mod open;
mod out_of_range;
mod rule;
mod scale;
mod sha256;
mod text;
mod time;
mod words;

pub use bytes::bytes_of;
pub use field::Field;
pub use fingerprint::Fingerprint;
pub use fixed::{FixedBytes, FixedStr, FixedUtf16, Pad, TextError};
pub use layout::{Absent, FieldShape, SchemaId, Section, Shape, SharedField, SharedLayout};
pub use out_of_range::{FieldPath, OutOfRange};
pub use scale::Scale;
pub use time::{
    DurationMs, DurationNs, DurationS, DurationUs, TimeOutOfRange, TimestampMs, TimestampNs,
    TimestampS, TimestampUs,
};

pub use shm_derive::{SharedLayout, include_schema};
