//! Free text of a schema inside a C comment, where it can do no harm.

use crate::wrap::wrap;

/// Where a comment's lines are broken, if they can be.
const WIDTH: usize = 80;

/// A doc comment that ends in a newline, or nothing for an empty text. One line
/// when it fits.
pub(super) fn block(indent: &str, text: &str) -> String {
    let room = WIDTH - indent.len() - " * ".len();
    let lines: Vec<String> = clean_lines(text)
        .iter()
        .flat_map(|l| wrap(l, room))
        .collect();
    match lines.as_slice() {
        [] => String::new(),
        [only] if indent.len() + "/**  */".len() + only.chars().count() <= WIDTH => {
            format!("{indent}/** {only} */\n")
        }
        lines => {
            let body: String = lines.iter().map(|l| starred(indent, l)).collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

/// The lines of a comment that its template opens and closes: each after ` * `
/// and ending in a newline.
pub(super) fn body(text: &str) -> String {
    let lines = clean_lines(text);
    let wrapped = lines.iter().flat_map(|l| wrap(l, WIDTH - " * ".len()));
    wrapped.map(|l| starred("", &l)).collect()
}

/// Text for the inside of a comment on one line.
pub(super) fn inline(text: &str) -> String {
    clean_lines(text).join(" ")
}

fn starred(indent: &str, line: &str) -> String {
    if line.is_empty() {
        format!("{indent} *\n")
    } else {
        format!("{indent} * {line}\n")
    }
}

/// The text's lines without blanks at their ends, the first and last of them
/// not empty, holding nothing that a compiler or an editor would act on.
fn clean_lines(text: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(|l| clean(l.trim_end())).collect();
    let first = lines.iter().position(|l| !l.is_empty());
    let last = lines.iter().rposition(|l| !l.is_empty());
    match (first, last) {
        (Some(first), Some(last)) => lines[first..=last].to_vec(),
        _ => Vec::new(),
    }
}

/// Parts `*/` and `/*` (the comment's end, and what `-Wcomment` takes for a
/// forgotten one) and `??` (trigraphs: `??/` before a line's end is a line
/// continuation in C11), and spells out what cannot be seen.
fn clean(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    for c in line.chars() {
        if matches!(
            (clean.chars().next_back(), c),
            (Some('*'), '/') | (Some('/'), '*') | (Some('?'), '?')
        ) {
            clean.push(' ');
        }
        match c {
            '\t' => clean.push(' '),
            c if c.is_control() || is_direction(c) => {
                clean.push_str(&format!("<U+{:04X}>", c as u32));
            }
            c => clean.push(c),
        }
    }
    clean
}

/// Characters that make text look other than it is; compilers warn of them
/// (`-Wbidi-chars`).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_on_its_line() {
        assert_eq!(block("    ", "Price."), "    /** Price. */\n");
        assert_eq!(block("", "  \n\n "), "");
    }

    #[test]
    fn a_long_text_is_broken_at_blanks() {
        let text = block("", &"word ".repeat(30));
        assert!(text.lines().all(|l| l.len() <= WIDTH), "{text}");
        assert_eq!(text.matches("word").count(), 30);
    }

    #[test]
    fn nothing_inside_ends_or_opens_a_comment() {
        for hostile in ["*/ int x;", "**//**/", "/*/ y", "/** z", "a */*/ b"] {
            let text = block("", hostile);
            let inside = &text["/**".len()..text.len() - "*/\n".len()];
            assert!(!inside.contains("*/"), "{text}");
            assert!(!inside.contains("/*"), "{text}");
        }
    }

    #[test]
    fn trigraphs_are_parted() {
        assert_eq!(inline("what??/"), "what? ?/");
        assert_eq!(inline("????"), "? ? ? ?");
    }

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        assert_eq!(inline("a\u{202e}b\u{7}c"), "a<U+202E>b<U+0007>c");
    }
}
