//! What the code that macros make needs; not for people.

#![allow(unsafe_code)]

pub use bitflags;

pub use crate::layout::{Section, Shape, SharedField};
pub use crate::rule::{Plain, Rule, check_inside};
pub use crate::text::{
    Text, named, of_enum, of_flags, of_struct, part_count, parts, shape_is, shape_starts, spelled,
};

/// Normalises a field, or scrubs it and what is between it and `next`.
///
/// # Safety
///
/// The struct that starts at `at` is lent as [`SharedField::normalise`] or, to
/// scrub, [`SharedField::scrub`] wants it. A field of type `F` lies at
/// `offset`, and no other before `next`, which is inside the struct or its
/// end.
#[inline(always)]
pub unsafe fn visit_field<F: SharedField, const SCRUB: bool>(
    at: *mut u8,
    offset: usize,
    next: usize,
) {
    // SAFETY: the field lies inside the struct, whose bytes are lent.
    let field = unsafe { at.add(offset) };
    if !SCRUB {
        if !F::ANY_BYTES {
            // SAFETY: the field's bytes are a part of those lent.
            unsafe { F::normalise(field) };
        }
        return;
    }
    if F::PADDED {
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
