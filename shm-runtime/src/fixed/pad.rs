//! Bytes without a meaning.

#![allow(unsafe_code)]

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};

use crate::layout::{Shape, SharedField};

/// `N` bytes that a schema reserves, or padding that is spelled out.
///
/// A record whose padding is all spelled out has no uninitialised byte, so its
/// bytes are written unchanged. Pads always compare equal and print as `..`.
/// Their bytes are kept when a record is read, changed and written, so a
/// program with an older schema does not wipe what a newer one put there.
///
/// # Layout
///
/// `N` bytes, aligned to 1.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Pad<const N: usize>([u8; N]);

impl<const N: usize> Pad<N> {
    /// Zeros.
    pub const ZERO: Self = Self([0; N]);
}

impl<const N: usize> Default for Pad<N> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const N: usize> fmt::Debug for Pad<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl<const N: usize> PartialEq for Pad<N> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<const N: usize> Eq for Pad<N> {}

impl<const N: usize> PartialOrd for Pad<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<const N: usize> Ord for Pad<N> {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl<const N: usize> Hash for Pad<N> {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

// SAFETY: it is bytes: no padding of rustc's, no invalid value, no pointer.
unsafe impl<const N: usize> SharedField for Pad<N> {
    const SHAPE: Shape = Shape::of("");
    const PADDED: bool = false;
    const ANY_BYTES: bool = true;

    #[inline(always)]
    unsafe fn normalise(_: *mut u8) {}

    #[inline(always)]
    unsafe fn scrub(_: *mut u8) {}
}
