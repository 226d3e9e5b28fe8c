//! The module as a whole.

use askama::Template;
use shm_schema::Layout;
use shm_schema::layout::{Field, Type};

use super::layouts::{self, LayoutText};
use super::live::Live;
use super::record::{self, Record};
use super::segment::Segment;
use super::values::{self, Group, Value};
use super::{literal, names};
use crate::stamp;
use crate::target::Refusal;

#[derive(Template)]
#[template(path = "python/module.py")]
struct Module {
    stamp: String,
    doc: String,
    imports: Vec<String>,
    body: String,
}

#[derive(Template)]
#[template(path = "python/body.py")]
struct Body {
    package: String,
    version: u32,
    fingerprint: String,
    all: Vec<String>,
    constants: Vec<Value>,
    groups: Vec<Group>,
    has_enums: bool,
    has_flags: bool,
    has_arrays: bool,
    has_texts: bool,
    has_utf16: bool,
    has_bytes: bool,
    has_times: bool,
    texts: Vec<LayoutText>,
    /// Second names of enums and flags, `_Side` and `Side`.
    aliases: Vec<(String, String)>,
    records: Vec<Record>,
    lives: Vec<Live>,
    segments: Vec<Segment>,
}

/// The text of `<package>.py`.
pub(super) fn text(layout: &Layout) -> Result<String, Refusal> {
    names::check(layout)?;
    let body = Body::new(layout).render()?;
    let module = Module {
        stamp: stamp::line(layout),
        doc: literal::docstring("", &doc(layout)),
        imports: imports(&body),
        body,
    };
    Ok(module.render()? + "\n")
}

fn doc(layout: &Layout) -> String {
    let facts = format!("Schema `{}`, version {}.", layout.package, layout.version);
    match layout.doc.as_deref().map(str::trim_end) {
        None | Some("") => facts,
        Some(doc) => format!("{doc}\n\n{facts}"),
    }
}

/// Exactly what the body uses: linters count the rest.
fn imports(body: &str) -> Vec<String> {
    const MODULES: &[&str] = &[
        "builtins",
        "ctypes",
        "datetime",
        "enum",
        "importlib",
        "math",
        "operator",
        "sys",
    ];
    const TYPING: &[&str] = &["TYPE_CHECKING", "Any", "ClassVar", "NamedTuple", "TypeVar"];
    let mut imports: Vec<String> = MODULES
        .iter()
        .filter(|m| body.contains(&format!("_{m}.")))
        .map(|m| format!("import {m} as _{m}"))
        .collect();
    let typing: Vec<&str> = TYPING
        .iter()
        .copied()
        .filter(|n| has_word(body, n))
        .collect();
    if !typing.is_empty() {
        imports.push(format!("from typing import {}", typing.join(", ")));
    }
    imports
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

impl Body {
    fn new(layout: &Layout) -> Self {
        let any =
            |wanted: fn(&Field) -> bool| layout.structs.iter().any(|s| s.fields().any(wanted));
        let of_segment = |index: usize| layout.segments.iter().any(|s| s.of == index);
        Self {
            package: layout.package.to_string(),
            version: layout.version,
            fingerprint: layout.fingerprint.to_string(),
            all: all(layout),
            constants: layout.constants.iter().map(values::constant).collect(),
            groups: values::groups(layout),
            has_enums: !layout.enums.is_empty(),
            has_flags: !layout.flags.is_empty(),
            has_arrays: any(|f| {
                !f.dims.is_empty() && !matches!(f.ty, Type::Scalar(_) | Type::Struct(_))
            }),
            has_texts: any(|f| matches!(f.ty, Type::Str { .. })),
            has_utf16: any(|f| matches!(f.ty, Type::Utf16 { .. })),
            has_bytes: any(|f| matches!(f.ty, Type::Bytes { .. })),
            has_times: any(|f| matches!(f.ty, Type::Timestamp(_) | Type::Duration(_))),
            texts: match layout.structs.is_empty() {
                true => Vec::new(),
                false => layouts::texts(layout),
            },
            aliases: aliases(layout),
            records: layout
                .structs
                .iter()
                .map(|s| Record::new(layout, s))
                .collect(),
            lives: layout
                .structs
                .iter()
                .enumerate()
                .filter(|(index, _)| of_segment(*index))
                .map(|(_, s)| Live::new(layout, s))
                .collect(),
            segments: layout
                .segments
                .iter()
                .map(|s| Segment::new(layout, s))
                .collect(),
        }
    }
}

/// Sorted as linters sort it: constants, types, the rest.
fn all(layout: &Layout) -> Vec<String> {
    let own = ["SCHEMA_FINGERPRINT", "SCHEMA_VERSION"].map(str::to_owned);
    let mut all: Vec<String> = own
        .into_iter()
        .chain(layout.constants.iter().map(|c| c.name.python()))
        .chain(layout.enums.iter().map(|e| e.name.python()))
        .chain(layout.flags.iter().map(|f| f.name.python()))
        .chain(layout.structs.iter().map(|s| s.name.python()))
        .chain(layout.segments.iter().map(|s| s.name.python()))
        .collect();
    all.sort_by_cached_key(|name| (kind(name), natural(name)));
    all
}

fn kind(name: &str) -> u8 {
    let has_lower = name.contains(|c: char| c.is_ascii_lowercase());
    match (
        has_lower,
        name.starts_with(|c: char| c.is_ascii_uppercase()),
    ) {
        (false, _) if name.len() > 1 => 0,
        (_, true) => 1,
        _ => 2,
    }
}

/// The runs of digits as numbers, so that `Flags8` stands before `Flags16`.
fn natural(name: &str) -> Vec<(String, u128)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (word, tail) = rest.split_at(text);
        let digits = tail
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        parts.push((word.to_owned(), number.parse().unwrap_or(u128::MAX)));
        rest = tail;
    }
    parts
}

fn aliases(layout: &Layout) -> Vec<(String, String)> {
    let enums = layout.enums.iter().map(|e| e.name.python());
    let flags = layout.flags.iter().map(|f| f.name.python());
    enums
        .chain(flags)
        .map(|name| (record::alias(layout, &name), name))
        .filter(|(alias, _)| !alias.is_empty())
        .collect()
}
