//! Text and bytes of a fixed room.

mod bytes;
mod pad;
mod text;
mod utf16;
mod utf8;

pub use self::bytes::FixedBytes;
pub use self::pad::Pad;
pub use self::utf8::FixedStr;
pub use self::utf16::FixedUtf16;

use crate::text::Text;

/// Text or bytes that a fixed type cannot hold.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It is longer than its room.
    #[error("{found} {unit} do not fit in {room}; hint: shorten it, or use `truncated`")]
    TooLong {
        /// Its length.
        found: usize,
        /// The length that fits.
        room: usize,
        /// What is counted: `bytes` or `code units`.
        unit: &'static str,
    },
    /// NUL ends a text in shared memory, so what follows would be lost.
    #[error("the text holds NUL at byte {at}, and NUL ends a text in shared memory")]
    Nul {
        /// Where the NUL is, in bytes from the start of the text.
        at: usize,
    },
}

/// The canonical text of a type with a length, such as `str:16`.
const fn sized(kind: &str, len: usize) -> Text<32> {
    assert!(len > 0, "a fixed text has room for at least one character");
    Text::EMPTY.push(kind).push(":").number(len as i128)
}
