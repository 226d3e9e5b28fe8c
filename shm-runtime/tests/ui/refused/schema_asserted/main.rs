//! What only rustc can tell of a struct.

mod alias_differs;
mod constant_differs;
mod enum_differs;
mod imported_type_of_the_same_name;
mod number_in_reserved_room;
mod offset_differs;
mod other_type;
mod shadowed_name;
mod size_differs;

fn main() {}
