//! What can go wrong: one enum for each operation, one variant for each
//! condition.
//!
//! Each message names the file, says what was found and what was expected,
//! and ends in a hint when there is something to do about it.

mod attach;
mod create;
mod open;
mod read;
mod unlink;
mod warm;
mod write;

pub use attach::AttachError;
pub use create::CreateError;
pub use open::OpenError;
pub use read::ReadError;
pub use unlink::UnlinkError;
pub use warm::WarmError;
pub use write::WriteError;

use thiserror::Error;

use crate::foreign::ForeignError;

/// Any error of this crate, for programs that do not distinguish them.
#[derive(Error)]
#[non_exhaustive]
#[error(transparent)]
pub enum Error {
    /// A segment was not created.
    Create(#[from] CreateError),
    /// A segment was not attached to.
    Attach(#[from] AttachError),
    /// Memory of another program was not attached to.
    Foreign(#[from] ForeignError),
    /// A record was not read.
    Read(#[from] ReadError),
    /// A record was not written.
    Write(#[from] WriteError),
    /// A segment was not unlinked.
    Unlink(#[from] UnlinkError),
    /// A record is not kept warm.
    Warm(#[from] WarmError),
}
