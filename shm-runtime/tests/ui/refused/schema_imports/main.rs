//! Schemas that import others.

mod import_invalid;
mod import_outside_the_root;
mod imported_type_differs;
mod no_such_import;
mod no_such_root;
mod schema_outside_the_root;
mod struct_of_an_import;

fn main() {}
