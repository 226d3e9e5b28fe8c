//! Arrays as fields: of one to four dimensions, outermost first.

#![allow(unsafe_code)]

use core::marker::PhantomData;

use crate::layout::{Shape, SharedField};

/// Most dimensions an array may have; the schema language has the same limit.
pub(crate) const MOST_DIMS: usize = 4;

// SAFETY:
// 1. Each element is valid once `normalise` has run over it, and an array is
//    its elements: "an array of [T; N] has a size of size_of::<T>() * N and
//    the same alignment of T", element n at n * size_of::<T>():
//    https://doc.rust-lang.org/1.88.0/reference/type-layout.html#array-layout
// 2. So there are no bytes between elements, and only theirs can be padding,
//    which `scrub` visits.
// 3. The elements hold no pointers.
unsafe impl<T: SharedField, const N: usize> SharedField for [T; N] {
    const SHAPE: Shape = Shape {
        element: T::SHAPE.element,
        dims: Dims::<T, N>::ALL.split_at(1 + T::SHAPE.dims.len()).0,
        section: T::SHAPE.section,
    };
    const PADDED: bool = T::PADDED;
    const ANY_BYTES: bool = T::ANY_BYTES;

    #[inline]
    unsafe fn normalise(at: *mut u8) {
        if T::ANY_BYTES {
            return;
        }
        for i in 0..N {
            // SAFETY: the caller lends the array's bytes, and element `i` of
            // `N` starts inside them.
            let element = unsafe { at.add(i * size_of::<T>()) };
            // SAFETY: the element's bytes are a part of those lent.
            unsafe { T::normalise(element) };
        }
    }

    #[inline]
    unsafe fn scrub(at: *mut u8) {
        if !T::PADDED {
            return;
        }
        for i in 0..N {
            // SAFETY: the caller lends the array's bytes, and element `i` of
            // `N` starts inside them.
            let element = unsafe { at.add(i * size_of::<T>()) };
            // SAFETY: the element's bytes are a part of those lent.
            unsafe { T::scrub(element) };
        }
    }
}

/// Where the dims of an array type live.
struct Dims<T, const N: usize>(PhantomData<T>);

impl<T: SharedField, const N: usize> Dims<T, N> {
    /// `N`, then the element's own dims.
    const ALL: &'static [usize; MOST_DIMS] = &{
        let inner = T::SHAPE.dims;
        assert!(N > 0, "an array in shared memory has at least one element");
        assert!(
            inner.len() < MOST_DIMS,
            "an array in shared memory has at most four dimensions"
        );
        let mut all = [0; MOST_DIMS];
        all[0] = N;
        let mut i = 0;
        while i < inner.len() {
            all[1 + i] = inner[i];
            i += 1;
        }
        all
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dims_are_outermost_first() {
        let shape = <[[f32; 4]; 3]>::SHAPE;
        assert_eq!((shape.element, shape.dims), ("f32", &[3, 4][..]));
        assert_eq!(<[[[[u8; 1]; 2]; 3]; 4]>::SHAPE.dims, [4, 3, 2, 1]);
        assert_eq!(<[i64; 7]>::SHAPE.dims, [7]);
    }

    #[test]
    fn every_bool_of_an_array_is_normalised() {
        let mut bytes = [0u8, 1, 2, 255, 7, 0];
        // SAFETY: the array is six bytes, which `[[bool; 3]; 2]` is too.
        unsafe { <[[bool; 3]; 2]>::normalise(bytes.as_mut_ptr()) };
        assert_eq!(bytes, [0, 1, 1, 1, 1, 0]);
    }
}
