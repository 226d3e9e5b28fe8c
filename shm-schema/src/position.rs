//! A place in a schema's text.

/// A run of characters in a schema file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Position {
    /// First byte, counted from the start of the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
}
