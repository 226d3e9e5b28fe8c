//! Why a record was not read.

use std::path::PathBuf;

use thiserror::Error;

use crate::foreign::ForeignPlace;

/// Why a record was not read.
#[derive(Clone, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// The segment was unlinked or replaced.
    #[error(
        "segment `{path}` is retired: it was unlinked or replaced; hint: attach again",
        path = path.display()
    )]
    Retired {
        /// Where the segment was.
        path: Box<PathBuf>,
    },
    /// The file was truncated under this reader, and a
    /// [guard](crate::guard_truncation) noticed. Without one that is SIGBUS.
    #[error(
        "segment `{path}` was truncated by another program: its records are gone; hint: attach \
         again when its writer has made a new one",
        path = path.display()
    )]
    Truncated {
        /// Where the segment is.
        path: Box<PathBuf>,
    },
    /// No try within the bound found a whole record.
    #[error(
        "no whole record in {tries} tries at row {row} of `{path}`: the sequence went from \
         {opened} to {closed} during the last; hint: the writer is faster than this reader can \
         copy, create the segment with `copies(4)`",
        path = path.display()
    )]
    Stalled {
        /// The segment.
        path: Box<PathBuf>,
        /// The record; 0 in a cell.
        row: u64,
        /// How often it was tried.
        tries: u32,
        /// The sequence at the start of the last try.
        opened: u64,
        /// The sequence at its end.
        closed: u64,
    },
    /// The table has fewer rows.
    #[error("no row {row} in `{path}`, which has {rows}", path = path.display())]
    NoSuchRow {
        /// The segment.
        path: Box<PathBuf>,
        /// The row that was asked for.
        row: u64,
        /// Rows of the table.
        rows: u64,
    },
    /// The buffer for a whole table has another length.
    #[error(
        "the buffer has room for {found} records, expected {expected}: one for each row of `{path}`",
        path = path.display()
    )]
    BufferLength {
        /// The segment.
        path: Box<PathBuf>,
        /// Records of the buffer.
        found: u64,
        /// Rows of the table.
        expected: u64,
    },
    /// A foreign record stayed half written.
    #[error(
        "no whole record in {tries} tries at row {row} of `{place}`: its numbers stayed at \
         {opened} and {closed}, so its program stands in the middle of a write; hint: it was \
         stopped or killed there, and the record can be read again once it was written again"
    )]
    MidWrite {
        /// Where the memory lies.
        place: Box<ForeignPlace>,
        /// The record; 0 in a cell.
        row: u64,
        /// How often it was tried.
        tries: u32,
        /// The number that was looked at before the record.
        opened: u64,
        /// The number that was looked at after it.
        closed: u64,
    },
    /// A foreign record changed during every try.
    #[error(
        "no whole record in {tries} tries at row {row} of `{place}`: its program wrote during \
         each, in the last between {opened} and {closed}; hint: there is one copy of it, which \
         is never left alone for long enough; `get` reads fewer bytes"
    )]
    Lapped {
        /// Where the memory lies.
        place: Box<ForeignPlace>,
        /// The record; 0 in a cell.
        row: u64,
        /// How often it was tried.
        tries: u32,
        /// The number that was looked at before the record.
        opened: u64,
        /// The number that was looked at after it.
        closed: u64,
    },
    /// A foreign record is marked as not valid.
    #[error(
        "no valid record at row {row} of `{place}`: its mark is 0; hint: its program has written \
         none, or another reader took it and cleared the mark; try again later"
    )]
    NotValid {
        /// Where the memory lies.
        place: Box<ForeignPlace>,
        /// The record; 0 in a cell.
        row: u64,
    },
}
