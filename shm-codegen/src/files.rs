//! What a run wants on the disk, what is there, and how the one becomes the
//! other.
//!
//! A [`Plan`] is made first: every text exists and every target has been looked
//! at before the first byte is written, so that a run changes all of its files
//! or none.

mod diff;
mod error;
mod plan;
mod write;

pub use diff::unified;
pub use error::FileError;
pub use plan::{Existing, Plan, Planned, Wanted};
pub use write::write;
