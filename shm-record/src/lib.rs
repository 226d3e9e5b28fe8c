//! A Rust struct that derives `SharedLayout`, as its tokens tell.
//!
//! The derive reads what is being compiled, `shm-codegen import` reads a file;
//! both must see one struct and refuse it in one wording. `ast` reads the
//! struct with what `attr` finds on it, `lower` reads each field's type, and
//! `valid` refuses what cannot be shared.

pub mod ast;
pub mod attr;
pub mod errors;
pub mod lower;
pub mod suggest;
pub mod valid;
