//! The usual reasons why a text is not YAML, said in the schema's words.

use saphyr_parser::ScanError;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::gate::MAX_DEPTH;
use crate::marks::Marks;
use crate::position::Position;

/// Explains an error of the parser.
///
/// `open` are the brackets that were open at that place, outermost first.
pub(crate) fn error(
    marks: &Marks<'_>,
    error: &ScanError,
    open: impl Iterator<Item = Position>,
) -> Diagnostic {
    let text = marks.text();
    let at = marks.mark(*error.marker());
    // The parser looks ahead: it may not have told of the bracket yet.
    let innermost = open.last().or_else(|| open_before(text, at));
    too_deep(text, at)
        .or_else(|| conflict(text))
        .or_else(|| alias(text, at))
        .or_else(|| tab(text, at))
        .or_else(|| array_suffix(text, at))
        .or_else(|| unclosed(text, at, innermost))
        .or_else(|| no_colon(text, at, error.info()))
        .unwrap_or_else(|| {
            let at = one_character(text, at);
            let label = error.info().to_lowercase();
            let help = remedy(text, at, &label);
            Diagnostic::new(Code::YamlSyntax, at, "this is not YAML")
                .label(label)
                .help(help)
        })
}

/// What most often helps where the parser stopped.
fn remedy(text: &str, at: Position, label: &str) -> &'static str {
    let line_start = text[..at.start].rfind('\n').map_or(0, |i| i + 1);
    let before = text[line_start..at.start].trim();
    let first_on_line = before.is_empty();
    match text[at.start..].chars().next() {
        Some('"') if label.contains("escape") => {
            "YAML has escapes such as `\\n` and `\\u00e9`: write the character itself, or double the `\\`"
        }
        Some('"' | '\'') => "close the quote, or put the text between two of them",
        Some(']' | '}') => "remove it, or open it before",
        // A word and its colon, alone on a line: a key that is not in line.
        Some(':') if !before.contains([' ', ':', '{', '[']) => {
            "line the keys of one map up under each other"
        }
        Some(':') => "a text with `: ` in it needs quotes, and entries need a comma between them",
        _ if first_on_line => "line the keys of one map up under each other",
        _ => "put the text in quotes",
    }
}

/// Brackets inside each other, more than the parser looks ahead through.
fn too_deep(text: &str, at: Position) -> Option<Diagnostic> {
    let mut depth = 0_usize;
    for (start, byte) in text.get(..at.start)?.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(deeper(Position::of(text, start, start + 1)));
        }
    }
    None
}

/// The error for a list or map that lies too deep.
pub(crate) fn deeper(at: Position) -> Diagnostic {
    let message = format!("lists and maps are nested deeper than {MAX_DEPTH}");
    Diagnostic::new(Code::TooDeep, at, message)
        .help("no part of the language nests deeper than six")
}

/// What git leaves of two branches that changed the same lines. The parser
/// stops anywhere below it.
fn conflict(text: &str) -> Option<Diagnostic> {
    let start = match text.starts_with("<<<<<<< ") {
        true => 0,
        false => text.find("\n<<<<<<< ")? + 1,
    };
    let rest = &text[start..];
    let end = start + rest.lines().next().map_or(0, str::len);
    let at = Position::of(text, start, end);
    let d = Diagnostic::new(Code::YamlSyntax, at, "a merge that is not finished");
    Some(d.label("here begins what two branches changed").help(
        "keep what is right, remove the lines with `<<<<<<<`, `=======` and `>>>>>>>`, and \
             compare with both branches: `shm-codegen breaking NEW --against git:BRANCH`",
    ))
}

/// An alias of an anchor that is not there.
fn alias(text: &str, at: Position) -> Option<Diagnostic> {
    let start = at.start;
    let name = text.get(start..)?.strip_prefix('*')?;
    let word = name.find(|c: char| c.is_whitespace() || ",[]{}".contains(c));
    let end = start + 1 + word.unwrap_or(name.len());
    Some(no_aliases(Position::of(text, start, end)))
}

/// The error for `*name`.
pub(crate) fn no_aliases(at: Position) -> Diagnostic {
    Diagnostic::new(Code::Alias, at, "aliases are not part of the language")
        .help("write the value out, or name it under `constants`")
}

/// A tab in the indentation of the line, or of the one before or after.
fn tab(text: &str, at: Position) -> Option<Diagnostic> {
    let this = text.get(..at.start)?.rfind('\n').map_or(0, |i| i + 1);
    let before = text[..this.saturating_sub(1)]
        .rfind('\n')
        .map_or(0, |i| i + 1);
    let next = text[at.start..]
        .find('\n')
        .map_or(this, |i| at.start + i + 1);
    [this, before, next].into_iter().find_map(|line| {
        let indent = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
        let start = line + text[line..line + indent].find('\t')?;
        let at = Position::of(text, start, start + 1);
        let d = Diagnostic::new(Code::TabIndent, at, "a tab in the indentation");
        Some(d.help("YAML is indented by spaces: replace the tab"))
    })
}

/// `f64[6]` inside `{ ... }`, where a bracket starts a list.
fn array_suffix(text: &str, at: Position) -> Option<Diagnostic> {
    let line_start = text.get(..at.start)?.rfind('\n').map_or(0, |i| i + 1);
    let line_end = text[line_start..]
        .find('\n')
        .map_or(text.len(), |i| line_start + i);
    let line = &text[line_start..line_end];
    let (open, _) = line.char_indices().find(|&(i, c)| {
        let before = line[..i].chars().next_back();
        c == '[' && before.is_some_and(|b| b.is_ascii_alphanumeric() || b == '_')
    })?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = line[..open].trim_end_matches(is_word).len();
    let close = line[open..].find(']').map_or(line.len(), |i| open + i + 1);
    let at = Position::of(text, line_start + word, line_start + close);
    Some(array_in_type(at, &line[word..close]))
}

/// The error for a type that is written as an array, `f64[6]`.
pub(crate) fn array_in_type(at: Position, written: &str) -> Diagnostic {
    let (element, dims) = element_and_dims(written);
    let instead = match element {
        "str" | "bytes" | "utf16" => format!("write `type: {element}, len: {dims}`"),
        "char" => format!("write `type: str, len: {dims}`"),
        "wchar_t" => format!("write `type: utf16, len: {dims}`"),
        _ => format!("write `type: {element}, dims: [{dims}]`"),
    };
    Diagnostic::new(
        Code::ArrayInType,
        at,
        format!("`{written}` is not how an array is written"),
    )
    .help(instead)
}

/// `u8` and `2, 3` of `u8[2][3]`, and of `[[u8; 3]; 2]` as Rust writes it.
fn element_and_dims(written: &str) -> (&str, String) {
    let (element, dims): (&str, Vec<&str>) = match written.starts_with('[') {
        true => {
            let mut parts = written.trim_start_matches('[').split(';');
            let element = parts.next().unwrap_or_default();
            (element, parts.rev().collect())
        }
        false => {
            let mut parts = written.split('[');
            let element = parts.next().unwrap_or_default();
            (element, parts.collect())
        }
    };
    let bare = |dim: &str| match dim.trim().trim_end_matches(']').trim() {
        "" => "N".to_owned(),
        dim => dim.to_owned(),
    };
    let mut dims: Vec<String> = dims.into_iter().map(bare).collect();
    if dims.is_empty() {
        dims.push("N".to_owned());
    }
    (element.trim().trim_end_matches(']'), dims.join(", "))
}

fn unclosed(text: &str, at: Position, innermost: Option<Position>) -> Option<Diagnostic> {
    let open = innermost?;
    let rest = text.get(at.start..)?.trim_start();
    let bracket = text.get(open.start..)?.chars().next()?;
    let partner = if bracket == '[' { ']' } else { '}' };
    // The parser stops at the end, at a bracket of the other kind, or at the
    // colon or dash of a line that was meant to stand outside.
    let outside = at.line > open.line;
    (rest.is_empty() || rest.starts_with([']', '}']) || outside).then(|| {
        let open = Position {
            end: open.start + 1,
            ..open
        };
        Diagnostic::new(
            Code::UnclosedBracket,
            open,
            format!("this `{bracket}` is never closed"),
        )
        .other(
            one_character(text, at),
            format!("a `{partner}` was expected before here"),
        )
        .help(format!("close it with `{partner}`"))
    })
}

/// A line of words where a key should be, which the parser finds out below it.
fn no_colon(text: &str, at: Position, info: &str) -> Option<Diagnostic> {
    if !info.contains("simple key expect ':'") {
        return None;
    }
    let before = text.get(..at.start)?.trim_end();
    let line = before.rfind('\n').map_or(0, |i| i + 1);
    let start = before.len() - before[line..].trim_start_matches([' ', '-']).len();
    let at = Position::of(text, start, before.len());
    let d = Diagnostic::new(Code::YamlSyntax, at, "this is not YAML");
    Some(
        d.label("no `:` in this line")
            .help("write `key: value`, with a blank behind the colon"),
    )
}

/// The innermost bracket before `at` that nothing closes, as it is written.
fn open_before(text: &str, at: Position) -> Option<Position> {
    let mut open = Vec::new();
    let mut quote = None;
    // What stands before decides whether a bracket, a quote or a `#` is one.
    let (mut before, mut last) = ('\n', '\n');
    for (start, c) in text.get(..at.start)?.char_indices() {
        let begins = "\n-:,[{".contains(last);
        match (quote, c) {
            (Some('#'), '\n') => quote = None,
            (Some(mark), _) if mark == c && mark != '#' => quote = None,
            (Some(_), _) => {}
            (None, '#') if before.is_whitespace() => quote = Some('#'),
            (None, '"' | '\'') if begins => quote = Some(c),
            (None, '[' | '{') if begins => open.push(start),
            (None, ']' | '}') => drop(open.pop()),
            (None, _) => {}
        }
        before = c;
        if c == '\n' || !c.is_whitespace() {
            last = c;
        }
    }
    let start = open.pop()?;
    Some(Position::of(text, start, start + 1))
}

/// Something to put a caret under.
fn one_character(text: &str, at: Position) -> Position {
    let rest = text.get(at.start..).unwrap_or_default();
    let width = rest
        .chars()
        .next()
        .filter(|&c| c != '\n')
        .map_or(0, char::len_utf8);
    Position {
        end: at.start + width,
        ..at
    }
}
