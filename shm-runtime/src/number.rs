//! Numbers and booleans as fields.

#![allow(unsafe_code)]

use crate::layout::{Shape, SharedField};

macro_rules! numbers {
    ($($ty:ident)*) => {$(
        // SAFETY:
        // 1. Every bit pattern is a number, zero among them.
        // 2. Numbers have no padding.
        // 3. They are no pointers.
        unsafe impl SharedField for $ty {
            const SHAPE: Shape = Shape::of(stringify!($ty));
            const PADDED: bool = false;
            const ANY_BYTES: bool = true;

            #[inline(always)]
            unsafe fn normalise(_: *mut u8) {}

            #[inline(always)]
            unsafe fn scrub(_: *mut u8) {}
        }
    )*};
}

numbers!(u8 u16 u32 u64 i8 i16 i32 i64 f32 f64);

// SAFETY:
// 1. `normalise` leaves 0 or 1, and the Reference promises that these bytes
//    are `false` and `true`:
//    https://doc.rust-lang.org/1.88.0/reference/types/boolean.html
// 2. A bool is one byte, so it has no padding.
// 3. It is no pointer.
unsafe impl SharedField for bool {
    const SHAPE: Shape = Shape::of("bool");
    const PADDED: bool = false;
    const ANY_BYTES: bool = false;

    #[inline]
    unsafe fn normalise(at: *mut u8) {
        // SAFETY: the caller lends one initialised byte.
        let byte = unsafe { at.read() };
        // SAFETY: the caller lends one byte for writing.
        unsafe { at.write(u8::from(byte != 0)) };
    }

    #[inline(always)]
    unsafe fn scrub(_: *mut u8) {}
}
