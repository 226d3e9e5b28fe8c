//! What is stated and not so.

mod shadowed_name;
mod stale_fingerprint;
mod two_bits_in_a_flag;
mod wrong_align;
mod wrong_offset;
mod wrong_size;

fn main() {}
