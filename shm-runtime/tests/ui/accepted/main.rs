//! What is taken.

mod aliases_and_constants;
mod another_name;
mod imports;
mod padding_of_rustc;
mod repr_in_disguise;

fn main() {}
