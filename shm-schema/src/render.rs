//! Diagnostics as text, the way rustc shows its own.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::Diagnostic;

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
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let reports: Vec<String> = list
        .iter()
        .map(|d| renderer.render(&[group(file, text, d)]))
        .collect();
    reports.join("\n\n") + "\n"
}

pub(crate) fn short(file: &str, list: &[Diagnostic]) -> String {
    list.iter()
        .map(|d| {
            let (line, column) = (d.at.line, d.at.column);
            format!("{file}:{line}:{column}: error[{}]: {}\n", d.code, d.message)
        })
        .collect()
}

fn group<'a>(file: &'a str, text: &'a str, d: &'a Diagnostic) -> Group<'a> {
    let title = Level::ERROR
        .primary_title(d.message.as_str())
        .id(d.code.as_str());
    let group = match text.is_empty() {
        // Nothing to show a line of; the place is still named.
        true => title.element(Origin::path(file).line(1).char_column(1)),
        false => title.element(snippet(file, text, d)),
    };
    let notes = d
        .notes
        .iter()
        .map(|note| Level::NOTE.message(note.as_str()));
    let helps = d
        .helps
        .iter()
        .map(|help| Level::HELP.message(help.as_str()));
    group.elements(notes.chain(helps))
}

fn snippet<'a>(
    file: &'a str,
    text: &'a str,
    d: &'a Diagnostic,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let label = |text: &'a str| (!text.is_empty()).then_some(text);
    let primary = AnnotationKind::Primary
        .span(d.at.start..d.at.end)
        .label(label(&d.label));
    let others = d.others.iter().map(|(at, text)| {
        AnnotationKind::Context
            .span(at.start..at.end)
            .label(label(text))
    });
    Snippet::source(text)
        .path(file)
        .annotation(primary)
        .annotations(others)
}
