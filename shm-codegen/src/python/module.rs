//! The module as a whole.

use askama::Template;
use shm_schema::Layout;
use shm_schema::layout::{Field, Type};

use super::imports::{self, Import};
use super::layouts::{self, LayoutText};
use super::live::Live;
use super::record::Record;
use super::scope::Hidden;
use super::segment::Segment;
use super::values::{self, Group, Value};
use super::{field, literal, names, types};
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
    /// The schema's file, for a message.
    file: String,
    /// Of each own type.
    fingerprints: Vec<(String, String)>,
    imports: Vec<Import>,
    all: Vec<String>,
    constants: Vec<Value>,
    groups: Vec<Group>,
    has_enums: bool,
    has_flags: bool,
    has_arrays: bool,
    has_each: bool,
    /// Of own fields, or of fields of records that own ones hold.
    has_ranges: bool,
    has_absent_ranges: bool,
    has_scaled_ranges: bool,
    has_own_ranges: bool,
    /// Of own timestamps and durations.
    has_time_ranges: bool,
    /// Of fields without a property, which nothing else would check.
    has_plain_ranges: bool,
    /// Whether an annotation says that a field takes any fraction.
    has_exact: bool,
    has_scales: bool,
    has_sentinels: bool,
    /// Of fields with a scale.
    has_absent_scales: bool,
    /// Of timestamps and durations.
    has_absent_times: bool,
    has_bools: bool,
    /// Fields that are of an enum or flags.
    has_members: bool,
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
    const TYPING: &[&str] = &[
        "TYPE_CHECKING",
        "Any",
        "ClassVar",
        "NamedTuple",
        "Protocol",
        "TypeVar",
    ];
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
        let own = |wanted: fn(&Field) -> bool| {
            let mut fields = layout.own_structs().flat_map(|s| s.fields());
            fields.any(wanted)
        };
        // What an own record holds is looked at through it.
        let any = |wanted: fn(&Field) -> bool| {
            let mut fields = layout.structs.iter().flat_map(|s| s.fields());
            layout.own_structs().next().is_some() && fields.any(wanted)
        };
        let hidden = Hidden::of(layout);
        let of_segment = |index: usize| layout.segments.iter().any(|s| s.of == index);
        let has_live = |wanted: fn(&Field) -> bool| {
            let mut fields = layout
                .segments
                .iter()
                .flat_map(|s| layout.structs[s.of].fields());
            fields.any(wanted)
        };
        Self {
            package: layout.package.to_string(),
            version: layout.version,
            fingerprint: layout.fingerprint.to_string(),
            file: stamp::file_name(&layout.file),
            fingerprints: imports::own(layout),
            imports: imports::of(layout),
            all: all(layout),
            constants: layout.constants.iter().map(values::constant).collect(),
            groups: values::groups(layout),
            has_enums: layout.own_enums().next().is_some(),
            has_flags: layout.own_flags().next().is_some(),
            has_arrays: own(types::has_checked_array),
            has_each: own(|f| field::is_typed(f) && !f.dims.is_empty()),
            has_ranges: any(|f| f.range.is_some()),
            has_absent_ranges: any(|f| f.range.is_some() && f.sentinel.is_some()),
            has_scaled_ranges: any(|f| f.range.is_some() && f.scale.is_some()),
            has_own_ranges: own(|f| f.range.is_some()),
            has_time_ranges: own(|f| f.range.is_some() && is_time(f)),
            has_plain_ranges: own(|f| f.range.is_some() && !field::is_typed(f)),
            has_exact: has_live(|f| f.scale.is_some()) || own(|f| f.scale.is_some()),
            has_scales: own(|f| f.scale.is_some()),
            has_sentinels: own(|f| f.sentinel.is_some()),
            has_absent_scales: own(|f| f.sentinel.is_some() && f.scale.is_some()),
            has_absent_times: own(|f| f.sentinel.is_some() && is_time(f)),
            has_bools: own(|f| matches!(f.ty, Type::Bool)),
            has_members: own(|f| matches!(f.ty, Type::Enum(_) | Type::Flags(_))),
            has_texts: own(|f| matches!(f.ty, Type::Str { .. })),
            has_utf16: own(|f| matches!(f.ty, Type::Utf16 { .. })),
            has_bytes: own(|f| matches!(f.ty, Type::Bytes { .. })),
            has_times: own(is_time),
            texts: layouts::texts(layout),
            aliases: aliases(layout, &hidden),
            records: layout
                .own_structs()
                .map(|s| Record::new(layout, s, &hidden))
                .collect(),
            lives: (0..layout.structs.len())
                .filter(|index| of_segment(*index))
                .map(|index| Live::new(layout, index))
                .collect(),
            segments: layout
                .segments
                .iter()
                .map(|s| Segment::new(layout, s))
                .collect(),
        }
    }
}

fn is_time(field: &Field) -> bool {
    matches!(field.ty, Type::Timestamp(_) | Type::Duration(_))
}

/// Sorted as linters sort it: constants, types, the rest.
fn all(layout: &Layout) -> Vec<String> {
    let own = ["SCHEMA_FINGERPRINT", "SCHEMA_VERSION"].map(str::to_owned);
    let mut all: Vec<String> = own
        .into_iter()
        .chain(layout.constants.iter().map(|c| c.name.upper()))
        .chain(layout.own_enums().map(|e| e.name.python()))
        .chain(layout.own_flags().map(|f| f.name.python()))
        .chain(layout.own_structs().map(|s| s.name.python()))
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

fn aliases(layout: &Layout, hidden: &Hidden) -> Vec<(String, String)> {
    let enums = layout.own_enums().map(|e| e.name.python());
    let flags = layout.own_flags().map(|f| f.name.python());
    enums
        .chain(flags)
        .map(|name| (hidden.alias(&name), name))
        .filter(|(alias, _)| !alias.is_empty())
        .collect()
}
