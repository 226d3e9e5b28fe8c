//! The docs target: what a schema says, as a page to read.
//!
//! Two files: Markdown for a repository, and HTML that stands alone, with
//! nothing to load, for everyone else. Whatever the schema's texts hold, it
//! stays text: neither page takes markup from them.

mod html;
mod markdown;
mod page;
mod rich;

use shm_schema::Layout;

use crate::target::{Options, Output, Refusal};

/// `<package>.md` and `<package>.html`; a type of an import is a link to the
/// page of its own schema beside this one.
///
/// # Errors
///
/// None of its own; the shape is that of every target.
pub fn generate(layout: &Layout, _options: &Options) -> Result<Vec<Output>, Refusal> {
    let page = page::Page::new(layout);
    Ok(vec![
        Output {
            path: format!("{}.md", page.package),
            text: markdown::text(layout, &page)?,
        },
        Output {
            path: format!("{}.html", page.package),
            text: html::text(layout, &page)?,
        },
    ])
}
