//! Doc comments as the text of a schema.

use syn::{Attribute, Expr, Lit, Meta};

/// What doc comments say; `None` when they say nothing. Those of generated
/// code are Markdown with a paragraph of the generator's at the end.
pub(super) fn text(attributes: &[Attribute], generated: bool) -> Option<String> {
    let lines = attributes.iter().filter_map(line);
    let lines: Vec<String> = lines
        .map(|l| l.strip_prefix(' ').unwrap_or(&l).to_owned())
        .collect();
    let text = lines.join("\n");
    let text = text.trim_end().trim_start_matches('\n');
    let text = match generated {
        true => plain(text.rsplit_once("\n\n").map_or("", |(own, _)| own)),
        false => text.to_owned(),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// The same of an item whose generated doc is the schema's, or a `title` when
/// the schema has none.
pub(super) fn text_or(attributes: &[Attribute], generated: bool, title: &str) -> Option<String> {
    let text = text(attributes, false)?;
    match generated {
        true => Some(plain(&text)).filter(|text| text != title),
        false => Some(text),
    }
}

/// The text of `///` and of `#[doc = ".."]`; a block comment has many lines.
fn line(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Without the escapes that keep a schema's text from being Markdown.
fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut code = false;
    let mut chars = markdown.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if !code && chars.peek().is_some_and(char::is_ascii_punctuation) => {
                out.extend(chars.next());
            }
            '<' | '>' if !code => {}
            _ => {
                code ^= c == '`';
                out.push(c);
            }
        }
    }
    out
}

/// The note of `#[deprecated(note = "..")]`, or a word when it has none.
pub(super) fn deprecated(attributes: &[Attribute]) -> Option<String> {
    let attribute = attributes
        .iter()
        .find(|a| a.path().is_ident("deprecated"))?;
    let mut note = None;
    match &attribute.meta {
        Meta::NameValue(pair) => note = super::item::string(&pair.value),
        Meta::List(_) => {
            // What cannot be read is rustc's to refuse.
            let _ = attribute.parse_nested_meta(|meta| {
                let text: syn::LitStr = meta.value()?.parse()?;
                if meta.path.is_ident("note") {
                    note = Some(text.value());
                }
                Ok(())
            });
        }
        Meta::Path(_) => {}
    }
    Some(note.unwrap_or_else(|| "deprecated".to_owned()))
}
