//! What is no plain struct that is copied.

mod a_union;
mod an_enum;
mod generics;
mod lifetime;
mod no_fields;
mod not_copy;
mod tuple_struct;

fn main() {}
