//! UTF-8 text.

#![allow(unsafe_code)]

use core::fmt;
use core::str::Utf8Error;
use std::borrow::Cow;

use super::text::fixed_text;
use super::{TextError, sized};
use crate::layout::{Shape, SharedField};
use crate::text::Text;

/// Text in room for `N` bytes.
///
/// The text ends at the first NUL, or where the room ends. What another process
/// wrote need not be UTF-8, so [`FixedStr::as_str`] can fail;
/// [`FixedStr::to_string_lossy`] cannot. Two texts are equal when their bytes
/// up to the end are equal; what lies behind the NUL does not count.
///
/// # Layout
///
/// `N` bytes, aligned to 1. Text written by this type has zeros behind it.
///
/// # Examples
///
/// ```
/// use shm_runtime::FixedStr;
///
/// let symbol = FixedStr::<8>::new("EURUSD")?;
/// assert_eq!(symbol, "EURUSD");
/// assert!(FixedStr::<4>::new("EURUSD").is_err());
/// assert_eq!(FixedStr::<4>::truncated("EURUSD"), "EURU");
/// # Ok::<(), shm_runtime::TextError>(())
/// ```
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct FixedStr<const N: usize>([u8; N]);

impl<const N: usize> FixedStr<N> {
    const TEXT: Text<32> = sized("str", N);

    /// The value that holds all of `text`.
    ///
    /// # Errors
    ///
    /// [`TextError::TooLong`] over `N` bytes, [`TextError::Nul`] when a NUL
    /// in the text would end it early.
    pub const fn new(text: &str) -> Result<Self, TextError> {
        let bytes = text.as_bytes();
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
            if bytes[i] == 0 {
                return Err(TextError::Nul { at: i });
            }
            room[i] = bytes[i];
            i += 1;
        }
        Ok(Self(room))
    }

    /// As much of `text` as fits, up to its first NUL. Splits no character.
    pub const fn truncated(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut end = if bytes.len() < N { bytes.len() } else { N };
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut room = [0; N];
        let mut i = 0;
        while i < end && bytes[i] != 0 {
            room[i] = bytes[i];
            i += 1;
        }
        Self(room)
    }

    /// The whole room, with whatever lies behind the text.
    pub const fn from_raw(room: [u8; N]) -> Self {
        Self(room)
    }

    /// The room as it lies in memory.
    pub const fn as_raw(&self) -> &[u8; N] {
        &self.0
    }

    /// The text's bytes, up to the first NUL.
    pub const fn as_bytes(&self) -> &[u8] {
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
    /// When another process wrote bytes that are not UTF-8.
    pub const fn as_str(&self) -> Result<&str, Utf8Error> {
        core::str::from_utf8(self.as_bytes())
    }

    /// The text, with U+FFFD for bytes that are not UTF-8.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.as_bytes())
    }

    /// Whether the text is empty.
    pub const fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

fixed_text!(FixedStr, as_bytes);

impl<const N: usize> fmt::Debug for FixedStr<N> {
    /// As a string literal, with `\xNN` for bytes that are not UTF-8.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for chunk in self.as_bytes().utf8_chunks() {
            write!(f, "{}", chunk.valid().escape_debug())?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        f.write_str("\"")
    }
}

impl<const N: usize> PartialEq<str> for FixedStr<N> {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

// SAFETY: it is bytes: no padding, no invalid value (bytes that are not UTF-8
// are an error of `as_str`), no pointer.
unsafe impl<const N: usize> SharedField for FixedStr<N> {
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
    fn text_that_fills_the_room_has_no_nul() {
        let text = FixedStr::<4>::new("abcd").unwrap();
        assert_eq!(text.as_str(), Ok("abcd"));
        assert_eq!(text.as_raw(), b"abcd");
    }

    #[test]
    fn text_that_is_too_long_says_by_how_much() {
        let error = FixedStr::<4>::new("abcde").unwrap_err();
        assert_eq!(
            error.to_string(),
            "5 bytes do not fit in 4; hint: shorten it, or use `truncated`"
        );
    }

    #[test]
    fn a_nul_in_the_text_is_refused() {
        assert_eq!(FixedStr::<4>::new("a\0b"), Err(TextError::Nul { at: 1 }));
    }

    #[test]
    fn truncation_splits_no_character() {
        assert_eq!(FixedStr::<4>::truncated("abcé"), "abc");
        assert_eq!(FixedStr::<5>::truncated("abcé"), "abcé");
        assert_eq!(FixedStr::<3>::truncated("🦀"), "");
        assert_eq!(FixedStr::<3>::truncated("a\0b"), "a");
    }

    #[test]
    fn bytes_behind_the_nul_do_not_count() {
        let clean = FixedStr::<4>::new("ab").unwrap();
        let dirty = FixedStr::from_raw(*b"ab\0x");
        assert_eq!(clean, dirty);
        assert_eq!(clean.cmp(&dirty), core::cmp::Ordering::Equal);
        assert_eq!(dirty.to_string(), "ab");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_an_error_and_print() {
        let text = FixedStr::from_raw(*b"a\xff\"\0");
        assert!(text.as_str().is_err());
        assert_eq!(text.to_string(), "a\u{fffd}\"");
        assert_eq!(format!("{text:?}"), r#""a\xff\"""#);
    }

    #[test]
    fn display_honours_the_width() {
        let text = FixedStr::<4>::new("ab").unwrap();
        assert_eq!(format!("[{text:>4}]"), "[  ab]");
    }

    #[test]
    fn texts_are_made_in_constants() {
        const SYMBOL: FixedStr<8> = match FixedStr::new("EURUSD") {
            Ok(symbol) => symbol,
            Err(_) => FixedStr::truncated(""),
        };
        assert_eq!(SYMBOL, "EURUSD");
    }
}
