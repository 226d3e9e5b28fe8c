//! UTF-16 text.

#![allow(unsafe_code)]

use core::fmt;
use std::string::FromUtf16Error;

use super::text::fixed_text;
use super::{TextError, sized};
use crate::layout::{Shape, SharedField};
use crate::text::Text;

/// Text in room for `N` code units of UTF-16, for programs that use it.
///
/// It ends at the first NUL, or where the room ends. Comparisons ignore what
/// lies behind, and go by code units, which is not the order of code points
/// above U+FFFF. What another process wrote need not be well-formed, so
/// [`FixedUtf16::decode`] can fail; [`FixedUtf16::to_string_lossy`] cannot.
///
/// # Layout
///
/// `2 * N` bytes, aligned to 2, little-endian. Text written by this type has
/// zeros behind it.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct FixedUtf16<const N: usize>([u16; N]);

impl<const N: usize> FixedUtf16<N> {
    const TEXT: Text<32> = sized("utf16", N);

    /// The value that holds all of `text`.
    ///
    /// # Errors
    ///
    /// [`TextError::TooLong`] over `N` code units, [`TextError::Nul`] when a
    /// NUL in the text would end it early.
    pub fn new(text: &str) -> Result<Self, TextError> {
        if let Some(at) = text.find('\0') {
            return Err(TextError::Nul { at });
        }
        let found = text.encode_utf16().count();
        if found > N {
            return Err(TextError::TooLong {
                found,
                room: N,
                unit: "code units",
            });
        }
        Ok(Self::truncated(text))
    }

    /// As much of `text` as fits, up to its first NUL. Splits no character.
    pub fn truncated(text: &str) -> Self {
        let mut room = [0; N];
        let mut rest = &mut room[..];
        for c in text.chars().take_while(|&c| c != '\0') {
            let Some((place, after)) = rest.split_at_mut_checked(c.len_utf16()) else {
                break;
            };
            c.encode_utf16(place);
            rest = after;
        }
        Self(room)
    }

    /// The whole room, with whatever lies behind the text.
    pub const fn from_raw(room: [u16; N]) -> Self {
        Self(room)
    }

    /// The room as it lies in memory.
    pub const fn as_raw(&self) -> &[u16; N] {
        &self.0
    }

    /// The text's code units, up to the first NUL.
    pub const fn units(&self) -> &[u16] {
        let mut end = 0;
        while end < N && self.0[end] != 0 {
            end += 1;
        }
        self.0.split_at(end).0
    }

    /// The text.
    ///
    /// # Errors
    ///
    /// When another process wrote half of a surrogate pair.
    pub fn decode(&self) -> Result<String, FromUtf16Error> {
        String::from_utf16(self.units())
    }

    /// The text, with U+FFFD for halves of surrogate pairs.
    pub fn to_string_lossy(&self) -> String {
        String::from_utf16_lossy(self.units())
    }

    /// Whether the text is empty.
    pub const fn is_empty(&self) -> bool {
        self.units().is_empty()
    }
}

fixed_text!(FixedUtf16, units);

impl<const N: usize> fmt::Debug for FixedUtf16<N> {
    /// As a string literal, with `\u{NNNN}` for halves of surrogate pairs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in char::decode_utf16(self.units().iter().copied()) {
            match c {
                Ok(c) => write!(f, "{}", c.escape_debug())?,
                Err(half) => write!(f, "\\u{{{:x}}}", half.unpaired_surrogate())?,
            }
        }
        f.write_str("\"")
    }
}

impl<const N: usize> PartialEq<str> for FixedUtf16<N> {
    fn eq(&self, other: &str) -> bool {
        self.units().iter().copied().eq(other.encode_utf16())
    }
}

// SAFETY: it is numbers: no padding, no invalid value (a lone surrogate is an
// error of `decode`), no pointer.
unsafe impl<const N: usize> SharedField for FixedUtf16<N> {
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
    use super::*;

    #[test]
    fn a_crab_takes_two_units() {
        assert_eq!(FixedUtf16::<2>::new("🦀").unwrap(), "🦀");
        let error = FixedUtf16::<2>::new("a🦀").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("3 code units do not fit in 2")
        );
    }

    #[test]
    fn truncation_splits_no_pair() {
        assert_eq!(FixedUtf16::<2>::truncated("a🦀"), "a");
        assert_eq!(FixedUtf16::<3>::truncated("a🦀b"), "a🦀");
        assert_eq!(FixedUtf16::<3>::truncated("a\0b"), "a");
    }

    #[test]
    fn half_a_pair_is_an_error_and_prints() {
        let text = FixedUtf16::from_raw([0x61, 0xd83e, 0, 0x62]);
        assert!(text.decode().is_err());
        assert_eq!(text.to_string(), "a\u{fffd}");
        assert_eq!(format!("{text:?}"), r#""a\u{d83e}""#);
    }

    #[test]
    fn units_behind_the_nul_do_not_count() {
        assert_eq!(
            FixedUtf16::from_raw([0x61, 0, 0x62]),
            FixedUtf16::<3>::new("a").unwrap()
        );
    }
}
