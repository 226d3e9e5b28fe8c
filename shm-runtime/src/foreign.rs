//! Records in memory that another program makes.
//!
//! Such memory has no header, no latch and one copy of each record. What is
//! to be known of it stands in the schema: where it lies, how its bytes are
//! laid out, and how its program tells a whole record from half of one. It is
//! mapped read-only and never written.
//!
//! What only a header could say is not there: no version, no age, no writer's
//! life, no check of the layout beyond the size. And a reader waits for the
//! writer: of one copy there is nothing to read while it changes.

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
