//! From the parser's marks to positions in the text.

use saphyr_parser::{Marker, Span};

use crate::position::Position;

/// A text and where its characters start.
pub(crate) struct Marks<'a> {
    text: &'a str,
    /// First byte of each character; `None` when all are ASCII.
    starts: Option<Vec<usize>>,
}

impl<'a> Marks<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).collect());
        Marks { text, starts }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn span(&self, span: Span) -> Position {
        let at = self.mark(span.start);
        let end = self.byte(span.end).max(at.start);
        Position { end, ..at }
    }

    /// Of a scalar: the parser may count blanks and line ends behind it in.
    pub(crate) fn scalar(&self, span: Span, value: &str) -> Position {
        let at = self.span(span);
        let written = self.text.get(at.start..at.end).unwrap_or_default();
        let first_line = written.lines().next().unwrap_or_default().trim_end();
        let shown = match value.is_empty() && !written.starts_with(['"', '\'']) {
            true => "",
            false => first_line,
        };
        Position {
            end: at.start + shown.len(),
            ..at
        }
    }

    /// A single character, for an error of the parser.
    pub(crate) fn mark(&self, mark: Marker) -> Position {
        let start = self.byte(mark);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position {
            start,
            end: start,
            line: count(mark.line()),
            column: count(mark.col() + 1),
        }
    }

    /// Of a bracket through its partner, when both are on one line.
    pub(crate) fn through(&self, open: Position, close: Span) -> Position {
        let end = self.byte(close.end);
        let whole = self.text.get(open.start..end).unwrap_or_default();
        match whole.is_empty() || whole.contains('\n') {
            true => Position {
                end: open.start + 1,
                ..open
            },
            false => Position { end, ..open },
        }
    }

    pub(crate) fn is_bracket(&self, at: Position) -> bool {
        self.text
            .get(at.start..)
            .is_some_and(|rest| rest.starts_with(['[', '{']))
    }

    fn byte(&self, mark: Marker) -> usize {
        match &self.starts {
            None => mark.index().min(self.text.len()),
            Some(starts) => starts.get(mark.index()).copied().unwrap_or(self.text.len()),
        }
    }
}
