//! What is wrong with a schema, where, and what to do about it.

use std::fmt;

use crate::code::Code;
use crate::position::Position;
use crate::render::{self, Style};

/// One broken rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The rule.
    pub code: Code,
    /// One sentence: lower case, names in backticks, no full stop.
    pub message: String,
    /// Where.
    pub at: Position,
    /// What to say under the caret; may be empty.
    pub label: String,
    /// Other places that matter, such as "first defined here".
    pub others: Vec<(Position, String)>,
    /// Facts that explain.
    pub notes: Vec<String>,
    /// What to do about it.
    pub helps: Vec<String>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, at: Position, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            message: message.into(),
            at,
            label: String::new(),
            others: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    pub(crate) fn other(mut self, at: Position, text: impl Into<String>) -> Self {
        self.others.push((at, text.into()));
        self
    }

    pub(crate) fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    pub(crate) fn maybe_help(self, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }
}

/// Everything that is wrong with one schema file, sorted by position.
///
/// `Display` is the full report, without colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    file: String,
    text: String,
    list: Vec<Diagnostic>,
}

impl Errors {
    /// Takes the file's text along, so that rendering needs nothing else.
    pub(crate) fn new(file: &str, text: &str, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|d| (d.at.start, d.code));
        Errors {
            file: file.to_owned(),
            text: text.to_owned(),
            list,
        }
    }

    /// The file as the caller named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// By position.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// How many; never 0.
    #[allow(clippy::len_without_is_empty)] // it would always be false
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The full report: each message with its line, caret, labels and help.
    pub fn render(&self, style: Style) -> String {
        render::full(&self.file, &self.text, &self.list, style)
    }

    /// One line a message: `file:line:col: error[code]: message`.
    pub fn short(&self) -> String {
        render::short(&self.file, &self.list)
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Errors {}
