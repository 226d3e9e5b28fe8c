//! Whether a word is a name that every language takes in some spelling.

use super::context::Context;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::lookalike;
use crate::model::Text;
use crate::name::Name;
use crate::words;

/// Reports a word that is no name; whether it is one.
pub(super) fn check(cx: &mut Context<'_>, what: &str, name: &Text) -> bool {
    let d = empty(cx, what, name)
        .or_else(|| non_ascii(cx, name))
        .or_else(|| not_a_word(cx, name))
        .or_else(|| long(cx, name))
        .or_else(|| kept(cx, what, name))
        .or_else(|| unspeakable(cx, name));
    let fine = d.is_none();
    d.into_iter().for_each(|d| cx.push(d));
    fine
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn empty(cx: &Context<'_>, what: &str, name: &Text) -> Option<Diagnostic> {
    let message = format!("the name of this {what} is empty");
    let d = || cx.key_error(Code::EmptyName, name, message);
    name.is_empty().then(|| d().help("give it a name"))
}

fn non_ascii(cx: &Context<'_>, name: &Text) -> Option<Diagnostic> {
    let text = name.as_str();
    let c = text
        .chars()
        .find(|c| !c.is_ascii() && c.is_alphanumeric())?;
    let number = u32::from(c);
    if let Some(ascii) = lookalike::ascii(text) {
        let message = format!("`{text}` only looks like `{ascii}`");
        return Some(
            cx.error(Code::LookAlikeName, name, message)
                .label(format!(
                    "`{c}` is U+{number:04X}, a letter of another script"
                ))
                .help(format!("type `{ascii}` anew")),
        );
    }
    let message = format!("`{text}` has a letter outside ASCII, `{c}` (U+{number:04X})");
    Some(
        cx.error(Code::NonAsciiName, name, message)
            .help("write it in ASCII: languages disagree on which letters are the same"),
    )
}

fn not_a_word(cx: &Context<'_>, name: &Text) -> Option<Diagnostic> {
    let text = name.as_str();
    if text.chars().all(is_word) && !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let suggestion: String = text
        .chars()
        .map(|c| if is_word(c) { c } else { '_' })
        .collect();
    let suggestion = suggestion.trim_matches('_');
    let usable = suggestion.starts_with(|c: char| c.is_ascii_alphabetic());
    let message = format!("`{}` is not an identifier", text.escape_debug());
    Some(
        cx.error(Code::BadIdentifier, name, message)
            .note("a name is a letter, then letters, digits and `_`")
            .maybe_help(usable.then(|| format!("write `{suggestion}`"))),
    )
}

fn long(cx: &Context<'_>, name: &Text) -> Option<Diagnostic> {
    let (length, limit) = (name.len(), Name::MAX);
    let message = format!("a name of {length} characters; the limit is {limit}");
    let d = || cx.error(Code::LongName, name, message);
    (length > limit).then(|| d().help("`doc` has room for the rest"))
}

/// Names that mean something to Python or to us.
fn kept(cx: &Context<'_>, what: &str, name: &Text) -> Option<Diagnostic> {
    let text = name.as_str();
    let bare = text.trim_matches('_');
    let usable = bare.starts_with(|c: char| c.is_ascii_alphabetic());
    let help = match usable {
        _ if bare == text => format!("write `{text}_`, or another word"),
        true => format!("write `{bare}`, or another word"),
        false => "start it with a letter".to_owned(),
    };
    let pad = text.strip_prefix("_pad");
    let d = if text.starts_with("__") && text.ends_with("__") {
        let message = format!("`{text}` is a name that Python keeps for itself");
        cx.error(Code::PythonName, name, message)
    } else if what == "field" && words::CTYPES_NAMES.contains(&text) {
        let message = format!("`{text}` means something to ctypes");
        cx.error(Code::PythonName, name, message)
    } else if pad.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
        let message = format!("`{text}` is what padding is called");
        let help = "to keep room free write `{ name: spare, reserved: N }`";
        return Some(cx.error(Code::GeneratedMember, name, message).help(help));
    } else if text.starts_with('_') {
        let message = format!("`{text}` starts with an underscore");
        cx.error(Code::LeadingUnderscore, name, message)
            .note("such names are kept for generated members")
    } else {
        return None;
    };
    Some(d.help(help))
}

fn unspeakable(cx: &Context<'_>, name: &Text) -> Option<Diagnostic> {
    let text = name.as_str();
    let message = format!("`{text}` can be no name in Rust, not even a raw one");
    let d = || cx.error(Code::UnspeakableName, name, message);
    let unspeakable = words::RUST_UNSPEAKABLE.contains(&text);
    unspeakable.then(|| d().help(format!("write `{}_`, or another word", text.to_lowercase())))
}
