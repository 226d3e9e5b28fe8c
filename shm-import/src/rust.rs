//! Structs of a Rust file that derive `SharedLayout`, and what stands with
//! them: constants, `open_enum!`, `shared_flags!`, segments.

mod doc;
mod fact;
mod item;
mod number;
mod read;
mod record;
mod segment;
mod ty;
mod values;

use syn::spanned::Spanned;

use crate::draft::{Draft, Place};
use crate::finding::{Finding, Findings};
use crate::{Imported, MAX_BYTES};
use item::Items;

/// A schema of what a Rust file shares.
///
/// `file` is what messages call it. The package is the one that a constant of
/// type `SchemaId` names, or else `package`, or else the file's name.
///
/// # Errors
///
/// All that is no Rust, or cannot be shared, where it stands.
///
/// # Limits
///
/// What a macro or another file defines is not seen. A name with a path that
/// leads out of the file is a type of an import of that module's name.
pub fn from_rust(file: &str, text: &str, package: Option<&str>) -> Result<Imported, Findings> {
    let failed = |list| Findings::new(file, text, list);
    if text.len() > MAX_BYTES {
        let message = format!("the file has over {MAX_BYTES} bytes");
        let finding = Finding::new(0..0, message).help("put what is shared into a file of its own");
        return Err(failed(vec![finding]));
    }
    let draft = read::deep(|| draft(file, &read::parse(text)?, package));
    let unread = |error| vec![Finding::new(0..0, format!("cannot be read: {error}"))];
    let draft = draft.unwrap_or_else(|error| Err(unread(error)));
    Ok(Imported::new(file, text, &draft.map_err(failed)?))
}

fn draft(file: &str, parsed: &syn::File, package: Option<&str>) -> Result<Draft, Vec<Finding>> {
    let items = Items::of(parsed);
    let mut errors = Vec::new();
    let mut draft = Draft::default();
    item::name_schema(&items, file, package, &mut draft, &mut errors);
    values::gather(&items, &mut draft, &mut errors);
    record::gather(&items, &mut draft, &mut errors);
    segment::gather(&items, &mut draft, &mut errors);
    // Last: only now is known which of the private ones are used.
    number::gather(&items, &mut draft);
    if errors.is_empty() && draft.structs.is_empty() {
        errors.push(
            Finding::new(0..0, "no struct of this file derives `SharedLayout`")
                .help("add `#[derive(shm_runtime::SharedLayout)]` and `#[repr(C)]` to one"),
        );
    }
    match errors.is_empty() {
        true => Ok(draft),
        false => Err(errors),
    }
}

/// Where tokens stand.
fn place(tokens: &impl Spanned) -> Place {
    tokens.span().byte_range()
}

/// Each of several errors that stand in one; a line that starts with `help: `
/// is advice.
fn findings(error: syn::Error) -> Vec<Finding> {
    let one = |error: syn::Error| {
        let message = error.to_string();
        let mut parts = message.split("\nhelp: ");
        let at = error.span().byte_range();
        let finding = Finding::new(at, parts.next().unwrap_or_default());
        parts.fold(finding, Finding::help)
    };
    error.into_iter().map(one).collect()
}
