//! Why memory of another program was not attached to.

use std::io;

use thiserror::Error;

use crate::foreign::place::ForeignPlace;

/// Why memory of another program was not attached to.
#[derive(Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// There is no such memory.
    #[error("no `{place}`; hint: start its program first, or give it time with `wait`")]
    NotFound {
        /// Where it was looked for.
        place: ForeignPlace,
    },
    /// This user may not read it.
    #[error(
        "no permission to read `{place}`; hint: its program decides who may, and its owner with \
         chmod"
    )]
    PermissionDenied {
        /// Where it lies.
        place: ForeignPlace,
    },
    /// Something has this name, but it is not a regular file.
    #[error("`{place}` is {found}, expected a regular file")]
    NotAFile {
        /// Where it lies.
        place: ForeignPlace,
        /// What it is, with its article.
        found: &'static str,
    },
    /// The memory ends before the last record does.
    #[error(
        "`{place}` has {found} bytes, expected at least {expected}; hint: the program has not \
         made it yet (give it time with `wait`), or its struct is another than the schema's"
    )]
    TooSmall {
        /// Where it lies.
        place: ForeignPlace,
        /// Its size in bytes.
        found: u64,
        /// The size that it needs, through the last record's last byte.
        expected: u64,
    },
    /// A number of the rule is not at a multiple of its size, so it could be
    /// read half changed.
    #[error(
        "a number that guards the records of `{place}` lies at byte {found}, expected a multiple \
         of {expected}; hint: see `at` and `stride`"
    )]
    Misaligned {
        /// Where it lies.
        place: ForeignPlace,
        /// Offset of its first byte.
        found: u64,
        /// Its size in bytes.
        expected: u64,
    },
    /// There are no rows, they overlap, or they end past what can be mapped.
    #[error(
        "{rows} records of {size} bytes cannot lie {stride} bytes apart from byte {at} on; hint: \
         a table has at least one row, and a stride of at least a record"
    )]
    BadShape {
        /// Offset of the first record in bytes.
        at: u64,
        /// From one record to the next, in bytes.
        stride: u64,
        /// How many there are.
        rows: u64,
        /// Size of one in bytes.
        size: u64,
    },
    /// The system refused a call for another reason.
    #[error("cannot {doing} `{place}`")]
    Io {
        /// Where it lies.
        place: ForeignPlace,
        /// What was tried.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
}
