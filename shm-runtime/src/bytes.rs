//! The bytes of a record, as they lie in a segment.
#![allow(unsafe_code)]

use crate::layout::SharedField;

/// The bytes of `value` as a segment holds them: for a checksum, a file, a
/// comparison to the last bit.
///
/// Compiles only for a type without padding of rustc's own, because such
/// padding has no bytes that may be read. Generated records have none: their
/// padding is a field.
///
/// ```compile_fail
/// #[derive(shm_runtime::SharedLayout, Clone, Copy)]
/// #[repr(C)]
/// struct Padded { tag: u8, value: u32 }
///
/// shm_runtime::bytes_of(&Padded { tag: 1, value: 2 });
/// ```
pub fn bytes_of<T: SharedField>(value: &T) -> &[u8] {
    const {
        assert!(
            !T::PADDED,
            "a type with padding has bytes that hold nothing"
        )
    }
    let start: *const u8 = core::ptr::from_ref(value).cast();
    // SAFETY: (1) `start` is valid for reads of `size_of::<T>()` bytes, as it
    // comes from a reference; (2) each of them is initialised: `SharedField`
    // promises that a type that is not `PADDED` has no padding, and no field
    // of it may be a union; (3) the borrow keeps the value from changing, and
    // a shared type has no interior mutability.
    unsafe { core::slice::from_raw_parts(start, size_of::<T>()) }
}

#[cfg(test)]
mod tests {
    use super::bytes_of;

    #[test]
    fn they_are_little_endian_and_in_order() {
        assert_eq!(bytes_of(&[1_u16, 0x0203]), [1, 0, 3, 2]);
    }
}
