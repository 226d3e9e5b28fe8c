//! Diagnostics as text, the way rustc shows its own.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::code::Severity;
use crate::diagnostic::Diagnostic;
use crate::evolution::Place;
use crate::position::Position;

/// Most errors that a full report shows.
pub(crate) const MAX_SHOWN: usize = 100;

/// Most bytes of text that one message shows lines of.
const MAX_EXCERPT: usize = 8 << 10;

/// How a report is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    /// ASCII text; the same on every machine.
    #[default]
    Plain,
    /// With ANSI colours.
    Colour,
}

pub(crate) fn full(file: &str, text: &str, list: &[Diagnostic], style: Style) -> String {
    let renderer = renderer(style);
    let mut reports: Vec<String> = list
        .iter()
        .take(MAX_SHOWN)
        .map(|d| renderer.render(&[group(file, text, d, None)]))
        .collect();
    match list.len().saturating_sub(MAX_SHOWN) {
        0 => {}
        more => reports.push(format!("and {more} more")),
    }
    reports.join("\n\n") + "\n"
}

/// One message, and a place in another file that matters to it.
pub(crate) fn across(
    file: &str,
    text: &str,
    d: &Diagnostic,
    beside: (&Place, &str),
    style: Style,
) -> String {
    renderer(style).render(&[group(file, text, d, Some(beside))]) + "\n"
}

fn renderer(style: Style) -> Renderer {
    match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    }
}

pub(crate) fn short(file: &str, list: &[Diagnostic]) -> String {
    list.iter()
        .map(|d| {
            let (line, column) = (d.at.line, d.at.column);
            let severity = d.severity().as_str();
            format!(
                "{file}:{line}:{column}: {severity}[{}]: {}\n",
                d.code, d.message
            )
        })
        .collect()
}

fn group<'a>(
    file: &'a str,
    text: &'a str,
    d: &'a Diagnostic,
    beside: Option<(&'a Place, &'a str)>,
) -> Group<'a> {
    let level = match d.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(d.message.as_str()).id(d.code.as_str());
    let all = Excerpt::of(text, d.others.iter().map(|(at, _)| *at).chain([d.at]));
    let own = Excerpt::of(text, [d.at].into_iter());
    let group = if text.is_empty() || own.lines.len() > MAX_EXCERPT {
        // Nothing that could be shown; the place is still named.
        let (line, column) = (d.at.line as usize, d.at.column as usize);
        let place = match Origin::path(file) {
            place if line == 0 => place,
            place => place.line(line).char_column(column),
        };
        title
            .element(place)
            .elements((!d.label.is_empty()).then(|| Level::NOTE.message(d.label.as_str())))
    } else if all.lines.len() > MAX_EXCERPT {
        title
            .element(own.snippet(file, d, false))
            .elements(d.others.iter().map(|(at, label)| {
                let (line, column) = (at.line, at.column);
                Level::NOTE.message(format!("{label}: {file}:{line}:{column}"))
            }))
    } else {
        title.element(all.snippet(file, d, true))
    };
    let group = match beside {
        Some((place, label)) => match Excerpt::of(place.text(), [place.at].into_iter()) {
            excerpt if excerpt.lines.len() > MAX_EXCERPT => {
                let (file, line, column) = (place.file(), place.at.line, place.at.column);
                group.element(Level::NOTE.message(format!("{label}: {file}:{line}:{column}")))
            }
            excerpt => group.element(excerpt.pointing(place.file(), place.at, label)),
        },
        None => group,
    };
    let notes = d.notes.iter().map(|n| Level::NOTE.message(n.as_str()));
    let helps = d.helps.iter().map(|h| Level::HELP.message(h.as_str()));
    group.elements(notes.chain(helps))
}

/// The lines in question and no more: the renderer looks at all it is given.
struct Excerpt<'a> {
    lines: &'a str,
    /// First byte of `lines` in the text.
    start: usize,
    first_line: usize,
}

impl<'a> Excerpt<'a> {
    fn of(text: &'a str, places: impl Iterator<Item = Position> + Clone) -> Self {
        let start = places.clone().map(|at| at.start).min().unwrap_or_default();
        let end = places.clone().map(|at| at.end).max().unwrap_or_default();
        let start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let end = text[end..].find('\n').map_or(text.len(), |i| end + i + 1);
        Excerpt {
            lines: &text[start..end],
            start,
            first_line: places.map(|at| at.line).min().unwrap_or(1) as usize,
        }
    }

    /// At one place, which is not where the error is.
    fn pointing(&self, file: &'a str, at: Position, label: &'a str) -> Snippet<'a, Annotation<'a>> {
        let span = at.start - self.start..at.end - self.start;
        Snippet::source(self.lines)
            .line_start(self.first_line)
            .path(file)
            .annotation(AnnotationKind::Context.span(span).label(label))
    }

    fn snippet(
        &self,
        file: &'a str,
        d: &'a Diagnostic,
        others: bool,
    ) -> Snippet<'a, Annotation<'a>> {
        let span = |at: Position| at.start - self.start..at.end - self.start;
        let label = |text: &'a str| (!text.is_empty()).then_some(text);
        let primary = AnnotationKind::Primary
            .span(span(d.at))
            .label(label(&d.label));
        let others = d
            .others
            .iter()
            .filter(|_| others)
            .map(|(at, text)| AnnotationKind::Context.span(span(*at)).label(label(text)));
        Snippet::source(self.lines)
            .line_start(self.first_line)
            .path(file)
            .annotation(primary)
            .annotations(others)
    }
}
