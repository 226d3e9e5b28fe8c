//! A schema's texts as paragraphs of plain words and code.

/// A run of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Whether it stood between backticks.
    pub(super) is_code: bool,
    pub(super) text: String,
}

/// Words and code on one line.
pub(super) type Line = Vec<Span>;

/// The text's paragraphs: what empty lines part. Other line ends are blanks.
pub(super) fn paragraphs(text: &str) -> Vec<Line> {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in text.lines() {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let last = paragraphs.len() - 1;
        if words.is_empty() {
            paragraphs.push(String::new());
        } else {
            let blank = if paragraphs[last].is_empty() { "" } else { " " };
            paragraphs[last].push_str(&format!("{blank}{words}"));
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
        .iter()
        .map(|paragraph| spans(paragraph))
        .collect()
}

/// The whole text on one line.
pub(super) fn line(text: &str) -> Line {
    let mut line = Line::new();
    for paragraph in paragraphs(text) {
        if !line.is_empty() {
            line.push(plain(" "));
        }
        line.extend(paragraph);
    }
    line
}

/// A text that holds no code.
pub(super) fn plain(text: &str) -> Span {
    Span {
        is_code: false,
        text: text.to_owned(),
    }
}

/// Code is what stands between two backticks; one without a partner is a
/// character like any other.
fn spans(line: &str) -> Line {
    let mut spans = Line::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, behind)) = after.split_once('`').filter(|(code, _)| is_code(code)) else {
            break;
        };
        if !before.is_empty() {
            spans.push(plain(before));
        }
        spans.push(Span {
            is_code: true,
            text: code.to_owned(),
        });
        rest = behind;
    }
    if !rest.is_empty() {
        spans.push(plain(rest));
    }
    spans
}

/// Blanks at its ends would be lost in Markdown.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.trim() == text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let span = |s: &Span| match s.is_code {
            true => format!("<{}>", s.text),
            false => s.text.clone(),
        };
        line(text).iter().map(span).collect()
    }

    #[test]
    fn backticks_make_code() {
        assert_eq!(shown("see `px` and `qty`."), "see <px> and <qty>.");
        assert_eq!(shown("`a``b`"), "<a><b>");
    }

    #[test]
    fn a_backtick_alone_is_a_character() {
        for text in ["a ` b", "``", "`` x", "` x `"] {
            assert_eq!(shown(text), text);
        }
        assert_eq!(shown("`a` ` b"), "<a> ` b");
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        assert_eq!(paragraphs("a\nb\n\n  \nc\n").len(), 2);
        assert_eq!(shown("a\n  b\n\nc"), "a b c");
    }
}
