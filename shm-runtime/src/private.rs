//! What the code that macros make needs; not for people.

pub use bitflags;

pub use crate::field::Field;
pub use crate::fingerprint::Fingerprint;
pub use crate::layout::{FieldShape, SchemaId, Section, Shape, SharedField, SharedLayout};
pub use crate::text::{
    Text, equal, named, of_enum, of_flags, of_struct, part_count, parts, shape_is, spelled,
};

/// The number of a mask's only bit.
///
/// # Panics
///
/// In a constant, when the mask has none or several.
pub const fn bit_number(mask: u64) -> i128 {
    assert!(mask.is_power_of_two(), "a flag is a single bit");
    mask.trailing_zeros() as i128
}
