//! Raw bytes.

#![allow(unsafe_code)]

use core::fmt;

use super::{TextError, sized};
use crate::layout::{Shape, SharedField};
use crate::text::Text;

/// `N` raw bytes. All of them are the value, including zeros at the end.
///
/// # Layout
///
/// `N` bytes, aligned to 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct FixedBytes<const N: usize>(pub [u8; N]);

impl<const N: usize> FixedBytes<N> {
    const TEXT: Text<32> = sized("bytes", N);

    /// The value `bytes`, filled up with zeros.
    ///
    /// # Errors
    ///
    /// [`TextError::TooLong`] when there are more than `N`.
    pub const fn new(bytes: &[u8]) -> Result<Self, TextError> {
        if bytes.len() > N {
            return Err(TextError::TooLong {
                found: bytes.len(),
                room: N,
                unit: "bytes",
            });
        }
        let mut room = [0; N];
        let mut i = 0;
        while i < bytes.len() {
            room[i] = bytes[i];
            i += 1;
        }
        Ok(Self(room))
    }

    /// All `N` bytes.
    pub const fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Default for FixedBytes<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> fmt::Debug for FixedBytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

impl<const N: usize> AsRef<[u8]> for FixedBytes<N> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<const N: usize> From<[u8; N]> for FixedBytes<N> {
    fn from(bytes: [u8; N]) -> Self {
        Self(bytes)
    }
}

impl<const N: usize> From<FixedBytes<N>> for [u8; N] {
    fn from(bytes: FixedBytes<N>) -> Self {
        bytes.0
    }
}

impl<const N: usize> TryFrom<&[u8]> for FixedBytes<N> {
    type Error = TextError;

    fn try_from(bytes: &[u8]) -> Result<Self, TextError> {
        Self::new(bytes)
    }
}

impl<const N: usize> PartialEq<[u8]> for FixedBytes<N> {
    fn eq(&self, other: &[u8]) -> bool {
        self.0 == *other
    }
}

impl<const N: usize> PartialEq<&[u8]> for FixedBytes<N> {
    fn eq(&self, other: &&[u8]) -> bool {
        self.0 == **other
    }
}

// SAFETY: it is bytes: no padding, no invalid value, no pointer.
unsafe impl<const N: usize> SharedField for FixedBytes<N> {
    const SHAPE: Shape = Shape::of(Self::TEXT.as_str());
    const PADDED: bool = false;
    const ANY_BYTES: bool = true;

    #[inline(always)]
    unsafe fn normalise(_: *mut u8) {}

    #[inline(always)]
    unsafe fn scrub(_: *mut u8) {}
}

#[cfg(test)]
mod tests {
    use super::FixedBytes;
    use crate::SharedField;

    #[test]
    fn short_bytes_are_filled_with_zeros() {
        let bytes = FixedBytes::<4>::new(b"ab").unwrap();
        assert_eq!(bytes.as_bytes(), b"ab\0\0");
        assert_eq!(format!("{bytes:?}"), r#"b"ab\x00\x00""#);
        assert_eq!(bytes, b"ab\0\0"[..]);
    }

    #[test]
    fn long_bytes_are_refused() {
        let error = FixedBytes::<4>::new(b"abcde").unwrap_err();
        assert!(error.to_string().starts_with("5 bytes do not fit in 4"));
    }

    #[test]
    fn the_shape_names_the_length() {
        assert_eq!(FixedBytes::<12>::SHAPE.element, "bytes:12");
    }
}
