//! What cannot become a schema, and where it stands.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use shm_schema::Style;

use crate::draft::Place;

/// Most findings of a file that are shown.
const MAX_SHOWN: usize = 100;

/// One thing in a source file that no schema can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// One sentence: lower case, names in backticks, no full stop.
    pub message: String,
    /// What to do about it.
    pub helps: Vec<String>,
    at: Place,
}

impl Finding {
    pub(crate) fn new(at: Place, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            helps: Vec::new(),
            at,
        }
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.helps.push(text.into());
        self
    }

    /// At a place when it has none of its own.
    pub(crate) fn or_at(&mut self, place: &Place) {
        if self.at == (0..0) {
            self.at = place.clone();
        }
    }
}

/// Everything in a source file that no schema can say, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    file: String,
    text: String,
    list: Vec<Finding>,
}

impl Findings {
    /// Takes the text along, so that rendering needs nothing else.
    pub(crate) fn new(file: &str, text: &str, mut list: Vec<Finding>) -> Self {
        list.sort_by_key(|finding| finding.at.start);
        Self {
            file: file.to_owned(),
            text: text.to_owned(),
            list,
        }
    }

    /// The file as messages name it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Each with its line and column, counted from 1.
    pub fn iter(&self) -> impl Iterator<Item = (&Finding, (u32, u32))> {
        self.list
            .iter()
            .map(|finding| (finding, self.place(finding.at.start)))
    }

    /// Each message with its line, caret and help.
    pub fn render(&self, style: Style) -> String {
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Colour => Renderer::styled(),
        };
        let shown = self.list.iter().take(MAX_SHOWN);
        let mut reports: Vec<String> = shown.map(|f| self.one(f, &renderer)).collect();
        if let more @ 1.. = self.list.len().saturating_sub(MAX_SHOWN) {
            reports.push(format!("and {more} more"));
        }
        reports.join("\n\n") + "\n"
    }

    fn one(&self, finding: &Finding, renderer: &Renderer) -> String {
        let (line, column) = self.place(finding.at.start);
        let start = self.text[..finding.at.start]
            .rfind('\n')
            .map_or(0, |i| i + 1);
        let end = self.text[finding.at.start..]
            .find('\n')
            .map_or(self.text.len(), |i| finding.at.start + i);
        let title = Level::ERROR.primary_title(finding.message.as_str());
        let group = if end - start > 4096 || self.text.is_empty() {
            let place = Origin::path(self.file.as_str());
            title.element(place.line(line as usize).char_column(column as usize))
        } else {
            // To the end of the line: what is wrong may go on for many.
            let span =
                finding.at.start - start..finding.at.end.clamp(finding.at.start, end) - start;
            title.element(
                Snippet::source(&self.text[start..end])
                    .line_start(line as usize)
                    .path(self.file.as_str())
                    .annotation(AnnotationKind::Primary.span(span)),
            )
        };
        let helps = finding.helps.iter();
        let helps = helps.map(|help| Level::HELP.message(help.as_str()));
        renderer.render(&[group.elements(helps)])
    }

    fn place(&self, start: usize) -> (u32, u32) {
        let before = &self.text[..start];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (
            count(before.bytes().filter(|&b| b == b'\n').count() + 1),
            count(before[line_start..].chars().count() + 1),
        )
    }
}
