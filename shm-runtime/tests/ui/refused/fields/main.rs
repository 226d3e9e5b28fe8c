//! Fields that no record has.

mod cfg_field;
mod empty_array;
mod empty_text;
mod errors_hide_no_uses;
mod every_field_that_is_wrong;
mod five_dims;
mod not_ascii;
mod same_token;

fn main() {}
