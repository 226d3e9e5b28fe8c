//! Plain structs of a C header: fixed-width numbers, arrays, each other.

mod doc;
mod field;
mod file;
mod record;
mod ty;

use tree_sitter::{Node, Parser};

use crate::draft::{Draft, Place};
use crate::finding::{Finding, Findings};
use crate::{Imported, MAX_BYTES, package_of};
use file::Header;

/// A schema of the structs that a C header defines.
///
/// `file` is what messages call it. The package is `package`, or else the
/// file's name.
///
/// # Errors
///
/// All that has no fixed layout or is no C, where it stands.
///
/// # Limits
///
/// One file, before the preprocessor: what another file or a macro defines is
/// not seen, and a condition in a struct is refused. Numbers have the width
/// they have on 64-bit Linux.
pub fn from_c(file: &str, text: &str, package: Option<&str>) -> Result<Imported, Findings> {
    let failed = |list| Findings::new(file, text, list);
    if text.len() > MAX_BYTES {
        let finding = Finding::new(0..0, format!("the file has over {MAX_BYTES} bytes"));
        return Err(failed(vec![finding]));
    }
    let draft = draft(file, text, package).map_err(failed)?;
    Ok(Imported::new(file, text, &draft))
}

fn draft(file: &str, text: &str, package: Option<&str>) -> Result<Draft, Vec<Finding>> {
    let mut parser = Parser::new();
    let unread = |why: String| vec![Finding::new(0..0, format!("cannot be read: {why}"))];
    parser
        .set_language(&tree_sitter_c::LANGUAGE.into())
        .map_err(|error| unread(error.to_string()))?;
    let tree = parser
        .parse(text, None)
        .ok_or_else(|| unread("the parser gave up".to_owned()))?;
    let mut header = Header::new(text);
    header.draft.version = 1;
    match package.map(str::to_owned).or_else(|| package_of(file)) {
        Some(package) => header.draft.package = package,
        None => header.errors.push(
            Finding::new(0..0, "nothing says what the package is called")
                .help("name it: `shm-codegen import FILE --package NAME`"),
        ),
    }
    header.read(tree.root_node());
    if header.errors.is_empty() && header.draft.structs.is_empty() {
        header
            .errors
            .push(Finding::new(0..0, "this file defines no struct"));
    }
    match header.errors.is_empty() {
        true => Ok(header.draft),
        false => Err(header.errors),
    }
}

fn place(node: Node<'_>) -> Place {
    node.byte_range()
}
