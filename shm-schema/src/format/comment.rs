//! Comments, and the lines between which they stand.

use std::collections::VecDeque;

/// A comment of the text.
#[derive(Debug, Clone)]
pub(super) struct Comment {
    /// From `#` on, without blanks at its end.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) column: usize,
    /// Whether nothing stands before it on its line.
    pub(super) is_alone: bool,
    /// Whether the line above is empty.
    pub(super) after_blank: bool,
}

/// The comments of a text that nobody has taken yet, from the first on.
#[derive(Debug, Default)]
pub(super) struct Comments {
    list: VecDeque<Comment>,
    /// Where the last value ends that empty lines are part of.
    pub(super) kept_until: usize,
}

impl Comments {
    /// Adds those of a stretch of the text without values.
    pub(super) fn scan(&mut self, text: &str, from: usize, to: usize) {
        let mut at = from;
        while let Some(found) = text.get(at..to).and_then(|gap| gap.find('#')) {
            let start = at + found;
            let before = text[..start].chars().next_back();
            if before.is_some_and(|c| !c.is_whitespace()) {
                at = start + 1;
                continue;
            }
            let end = text[start..].find('\n').map_or(text.len(), |n| start + n);
            let line = line_start(text, start);
            let after_blank = self.after_blank(text, start);
            self.list.push_back(Comment {
                text: text[start..end].trim_end().to_owned(),
                start,
                column: text[line..start].chars().count(),
                is_alone: text[line..start].trim().is_empty(),
                after_blank,
            });
            at = end;
        }
    }

    /// Those before that byte.
    pub(super) fn before(&mut self, end: usize) -> Vec<Comment> {
        let mut taken = Vec::new();
        while let Some(comment) = self.next_if(|c| c.start < end) {
            taken.push(comment);
        }
        taken
    }

    /// Those before `end` that stand on the line of the byte `from`.
    pub(super) fn beside(&mut self, text: &str, from: usize, end: usize) -> Vec<Comment> {
        let between = |c: &Comment| text.get(from..c.start);
        let on_line = |c: &Comment| {
            !c.is_alone && c.start < end && between(c).is_some_and(|text| !text.contains('\n'))
        };
        let mut taken = Vec::new();
        while let Some(comment) = self.next_if(on_line) {
            taken.push(comment);
        }
        taken
    }

    /// The next one, if it is as wanted.
    pub(super) fn next_if(&mut self, wanted: impl Fn(&Comment) -> bool) -> Option<Comment> {
        match self.list.front().is_some_and(wanted) {
            true => self.list.pop_front(),
            false => None,
        }
    }

    /// Whether the line above is empty, and not a part of a value, of what
    /// begins a line there.
    pub(super) fn after_blank(&self, text: &str, at: usize) -> bool {
        let blanks = [' ', '\t', '\r'];
        let before = text[..at].trim_end_matches(blanks);
        let above = before.strip_suffix('\n');
        before.len() > self.kept_until
            && above.is_some_and(|above| {
                let above = above.trim_end_matches(blanks);
                above.is_empty() || above.ends_with('\n')
            })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Comment> {
        self.list.iter()
    }
}

/// Where the line of a byte starts.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |i| i + 1)
}
