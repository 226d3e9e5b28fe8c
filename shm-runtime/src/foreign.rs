//! Records in memory that another program makes.
//!
//! Such memory has no header, no latch and one copy of each record. The schema
//! says where it lies, how its bytes are laid out, and how its program tells a
//! whole record from a torn one. It is mapped read-only and never written.
//!
//! What only a header could say is missing: version, age, whether the writer
//! lives, and any check of the layout beyond the size. A reader has to wait for
//! the writer, because there is nothing to read while the one copy changes.

// The reader's protocol, which knows no memory map: all that loom runs.
mod guard;

#[cfg(not(loom))]
mod cell;
#[cfg(not(loom))]
mod error;
#[cfg(not(loom))]
mod memory;
#[cfg(not(loom))]
mod options;
#[cfg(not(loom))]
mod place;
#[cfg(not(loom))]
mod records;
#[cfg(not(loom))]
mod spec;
#[cfg(not(loom))]
mod sync;
#[cfg(not(loom))]
mod table;

#[cfg(not(loom))]
pub use {
    cell::ForeignCell,
    error::ForeignError,
    options::{ForeignCellOptions, ForeignTableOptions},
    place::{ForeignPlace, SysVKey},
    spec::{ForeignCellSpec, ForeignTableSpec},
    sync::{Count, ForeignSync},
    table::{ForeignRow, ForeignTable},
};
