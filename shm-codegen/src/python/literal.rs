//! Free text and numbers of a schema as Python literals, where they can do no
//! harm.

use shm_schema::layout::Number;

use super::code::WIDTH;
use crate::wrap::wrap;

/// A string: `"text"`, or `'"text"'` where that takes fewer backslashes.
pub(super) fn string(text: &str) -> String {
    let count = |quote| text.matches(quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            c if c == quote => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => push(&mut out, c),
        }
    }
    out.push(quote);
    out
}

/// A docstring after `indent`, on one line when it fits.
pub(super) fn docstring(indent: &str, text: &str) -> String {
    let mut lines = doc_lines(text, WIDTH - indent.len());
    // A quote there would look like one of the opening ones.
    if let Some(first) = lines.first_mut().filter(|l| l.starts_with('"')) {
        first.insert(0, ' ');
    }
    match lines.as_slice() {
        [] => format!("{indent}\"\"\"\"\"\""),
        [only] => {
            // A quote at the end would run into the closing ones.
            let end = if only.ends_with('"') { " " } else { "" };
            format!("{indent}\"\"\"{only}{end}\"\"\"")
        }
        lines => {
            let mut out = format!("{indent}\"\"\"");
            for (at, line) in lines.iter().enumerate() {
                if at > 0 && !line.is_empty() {
                    out.push_str(indent);
                }
                out.push_str(line);
                out.push('\n');
            }
            out + indent + "\"\"\""
        }
    }
}

/// The text's lines, escaped and broken at blanks; no empty ones at the ends,
/// and none after the first indented that all could do without.
fn doc_lines(text: &str, width: usize) -> Vec<String> {
    // Room for the quotes before.
    let room = width - 3;
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let Some(first) = lines.iter().position(|l| !l.is_empty()) else {
        return Vec::new();
    };
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let rest = lines[first + 1..].iter().filter(|l| !l.is_empty());
    let common = rest.map(|l| blanks(l)).min().unwrap_or(0);
    let dedented = |line: &str| line.get(common..).unwrap_or_default().to_owned();
    let rest = lines[first + 1..].iter().map(|l| dedented(l));
    let mut lines: Vec<String> = std::iter::once(lines[first].trim_start().to_owned())
        .chain(rest)
        .flat_map(|line| wrap(&escaped(&line), room))
        .collect();
    lines.truncate(
        lines
            .iter()
            .rposition(|l| !l.is_empty())
            .map_or(0, |l| l + 1),
    );
    lines
}

fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        // Two quotes are harmless, the third would end the docstring.
        if c == '"' && out.ends_with("\"\"") {
            out.push('\\');
        }
        push(&mut out, c);
    }
    out
}

/// A character as it stands inside quotes: backslashes doubled, and what
/// cannot be seen or turns text around spelled out.
fn push(out: &mut String, c: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        c if c.is_control() || is_invisible(c) => match u32::from(c) {
            code @ 0..=0xff => out.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        },
        c => out.push(c),
    }
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// A number: `5`, `0.5`, `float("nan")`.
pub(super) fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) if value.is_nan() => "float(\"nan\")".to_owned(),
        Number::Float(value) if value.is_infinite() && value > 0.0 => "float(\"inf\")".to_owned(),
        Number::Float(value) if value.is_infinite() => "float(\"-inf\")".to_owned(),
        // `Debug` gives the shortest text that reads back the same, and
        // always a point or an exponent.
        Number::Float(value) => format!("{value:?}"),
    }
}

/// A tuple: `()`, `(5,)`, `(3, 4)`.
pub(super) fn tuple(items: &[String]) -> String {
    match items {
        [only] => format!("({only},)"),
        items => format!("({})", items.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_literal() {
        assert_eq!(string("a'\"b\\\n\0"), r#""a'\"b\\\n\x00""#);
        assert_eq!(string("\"\"\" it's"), r#"'""" it\'s'"#);
        assert_eq!(docstring("", "a \"\"\" b"), "\"\"\"a \"\"\\\" b\"\"\"");
        assert_eq!(docstring("", "ends in \""), "\"\"\"ends in \" \"\"\"");
        assert_eq!(docstring("", "\"a\" b"), "\"\"\" \"a\" b\"\"\"");
        assert_eq!(docstring("", "ends in \\"), "\"\"\"ends in \\\\\"\"\"");
        assert_eq!(
            docstring("", "\\N{DOLLAR SIGN}"),
            "\"\"\"\\\\N{DOLLAR SIGN}\"\"\""
        );
        assert_eq!(docstring("", "a\u{202e}b"), "\"\"\"a\\u202eb\"\"\"");
    }

    #[test]
    fn long_docs_are_broken_at_blanks() {
        let doc = docstring("    ", &"word ".repeat(40));
        assert!(doc.lines().all(|l| l.len() <= WIDTH), "{doc}");
        assert_eq!(doc.matches("word").count(), 40);
    }

    #[test]
    fn floats_read_back_the_same() {
        assert_eq!(number(Number::Float(1e300)), "1e300");
        assert_eq!(number(Number::Float(5.0)), "5.0");
        assert_eq!(number(Number::Float(-0.0)), "-0.0");
        assert_eq!(number(Number::Int(-5)), "-5");
    }
}
