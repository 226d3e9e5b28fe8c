//! Python, Rust and C from a shared-memory schema.
//!
//! A [`Target`] takes a [`Layout`](shm_schema::Layout) and gives
//! [`Output`]s: relative paths and their texts.

pub mod c;
pub mod python;
pub mod rust;
pub mod stamp;
mod target;
pub mod words;

pub use target::{Options, Output, Refusal, Target};
