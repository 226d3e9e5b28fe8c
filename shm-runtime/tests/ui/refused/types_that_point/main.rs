//! Types whose bytes mean nothing elsewhere.

mod type_boxed;
mod type_fn_pointer;
mod type_hash_map;
mod type_pointer;
mod type_reference;
mod type_string;
mod type_vec;

fn main() {}
