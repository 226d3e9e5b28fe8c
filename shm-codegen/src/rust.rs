//! The Rust target: the text that `include_schema!` expands to, as a file.

use shm_schema::Layout;

use crate::stamp;
use crate::target::{Options, Output, Refusal};

/// `<package>.rs`, to be a module of that name beside those of its imports:
/// it refers to them as `super::<package>`.
///
/// # Errors
///
/// None of its own; the shape is that of every target.
pub fn generate(layout: &Layout, _options: &Options) -> Result<Vec<Output>, Refusal> {
    Ok(vec![Output {
        path: format!("{}.rs", layout.package.as_str()),
        text: format!("// {}\n{}", stamp::line(layout), shm_rust::source(layout)),
    }])
}
