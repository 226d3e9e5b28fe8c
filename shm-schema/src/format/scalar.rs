//! A value as it is written, to be written again elsewhere.

use saphyr_parser::ScalarStyle;

/// How a scalar is written.
#[derive(Debug, Clone)]
pub(super) enum Raw {
    /// On one line, quotes included.
    Line(String),
    /// On several: blanks around them mean nothing, and an empty one is a line
    /// break.
    Lines(Vec<String>),
    /// After `|` or `>`.
    Block {
        /// With what it says of indentation and of line breaks at the end.
        head: String,
        /// As they stand below the key, without what the block is indented by.
        lines: Vec<String>,
        /// Whether empty lines at the end belong to the value.
        keeps: bool,
    },
}

impl Raw {
    /// Of a scalar that starts at a byte of the text; and one past its last
    /// byte. `before` is where the token before it ends, `key` the column of
    /// the key it belongs to.
    pub(super) fn read(
        text: &str,
        style: ScalarStyle,
        (start, end): (usize, usize),
        before: usize,
        key: usize,
    ) -> Option<(Raw, usize)> {
        let quote = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                return block(text, before, end, key).map(|raw| (raw, end));
            }
            ScalarStyle::SingleQuoted => Some('\''),
            ScalarStyle::DoubleQuoted => Some('"'),
            ScalarStyle::Plain => None,
        };
        // The parser may count blanks and comments behind a value in.
        let end = match quote {
            Some(quote) => start + quoted(text.get(start..)?, quote)?,
            None => start + text.get(start..end)?.trim_end().len(),
        };
        let lines: Vec<&str> = text.get(start..end)?.lines().map(str::trim).collect();
        let raw = match lines.as_slice() {
            [] => Raw::Line(String::new()),
            [line] => Raw::Line((*line).to_owned()),
            lines => folded(lines, style)
                .unwrap_or_else(|| Raw::Lines(lines.iter().map(|l| (*l).to_owned()).collect())),
        };
        Some((raw, end))
    }
}

/// The length of what a quote and its partner enclose, both counted in.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((i, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => {
                chars.next();
            }
            c if c == quote => match chars.peek() {
                Some((_, '\'')) if quote == '\'' => {
                    chars.next();
                }
                _ => return Some(i + 1),
            },
            _ => {}
        }
    }
    None
}

/// One line of several: a line break is a blank, unless an empty line or a
/// backslash says otherwise.
fn folded(lines: &[&str], style: ScalarStyle) -> Option<Raw> {
    let escapes = style == ScalarStyle::DoubleQuoted;
    let special = |line: &&str| line.is_empty() || (escapes && line.ends_with('\\'));
    match lines.iter().any(special) {
        true => None,
        false => Some(Raw::Line(lines.join(" "))),
    }
}

fn block(text: &str, before: usize, end: usize, key: usize) -> Option<Raw> {
    let start = before + text.get(before..end)?.find(['|', '>'])?;
    let line_end = start + text[start..].find('\n')?;
    let head = text[start..line_end].split_whitespace().next()?.to_owned();
    let body: Vec<&str> = text.get(line_end + 1..end)?.lines().collect();
    let said = head.chars().find_map(|c| c.to_digit(10));
    let indent = match said {
        // Counted from the key.
        Some(digit) => key + digit as usize,
        None => {
            let first = body.iter().find(|line| !line.trim().is_empty())?;
            first.len() - first.trim_start_matches(' ').len()
        }
    };
    let inner = |line: &&str| line.get(indent..).unwrap_or_default().to_owned();
    let mut lines: Vec<String> = body.iter().map(inner).collect();
    let keeps = head.contains('+');
    while !keeps && lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    // Two below the key, where a block that says so itself stands too.
    let head = match said {
        Some(_) => head.replace(|c: char| c.is_ascii_digit(), "2"),
        None => head,
    };
    Some(Raw::Block { head, lines, keeps })
}
