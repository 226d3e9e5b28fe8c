//! What `include_schema!` cannot include.

mod concatenated;
mod constant;
mod invalid;
mod key_twice;
mod no_schema;
mod no_such_file;
mod root_no_literal;
mod two_calls_side_by_side;
mod two_schemas_of_one_package;
mod unknown_key;
mod without_what_is_not_there;

fn main() {}
