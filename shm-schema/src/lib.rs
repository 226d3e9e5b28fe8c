//! The schema language: YAML text in, a [`Layout`] or [`Errors`] out.
//!
//! ```text
//! bytes -> source -> gate -> keys -> parse -> check -> Layout
//!          UTF-8     plain   known   typed    sound
//!                    YAML    keys
//! ```
//!
//! No I/O, no unsafe code, no printing: whoever calls reads the files and
//! shows the errors.

mod check;
mod code;
mod diagnostic;
mod explain;
mod fingerprint;
mod fraction;
mod gate;
mod keys;
mod law;
pub mod layout;
mod lookup;
mod marks;
mod model;
mod name;
mod parse;
mod position;
mod render;
mod scalar;
mod shape;
mod source;
mod suggest;
mod syntax;
mod text;
mod tree;
mod words;

pub use code::Code;
pub use diagnostic::{Diagnostic, Errors};
pub use explain::UnknownCode;
pub use fingerprint::Fingerprint;
pub use layout::Layout;
pub use name::Name;
pub use position::Position;
pub use render::Style;

/// Reads a schema.
///
/// `file` is what messages call it; the result depends on the text alone.
///
/// # Errors
///
/// Everything that is wrong with the schema, sorted by position. What is not
/// plain YAML, and so has no keys to look at, is told alone.
///
/// # Limits
///
/// 1 MiB of text, 32 lists and maps inside each other, 2^31-1 bytes a type,
/// 2^40 bytes a segment.
///
/// # Examples
///
/// ```
/// let text = b"{ shm: 1, package: geo, structs: [
///     { name: Point, fields: [{ name: x, type: i32 }, { name: y, type: i32 }] }] }";
/// let layout = shm_schema::compile("geo.yaml", text).unwrap();
/// let point = layout.struct_named("Point").unwrap();
/// assert_eq!((point.size, point.align), (8, 4));
/// ```
pub fn compile(file: &str, text: &[u8]) -> Result<Layout, Errors> {
    let text = source::decode(text).map_err(|(text, list)| Errors::new(file, &text, list))?;
    let mut tree = gate::read(text).map_err(|list| Errors::new(file, text, list))?;
    let findings = keys::check(&mut tree);
    let schema = parse::schema(&tree).map_err(|list| Errors::new(file, text, list))?;
    check::check(file, &tree, &schema, findings).map_err(|list| Errors::new(file, text, list))
}
