//! What the code that macros make needs; not for people.

#![allow(unsafe_code)]

pub use bitflags;

pub use crate::layout::{Section, Shape, SharedField};
pub use crate::text::{
    Text, named, of_enum, of_flags, of_struct, part_count, parts, shape_is, shape_starts, spelled,
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

/// Normalises a field of a struct that starts at `at`.
///
/// # Safety
///
/// The struct's bytes are lent as [`SharedField::normalise`] wants them, and
/// a field of type `F` lies at `offset`.
#[inline(always)]
pub unsafe fn normalise_field<F: SharedField>(at: *mut u8, offset: usize) {
    if F::ANY_BYTES {
        return;
    }
    // SAFETY: the field lies inside the struct, whose bytes are lent.
    let field = unsafe { at.add(offset) };
    // SAFETY: the field's bytes are a part of those lent.
    unsafe { F::normalise(field) };
}

/// Writes zeros over the padding in a field and from there up to `next`.
///
/// # Safety
///
/// The struct's bytes are lent as [`SharedField::scrub`] wants them, a field
/// of type `F` lies at `offset`, and no other before `next`, which is inside
/// the struct or its end.
#[inline(always)]
pub unsafe fn scrub_field<F: SharedField>(at: *mut u8, offset: usize, next: usize) {
    if F::PADDED {
        // SAFETY: the field lies inside the struct, whose bytes are lent.
        let field = unsafe { at.add(offset) };
        // SAFETY: the field's bytes are a part of those lent.
        unsafe { F::scrub(field) };
    }
    let end = offset + size_of::<F>();
    if end < next {
        // SAFETY: the field ends inside the struct or at its end.
        let padding = unsafe { at.add(end) };
        // SAFETY: the bytes up to `next` are a part of those lent.
        unsafe { padding.write_bytes(0, next - end) };
    }
}
