//! What stands in `#[shared]` and `#[repr]`.

mod key_twice;
mod like_no_key;
mod no_fingerprint;
mod no_name;
mod no_repr_c;
mod offset_twice;
mod repr_transparent;
mod root_without_schema;
mod unknown_field_key;
mod unknown_key;

fn main() {}
