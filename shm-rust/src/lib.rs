//! The Rust of a schema, as text.
//!
//! `include_schema!` parses it and `shm-codegen gen --rust` writes it to a
//! file, so there is one spelling of it. The text is formatted as rustfmt
//! would, works as a module's file and inside `include!` (it has no inner
//! attributes), and names everything of the runtime by its full path, so that
//! a schema may use any name.

mod doc;
mod item;
mod record;
mod segment;
mod ty;

use shm_schema::Layout;

pub use doc::markdown;
pub use ty::{plain_name, type_name};

/// Constants, enums, flags, structs and segments with their docs.
///
/// The text starts with a comment; a line that says who made it and from what
/// is the caller's to put before it.
pub fn source(layout: &Layout) -> String {
    let mut items = vec![item::schema(layout)];
    items.extend(layout.constants.iter().map(item::constant));
    items.extend(layout.enums.iter().map(item::open_enum));
    items.extend(layout.flags.iter().map(item::flags));
    items.extend(layout.structs.iter().map(|s| record::record(layout, s)));
    items.extend(layout.segments.iter().map(|s| segment::segment(layout, s)));
    format!(
        "// Change the schema and generate this file again instead of editing it.\n\n{}",
        items.join("\n")
    )
}
