//! The alignment and packing of the schema.

mod align_missing;
mod align_too_many;
mod pack_missing;
mod pack_too_many;
mod packed_in_disguise;

fn main() {}
