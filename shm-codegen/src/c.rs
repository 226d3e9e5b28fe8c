//! The C target: one header for C11 and C++17.

use shm_schema::layout::Layout;

use crate::target::{Options, Output, Refusal};

/// `<package>.h`.
///
/// # Errors
///
/// When two names of the schema come to one name in C.
pub fn generate(_layout: &Layout, _options: &Options) -> Result<Vec<Output>, Refusal> {
    Ok(Vec::new())
}
