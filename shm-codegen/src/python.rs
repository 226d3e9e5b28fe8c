//! The Python target.

use shm_schema::layout::Layout;

use crate::target::{Options, Output, Refusal};

/// The modules of a layout.
///
/// # Errors
///
/// When two names of the schema come to one name in Python.
pub fn generate(_layout: &Layout, _options: &Options) -> Result<Vec<Output>, Refusal> {
    Ok(Vec::new())
}
