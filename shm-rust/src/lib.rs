//! The Rust of a schema, as text.
//!
//! `include_schema!` parses it and `shm-codegen gen --rust` writes it to a
//! file, so there is one spelling of it. The text is formatted as rustfmt
//! would, works as a module's file and inside `include!` (it has no inner
//! attributes), and names everything of the runtime by its full path, so that
//! a schema may use any name.

mod access;
mod doc;
mod item;
mod line;
mod record;
mod segment;
mod ty;

use shm_schema::Layout;

pub use doc::markdown;
pub use ty::{plain_name, type_name};

/// Constants, enums, flags, structs and segments with their docs: those of the
/// schema itself. A type of an import is named by its package, which is to be
/// a module beside this one: `super::common::Vec3`.
///
/// The text starts with a comment; a line that says who made it and from what
/// is the caller's to put before it.
pub fn source(layout: &Layout) -> String {
    source_for(layout, Reader::Person)
}

/// The same with what only the derive reads: each struct's canonical text, of
/// which it could not know by itself what the fingerprints of other types are.
pub fn source_for_derive(layout: &Layout) -> String {
    source_for(layout, Reader::Derive)
}

/// Who reads the source.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    Person,
    Derive,
}

fn source_for(layout: &Layout, reader: Reader) -> String {
    let mut items = vec![item::schema(layout)];
    items.extend(layout.constants.iter().map(item::constant));
    items.extend(layout.own_enums().map(item::open_enum));
    items.extend(layout.own_flags().map(item::flags));
    for record in layout.own_structs() {
        items.push(record::record(layout, record, reader));
        items.extend(access::accessors(layout, record));
    }
    items.extend(layout.segments.iter().map(|s| segment::segment(layout, s)));
    format!(
        "// Change the schema and generate this file again instead of editing it.\n\n{}",
        items.join("\n")
    )
}
