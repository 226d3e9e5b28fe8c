//! The page for a repository.

use askama::Template;
use shm_schema::Layout;

use super::page::{Link, Page, Row};
use super::rich::{Line, Span};
use crate::show::{self, Paint};

/// Nothing is escaped by the template: whatever comes from the schema goes
/// through [`escape`] or [`code`] on its way.
#[derive(Template)]
#[template(path = "docs/page.md")]
struct Markdown<'a> {
    page: &'a Page<'a>,
    maps: Vec<String>,
}

pub(super) fn text(layout: &Layout, page: &Page<'_>) -> askama::Result<String> {
    let records = page.records.iter();
    let maps = records.map(|record| show::rows(&layout.structs[record.index], Paint::Plain));
    let maps = maps.collect();
    Ok(Markdown { page, maps }.render()? + "\n")
}

impl Markdown<'_> {
    fn map(&self, position: &usize) -> &str {
        &self.maps[*position]
    }

    fn text(&self, line: &Line) -> String {
        inline(line)
    }

    fn cell(&self, line: &Line) -> String {
        inline(line).replace("\\|", "|").replace('|', "\\|")
    }

    /// What a row's last cell says: the doc, then the facts.
    fn about(&self, row: &Row<'_>) -> String {
        let doc = self.cell(&row.doc);
        let facts: Vec<String> = row.facts.iter().map(|fact| escape(fact)).collect();
        match (doc.is_empty(), facts.is_empty()) {
            (_, true) => doc,
            (true, false) => facts.join("; "),
            (false, false) => format!("{doc} ({})", facts.join("; ")),
        }
    }

    fn plain(&self, text: &str) -> String {
        escape(text)
    }

    fn link(&self, link: &Link) -> String {
        if link.anchor.is_empty() {
            return format!("`{}`", link.text);
        }
        let page = link.package.as_deref();
        let page = page.map(|p| format!("{p}.md")).unwrap_or_default();
        format!("[`{}`]({page}#{})", link.text, link.anchor)
    }
}

fn inline(line: &Line) -> String {
    let span = |span: &Span| match span.is_code {
        true => format!("`{}`", span.text),
        false => escape(&span.text),
    };
    let text: String = line.iter().map(span).collect();
    first_word(text)
}

/// A text in which nothing is markup: a backslash may stand before any ASCII
/// punctuation, and means the character itself.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = [' '; 3];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_markup = match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&'
            | '@' | '$' | '^' | '=' => true,
            // What makes an address a link, and a word a picture, whether or
            // not someone meant it.
            ':' => chars.peek().is_some_and(|next| !next.is_whitespace()),
            '.' => before.iter().all(|b| matches!(b, 'w' | 'W')),
            _ => false,
        };
        if is_markup {
            escaped.push('\\');
        }
        escaped.push(c);
        before = [before[1], before[2], c];
    }
    escaped
}

/// What begins a list, a rule or a heading at the start of a line does not.
fn first_word(text: String) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => format!("{}\\{}", &text[..digits], &text[digits..]),
        Some('-' | '+') if digits == 0 => format!("\\{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docs::rich;

    #[test]
    fn prose_stays_readable() {
        for text in [
            "Where it is: x, y, z.",
            "The day's price (in USD)!",
            "5 of 7; 1.5 at most",
        ] {
            assert_eq!(inline(&rich::line(text)), text);
        }
        assert_eq!(inline(&rich::line("see `a|*b*`")), "see `a|*b*`");
    }

    #[test]
    fn nothing_is_markup() {
        for (text, wanted) in [
            ("<b>", "\\<b\\>"),
            ("- a", "\\- a"),
            ("1. a", "1\\. a"),
            ("2) a", "2\\) a"),
            ("https://a.b", "https\\://a.b"),
            ("www.a.b", "www\\.a.b"),
            ("[a](b)", "\\[a\\](b)"),
            ("a `", "a \\`"),
        ] {
            assert_eq!(inline(&rich::line(text)), wanted);
        }
    }
}
