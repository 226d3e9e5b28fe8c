//! Why a segment was not unlinked.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::error::OpenError;
use crate::error::open::remedy;
use crate::place::BadName;

/// Why a segment was not unlinked. The segment is unchanged.
#[derive(Error)]
#[non_exhaustive]
pub enum UnlinkError {
    /// No segment may have this name.
    #[error(transparent)]
    BadName(#[from] BadName),
    /// There is no such segment.
    #[error("no segment `{path}`", path = path.display())]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// Another process is the segment's writer.
    #[error(
        "segment `{path}` has a writer, pid {pid}; hint: stop it first, or let it unlink",
        path = path.display()
    )]
    WriterBusy {
        /// The file.
        path: PathBuf,
        /// Who writes, as far as the segment's header knows.
        pid: u32,
    },
    /// This writer is a copy that `fork` made.
    #[error(
        "the writer of `{path}` belongs to the parent process, which forked this one; hint: \
         unlink it there",
        path = path.display()
    )]
    Forked {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a segment; it is left alone.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The system refused a call for another reason.
    #[error("cannot {doing} `{path}`{hint}", path = path.display(), hint = remedy(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
}
