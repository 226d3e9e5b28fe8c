//! The C target: one header for C11 and C++17.
//!
//! It holds the layout and nothing of the protocol: reading a record whole
//! while another process writes it takes more than knowing where its bytes are.

mod comment;
pub(crate) mod header;
mod names;
mod number;
pub(crate) mod record;
mod values;

use askama::Template;
use shm_schema::Layout;

use crate::target::{Options, Output, Refusal};
use header::Header;

/// `<package>.h`.
///
/// # Errors
///
/// When two names of the schema come to one name in C, or the header would
/// stand in for one of the standard library.
pub fn generate(layout: &Layout, _options: &Options) -> Result<Vec<Output>, Refusal> {
    Ok(vec![Output {
        path: header::file_name(&layout.package),
        // A template's last line break is not part of it.
        text: Header::new(layout)?.render()? + "\n",
    }])
}
