//! Why a record is not kept warm.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a record is not kept warm.
#[derive(Error)]
#[non_exhaustive]
pub enum WarmError {
    /// The table has fewer rows.
    #[error("no row {row} in `{path}`, which has {rows}", path = path.display())]
    NoSuchRow {
        /// The segment.
        path: PathBuf,
        /// The row that was asked for.
        row: u64,
        /// How many there are, counted from 0.
        rows: u64,
    },
    /// The system refused to start a thread.
    #[error(
        "cannot start the thread that keeps a record of `{path}` warm: {source}; hint: raise \
         the limit of processes, `ulimit -u`",
        path = path.display()
    )]
    NoThread {
        /// The segment.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}
