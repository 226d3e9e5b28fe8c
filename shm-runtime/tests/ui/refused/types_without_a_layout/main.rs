//! Types that other programs do not have.

mod alias_of_usize;
mod type_atomic;
mod type_char;
mod type_isize;
mod type_non_zero;
mod type_of_ones_own;
mod type_option;
mod type_std_duration;
mod type_tuple;
mod type_u128;
mod type_usize;

fn main() {}
