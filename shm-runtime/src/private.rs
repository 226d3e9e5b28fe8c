//! What the code that macros make needs; not for people.

pub use bitflags;

pub use crate::flags::write_bits;
pub use crate::layout::{Section, Shape, SharedField, stored_bits};
pub use crate::rule::{Plain, Rule, check_inside};
pub use crate::text::{
    Text, are_equal, are_in_order, is_integer, is_predicted, named, of_enum, of_flags, of_struct,
    part_count, parts, shape_is, shape_starts, spelled, wrong_number,
};
