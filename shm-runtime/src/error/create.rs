//! Why a segment was not created.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::error::OpenError;
use crate::error::open::remedy;
use crate::order::Order;
use crate::place::BadName;
use crate::segment::mismatch::LayoutMismatch;

/// Why a segment was not created. Nothing half-made is left behind.
#[derive(Error)]
#[non_exhaustive]
pub enum CreateError {
    /// No segment may have this name.
    #[error(transparent)]
    BadName(#[from] BadName),
    /// An option has a value that no segment can have.
    #[error("option `{option}` is {found}, expected {expected}")]
    BadOption {
        /// The option's method.
        option: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The name is in use.
    #[error(
        "`{path}` exists already; hint: take it over with `exist_ok(true)`, put a new segment in \
         its place with `replace(true)`, or read it with `attach`",
        path = path.display()
    )]
    AlreadyExists {
        /// The file.
        path: PathBuf,
    },
    /// Another process is the segment's writer.
    #[error(
        "segment `{path}` has a writer already, pid {pid}; hint: a segment has one writer at a \
         time, stop that one or read with `attach`",
        path = path.display()
    )]
    WriterBusy {
        /// The file.
        path: PathBuf,
        /// Who writes, as far as the segment's header knows.
        pid: u32,
    },
    /// The existing segment has another number of rows.
    #[error(
        "segment `{path}` has {found} rows, expected {expected}; hint: `replace(true)` makes a \
         new one",
        path = path.display()
    )]
    WrongRows {
        /// The file.
        path: PathBuf,
        /// Rows of the segment.
        found: u64,
        /// Rows that were asked for.
        expected: u64,
    },
    /// The existing segment keeps another number of copies.
    #[error(
        "segment `{path}` keeps {found} copies of each record, expected {expected}; hint: \
         `replace(true)` makes a new one",
        path = path.display()
    )]
    WrongCopies {
        /// The file.
        path: PathBuf,
        /// Copies of the segment.
        found: u32,
        /// Copies that were asked for.
        expected: u32,
    },
    /// The existing table arranges its records in another order.
    #[error(
        "the records of `{path}` lie in {found}, expected {expected}; hint: `replace(true)` makes \
         a new one, and without `order` any is taken over",
        path = path.display()
    )]
    WrongOrder {
        /// The file.
        path: PathBuf,
        /// The order of the segment.
        found: Order,
        /// The order that was asked for.
        expected: Order,
    },
    /// The existing segment is a table where a cell was expected, or the
    /// reverse.
    #[error(
        "`{path}` is a {found}, expected a {expected}; hint: `replace(true)` makes a new one",
        path = path.display()
    )]
    WrongKind {
        /// The file.
        path: PathBuf,
        /// `cell` or `table`.
        found: &'static str,
        /// `cell` or `table`.
        expected: &'static str,
    },
    /// The existing segment has records of another layout.
    #[error(transparent)]
    LayoutMismatch(#[from] Box<LayoutMismatch>),
    /// The file system has no room for the whole segment.
    #[error(
        "no space for the {size} bytes of `{path}`; hint: `df` on its directory shows what is \
         free, and `ulimit -f` how large a file may be; containers often give /dev/shm 64 MiB \
         (docker run --shm-size)",
        path = path.display()
    )]
    NoSpace {
        /// The file.
        path: PathBuf,
        /// Size of the whole segment in bytes.
        size: u64,
    },
    /// The file system cannot create a file without a name.
    #[error(
        "the file system of `{path}` does not support O_TMPFILE; hint: use a name, which lives \
         in /dev/shm, or a file on tmpfs, ext4, xfs or btrfs",
        path = path.display()
    )]
    Unsupported {
        /// The file.
        path: PathBuf,
    },
    /// The directory does not exist.
    #[error(
        "no directory for `{path}`; hint: create it first",
        path = path.display()
    )]
    NoDirectory {
        /// The file.
        path: PathBuf,
    },
    /// `/proc` is not mounted, by which a complete file gets its name.
    #[error(
        "cannot name `{path}` without /proc; hint: mount it (`mount -t proc proc /proc`)",
        path = path.display()
    )]
    NoProc {
        /// The file.
        path: PathBuf,
    },
    /// The existing file cannot be used.
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
