//! What is wrong with a schema, where, and what to do about it.

use std::fmt;

use crate::code::{Code, Severity};
use crate::position::Position;
use crate::render::Style;
use crate::report::Report;

/// One broken rule, or one warning.
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

    /// Whether it makes the schema invalid.
    pub fn severity(&self) -> Severity {
        self.code.severity()
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

/// Everything that is wrong with a schema and with those it imports: a report
/// for each file that has errors, imported files before those that import
/// them.
///
/// `Display` is the full report, without colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    reports: Vec<Report>,
}

impl Errors {
    pub(crate) fn new(reports: Vec<Report>) -> Self {
        Errors { reports }
    }

    /// One for each file with errors.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// One for each file with errors.
    pub fn into_reports(self) -> Vec<Report> {
        self.reports
    }

    /// File by file, by position.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.reports.iter().flat_map(Report::iter)
    }

    /// How many; never 0.
    #[allow(clippy::len_without_is_empty)] // it would always be false
    pub fn len(&self) -> usize {
        self.reports.iter().map(Report::len).sum()
    }

    /// The full report: each message with its line, caret, labels and help.
    pub fn render(&self, style: Style) -> String {
        let reports: Vec<String> = self.reports.iter().map(|r| r.render(style)).collect();
        reports.join("\n")
    }

    /// One line a message: `file:line:col: error[code]: message`.
    pub fn short(&self) -> String {
        self.reports.iter().map(Report::short).collect()
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(Style::Plain))
    }
}

impl std::error::Error for Errors {}
