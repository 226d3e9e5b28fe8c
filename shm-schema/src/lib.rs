//! The schema language: YAML text in, a [`Layout`] or [`Errors`] out.
//!
//! ```text
//! bytes -> source -> gate -> keys -> parse -> imports -> check -> Layout
//!          UTF-8     plain   known   typed    each the    sound
//!                    YAML    keys             same way
//! ```
//!
//! No unsafe code, no printing, and no I/O but in [`Folder`]: whoever calls
//! reads the schema and shows the errors.

mod check;
mod code;
mod diagnostic;
pub mod evolution;
mod explain;
mod fingerprint;
mod folder;
pub mod format;
mod fraction;
mod gate;
mod import;
#[cfg(feature = "json-schema")]
mod json;
mod keys;
pub mod law;
pub mod layout;
pub mod lint;
mod loader;
mod lookalike;
mod lookup;
mod marks;
mod model;
mod name;
mod origin;
mod parse;
mod position;
mod render;
mod report;
mod scalar;
mod shape;
mod source;
mod sources;
mod suggest;
mod syntax;
pub mod text;
mod tree;
mod words;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Errors};
pub use explain::UnknownCode;
pub use fingerprint::Fingerprint;
pub use folder::Folder;
#[cfg(feature = "json-schema")]
pub use json::json_schema;
pub use layout::Layout;
pub use name::Name;
pub use origin::{Origin, compile_origin};
pub use position::Position;
pub use render::Style;
pub use report::Report;
pub use sources::{SourceError, Sources};

/// Reads a schema that imports nothing.
///
/// `file` is what messages call it; the result depends on the text alone.
///
/// # Errors
///
/// As of [`compile_from`]; a file that it imports is missing.
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
    compile_from(file, text, &sources::NoSources)
}

/// Reads a schema and all that it imports.
///
/// `path` is where `text` stands among the sources, such as `robots.yaml`;
/// imports count from there. [`Folder`] reads them from files.
///
/// # Errors
///
/// Everything that is wrong with the schema or an import, file by file and
/// sorted by position. What is not plain YAML, and so has no keys to look at,
/// is told alone.
///
/// # Limits
///
/// 1 MiB of text and 250,000 values a file, 32 lists and maps inside each
/// other, 2^31-1 bytes a type, 2^40 bytes a segment; 256 files, 32 of them
/// importing each other in a row, 2 MiB of text in all, an imported file
/// counted again for every file that imports it.
pub fn compile_from(path: &str, text: &[u8], sources: &dyn Sources) -> Result<Layout, Errors> {
    loader::Loader::new(sources).load(path, text)
}
