//! The file that an attribute names.

mod invalid;
mod no_such_file;
mod no_such_struct;
mod struct_of_a_similar_name;

fn main() {}
