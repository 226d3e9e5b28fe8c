//! Python, Rust, C and Cython from a shared-memory schema.
//!
//! A [`Target`] takes a [`Layout`](shm_schema::Layout) and gives
//! [`Output`]s: relative paths and their texts. [`files`] alone writes, and only
//! after every text of a run is made. Nothing here prints or exits; that is the
//! program's part.

mod build;
pub mod c;
pub mod cython;
pub mod docs;
pub mod explain;
pub mod files;
pub mod foreign;
pub mod git;
pub mod load;
pub mod problem;
pub mod python;
pub mod report;
pub mod rust;
pub mod show;
pub mod stamp;
pub mod start;
pub mod step;
mod target;
pub mod wanted;
pub mod words;
mod wrap;

pub use build::{Build, BuildError, build};
pub use target::{Options, Output, Refusal, Target};
