//! The text of a file, before anyone reads it as YAML.

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::position::Position;

/// Most bytes of a schema file.
pub(crate) const MAX_BYTES: usize = 1 << 20;

/// Decodes a file and refuses characters that hide something.
///
/// Returns the text without a byte order mark. On an error the text comes
/// too, with stand-ins for what could not be decoded, so that the place can
/// be shown.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, (String, Vec<Diagnostic>)> {
    if bytes.len() > MAX_BYTES {
        return Err((String::new(), vec![too_large(bytes.len())]));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let start = error.valid_up_to();
        let at = Position::of(&text, start, start + 3);
        let byte = bytes.get(start).copied().unwrap_or_default();
        let d = Diagnostic::new(Code::NotUtf8, at, "the file is not UTF-8")
            .label(format!("the byte 0x{byte:02x} does not belong here"))
            .help("save the file as UTF-8");
        (text, vec![d])
    })?;
    match hidden(text) {
        Some(d) => Err((text.to_owned(), vec![d])),
        None => Ok(text),
    }
}

fn too_large(size: usize) -> Diagnostic {
    let message = format!("the file has {size} bytes; a schema has at most {MAX_BYTES}");
    Diagnostic::new(Code::TooLarge, Position::default(), message)
        .help("split it into several schemas")
}

/// The first character of a file that a reader could not see.
fn hidden(text: &str) -> Option<Diagnostic> {
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let line_end = c == '\r' && matches!(chars.peek(), Some((_, '\n')));
        if let (Some((code, what)), false) = (hides(c), line_end) {
            let at = Position::of(text, start, start + c.len_utf8());
            return Some(diagnostic(code, at, what, c));
        }
    }
    None
}

/// The error for a character that an escape such as `"\0"` brings in.
pub(crate) fn hidden_in_scalar(text: &str, at: Position) -> Option<Diagnostic> {
    let (c, (code, what)) = text.chars().find_map(|c| Some((c, hides(c)?)))?;
    Some(diagnostic(code, at, what, c))
}

fn diagnostic(code: Code, at: Position, what: &str, c: char) -> Diagnostic {
    let message = format!("{what} (U+{:04X}) in a schema", u32::from(c));
    let d = Diagnostic::new(code, at, message);
    match code {
        Code::DirectionOverride => {
            d.help("remove it: it makes text look like something else than it is")
        }
        _ => d.help("remove it: no generated file could carry it safely"),
    }
}

/// Why a character may stand neither in the text nor in a value.
fn hides(c: char) -> Option<(Code, &'static str)> {
    match c {
        '\0' => Some((Code::Nul, "a NUL character")),
        '\t' | '\n' => None,
        '\u{2028}' | '\u{2029}' => Some((Code::ControlCharacter, "a line separator")),
        '\u{feff}' => Some((Code::ControlCharacter, "a byte order mark")),
        // Those of UAX #9 that change the order in which text is shown; the
        // set that rustc's `text_direction_codepoint_in_literal` refuses.
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => Some((
            Code::DirectionOverride,
            "a character that changes the direction of text",
        )),
        c if c.is_control() => Some((Code::ControlCharacter, "a control character")),
        _ => None,
    }
}
