//! Schema docs as Rust docs.
//!
//! A schema's doc is plain text that may hold `code` in backticks. Whatever
//! else would mean something to Markdown, rustdoc or rustc is escaped: four
//! spaces or a fence would make an example that `cargo test` runs, brackets a
//! link that breaks, and a direction override is an error of rustc's.

/// Lines of a doc comment, or of a comment's paragraphs one below the other.
#[derive(Default)]
pub(crate) struct Doc(Vec<String>);

impl Doc {
    /// A paragraph of the schema's; none when there is no text.
    pub(crate) fn text(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            self.gap();
            self.0.extend(lines(text));
        }
        self
    }

    /// A paragraph of our own, which is Markdown as it is.
    pub(crate) fn line(mut self, line: impl Into<String>) -> Self {
        self.gap();
        self.0.push(line.into());
        self
    }

    /// As `///` lines.
    pub(crate) fn comment(&self, indent: &str) -> String {
        self.0
            .iter()
            .map(|line| match line.is_empty() {
                true => format!("{indent}///\n"),
                false => format!("{indent}/// {line}\n"),
            })
            .collect()
    }

    fn gap(&mut self) {
        if !self.0.is_empty() {
            self.0.push(String::new());
        }
    }
}

/// A schema's doc as Markdown that shows it.
pub fn markdown(text: &str) -> String {
    lines(text).join("\n")
}

/// One line, escaped: a unit, or what to use instead of a deprecated field.
pub(crate) fn inline(text: &str) -> String {
    lines(text).join(" ")
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().lines() {
        let line = visible(line.trim());
        // Two empty lines are one, as Markdown sees it.
        if line.is_empty() && lines.last().is_some_and(String::is_empty) {
            continue;
        }
        lines.push(escape(&line));
    }
    lines
}

/// Characters that do not show, or that turn the direction of what follows,
/// as `\u{..}`.
fn visible(line: &str) -> String {
    line.chars()
        .map(|c| match c {
            '\t' => " ".to_owned(),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => {
                c.escape_unicode().to_string()
            }
            '\u{feff}' => c.escape_unicode().to_string(),
            c if c.is_control() => c.escape_unicode().to_string(),
            c => c.to_string(),
        })
        .collect()
}

/// Escapes Markdown outside of `code`; a backtick without a partner too.
fn escape(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    if let Some((marker, after)) = list_marker(rest) {
        out.push_str(marker);
        out.push('\\');
        rest = after;
    }
    while let Some(c) = rest.chars().next() {
        if let Some((code, after)) = code_span(rest) {
            out.push_str(code);
            rest = after;
        } else if let Some((link, after)) = link(rest, &out) {
            out.push('<');
            out.push_str(link);
            out.push('>');
            rest = after;
        } else {
            let is_markup = "`[]<>*_\\~&|".contains(c);
            let starts_block = out.is_empty() && "#-+=".contains(c);
            if is_markup || starts_block {
                out.push('\\');
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The digits of `1.` or `1)`, which start a list, and the rest of the line.
fn list_marker(line: &str) -> Option<(&str, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (marker, rest) = line.split_at(digits);
    (digits > 0 && rest.starts_with(['.', ')'])).then_some((marker, rest))
}

/// `` `code` `` at the start of `text`, backticks included.
fn code_span(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('`')?;
    let len = inside.find('`').filter(|&len| len > 0)?;
    Some(text.split_at(len + 2))
}

/// A web address at the start of a word, without the punctuation behind it.
fn link<'a>(text: &'a str, before: &str) -> Option<(&'a str, &'a str)> {
    let is_start = !before.ends_with(|c: char| c.is_alphanumeric());
    if !is_start || !(text.starts_with("http://") || text.starts_with("https://")) {
        return None;
    }
    let end = text
        .find(|c: char| c.is_whitespace() || "<>()[]`\"\\".contains(c))
        .unwrap_or(text.len());
    let link = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    Some((link, &text[link.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_code_and_markdown_is_shown() {
        assert_eq!(markdown("the `a[0]` of b[0]"), r"the `a[0]` of b\[0\]");
        assert_eq!(markdown("a Vec<u8> & more"), r"a Vec\<u8\> \& more");
        assert_eq!(markdown("one ` alone"), r"one \` alone");
    }

    #[test]
    fn nothing_becomes_an_example() {
        assert_eq!(markdown("    panic!()"), "panic!()");
        assert_eq!(
            markdown("a\n```\npanic!()\n```"),
            "a\n\\`\\`\\`\npanic!()\n\\`\\`\\`"
        );
        assert_eq!(markdown("~~~"), r"\~\~\~");
    }

    #[test]
    fn nothing_becomes_a_list_or_a_heading() {
        assert_eq!(
            markdown("- a\n1. b\n# c\n2019 was"),
            "\\- a\n1\\. b\n\\# c\n2019 was"
        );
    }

    #[test]
    fn what_does_not_show_is_spelled_out() {
        assert_eq!(markdown("a\u{202e}b\u{7}"), r"a\\u{202e}b\\u{7}");
    }

    #[test]
    fn addresses_are_links() {
        assert_eq!(markdown("see https://a.b/c_d."), "see <https://a.b/c_d>.");
    }

    #[test]
    fn a_doc_is_paragraphs() {
        let doc = Doc::default()
            .text(Some("a\n\n\nb"))
            .line("c")
            .comment("  ");
        assert_eq!(doc, "  /// a\n  ///\n  /// b\n  ///\n  /// c\n");
    }
}
