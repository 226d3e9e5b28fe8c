//! What there is to say of one file.

use std::fmt;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::render::{self, Style};

/// The diagnostics of one schema file, sorted by position.
///
/// `Display` is the full report, without colour.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    file: String,
    text: String,
    list: Vec<Diagnostic>,
}

impl Report {
    /// Takes the file's text along, so that rendering needs nothing else.
    pub(crate) fn new(file: &str, text: &str, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|d| (d.at.start, d.code));
        Report {
            file: file.to_owned(),
            text: text.to_owned(),
            list,
        }
    }

    /// What is left when nothing is said of these rules.
    pub fn without(mut self, codes: &[Code]) -> Report {
        self.list.retain(|d| !codes.contains(&d.code));
        self
    }

    /// The file as messages name it.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// By position.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// How many of both severities.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Each message with its line, caret, labels and help.
    pub fn render(&self, style: Style) -> String {
        render::full(&self.file, &self.text, &self.list, style)
    }

    /// One line a message: `file:line:col: error[code]: message`.
    pub fn short(&self) -> String {
        render::short(&self.file, &self.list)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}
