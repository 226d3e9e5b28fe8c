//! What is not what its tokens say.

mod enum_of_bools;
mod flags_of_usize;
mod length_of_another_name;
mod named_integer_of_more;
mod number_of_another_name;

fn main() {}
