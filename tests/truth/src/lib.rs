//! Random schemas, held against every compiler that will ever lay them out.
//!
//! proptest draws a [`Draft`], which becomes a valid schema; the generator
//! makes Rust, C and Python of it; and rustc, gcc, ctypes and numpy say where
//! each member lies and what each of some random bytes means. All of it must be
//! what [`Layout`](shm_schema::Layout) says.

mod batch;
mod c;
mod case;
mod document;
mod draft;
mod expect;
mod fields;
mod fill;
mod hunt;
mod place;
mod place_of;
mod python;
mod run;
mod rust;
mod schema;
mod words;

pub use batch::{Difference, Languages, check};
pub use case::Case;
pub use draft::{Draft, drafts};
pub use hunt::{Catch, Draw, hunt};
pub use place_of::Places;
pub use schema::Source;
