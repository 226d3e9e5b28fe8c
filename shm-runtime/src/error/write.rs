//! Why a record was not written.

use std::path::PathBuf;

use thiserror::Error;

use crate::error::ReadError;

/// Why a record was not written. What was published before stays published.
#[derive(Clone, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteError {
    /// This writer is a copy that `fork` made.
    #[error(
        "the writer of `{path}` belongs to the parent process, which forked this one; hint: \
         create the writer after the fork",
        path = path.display()
    )]
    Forked {
        /// The segment.
        path: Box<PathBuf>,
    },
    /// The segment was unlinked or replaced.
    #[error(
        "segment `{path}` is retired: it was unlinked or replaced; hint: create it again",
        path = path.display()
    )]
    Retired {
        /// Where the segment was.
        path: Box<PathBuf>,
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
    /// The record to update could not be read: something else writes it.
    #[error("the record to update was not read")]
    Read(#[source] ReadError),
}
