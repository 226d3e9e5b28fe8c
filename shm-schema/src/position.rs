//! A place in a schema's text.

/// A run of characters in a schema file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Position {
    /// First byte, counted from the start of the text, after a byte order
    /// mark.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Counted from 1; 0 when there is no text to point at.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}

impl Position {
    /// Of the bytes `start..end`, which lie within `text` between characters.
    ///
    /// Counts from the start of the text: for errors, not for every token.
    pub(crate) fn of(text: &str, start: usize, end: usize) -> Position {
        let before = text.get(..start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position {
            start,
            end,
            line: count(before.bytes().filter(|&b| b == b'\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }
}
