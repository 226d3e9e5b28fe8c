//! Why a segment was not attached to.

use std::path::PathBuf;

use thiserror::Error;

use crate::error::OpenError;
use crate::place::BadName;
use crate::segment::mismatch::LayoutMismatch;

/// Why a segment was not attached to.
#[derive(Error)]
#[non_exhaustive]
pub enum AttachError {
    /// No segment may have this name.
    #[error(transparent)]
    BadName(#[from] BadName),
    /// There is no such segment, or it was just unlinked.
    #[error(
        "no segment `{path}`; hint: start its writer first, or give it time with `wait`",
        path = path.display()
    )]
    NotFound {
        /// The file.
        path: PathBuf,
    },
    /// The file is no segment that this crate can use.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The segment is a table where a cell was expected, or the reverse.
    #[error(
        "`{path}` is a {found}, expected a {expected}; hint: attach with `{hint}`",
        path = path.display(),
        hint = if *found == "table" { "Table" } else { "Cell" }
    )]
    WrongKind {
        /// The file.
        path: PathBuf,
        /// `cell` or `table`.
        found: &'static str,
        /// `cell` or `table`.
        expected: &'static str,
    },
    /// Its records have another layout.
    #[error(transparent)]
    LayoutMismatch(#[from] Box<LayoutMismatch>),
}
