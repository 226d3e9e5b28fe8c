//! A struct held against its schema.

mod dims_differ;
mod field_extra;
mod field_missing;
mod field_renamed;
mod fields_reordered;
mod length_differs;
mod reserved_room;
mod type_differs;

fn main() {}
