//! Names: identifiers that every target can speak, each for one thing.

use std::collections::{HashMap, HashSet};

use super::clashes::{Named, equal_after_renaming, equal_in_upper_case, unique};
use super::context::Context;
use super::types;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::layout::Scalar;
use crate::model::{Schema, Struct, Text};
use crate::name::Name;
use crate::words;

/// Checks every name of a schema.
pub(super) fn check(cx: &mut Context<'_>, schema: &Schema) {
    package(cx, schema);
    top_level(cx, schema);
    for e in &schema.enums {
        let names: Vec<_> = e.values.iter().map(|v| ("value", &v.name)).collect();
        for (_, name) in &names {
            generated(cx, name, words::ENUM_METHODS, "a method of generated enums");
        }
        Scope::new("enum", &e.name, names).check(cx);
    }
    for f in &schema.flags {
        let names: Vec<_> = f.bits.iter().map(|b| ("bit", &b.name)).collect();
        for (_, name) in &names {
            generated(
                cx,
                name,
                words::BITFLAGS_METHODS,
                "a method of generated flags",
            );
        }
        Scope::new("flags", &f.name, names).check(cx);
    }
    let structs: HashSet<&str> = schema.structs.iter().map(|s| s.name.as_str()).collect();
    for s in &schema.structs {
        let names: Vec<_> = s.fields.iter().map(|f| ("field", &f.name)).collect();
        for (_, name) in &names {
            generated(
                cx,
                name,
                words::RECORD_MEMBERS,
                "a member of generated structs",
            );
        }
        raw_twins(cx, s, &structs);
        Scope::new("struct", &s.name, names).check(cx);
    }
}

fn package(cx: &mut Context<'_>, schema: &Schema) {
    let Some(package) = &schema.package else {
        return;
    };
    if identifier(cx, "package", package) && words::MODULES.contains(&package.as_str()) {
        let message = format!("`{}` is a module that generated code needs", package.value);
        let d = cx
            .error(Code::ShadowsModule, package, message)
            .help("name the package after what it shares");
        cx.push(d);
    }
}

fn top_level(cx: &mut Context<'_>, schema: &Schema) {
    let enums = schema.enums.iter().map(|e| ("enum", &e.name));
    let flags = schema.flags.iter().map(|f| ("flags", &f.name));
    let structs = schema.structs.iter().map(|s| ("struct", &s.name));
    let types: Vec<_> = enums.chain(flags).chain(structs).collect();
    for (_, name) in &types {
        shadows_builtin(cx, name);
    }
    let constants = schema.constants.iter().map(|c| ("constant", &c.name));
    let segments = schema.segments.iter().map(|s| ("segment", &s.name));
    let values: Vec<_> = constants.chain(segments).collect();

    let mut all: Vec<_> = types.iter().chain(&values).copied().collect();
    all.sort_by_key(|(_, name)| name.node); // as they stand in the file
    for (what, name) in &all {
        identifier(cx, what, name);
    }
    let unique = unique(cx, "the schema", &all);
    // A segment `quote` of a struct `Quote` is fine: they differ in every
    // language. Two types, or two constants, that differ in case only do not.
    for group in [types, values] {
        let group: Vec<_> = group
            .into_iter()
            .filter(|n| unique.contains(&n.1.node))
            .collect();
        equal_in_upper_case(cx, &group);
        equal_after_renaming(cx, &group);
    }
}

/// Names that must differ from each other.
struct Scope<'a> {
    of: &'static str,
    name: &'a Text,
    names: Vec<Named<'a>>,
}

impl<'a> Scope<'a> {
    fn new(of: &'static str, name: &'a Text, names: Vec<Named<'a>>) -> Self {
        Scope { of, name, names }
    }

    fn check(self, cx: &mut Context<'_>) {
        for (what, name) in &self.names {
            identifier(cx, what, name);
        }
        let of = format!("{} `{}`", self.of, self.name.value);
        let unique = unique(cx, &of, &self.names);
        let names: Vec<_> = self
            .names
            .into_iter()
            .filter(|n| unique.contains(&n.1.node))
            .collect();
        equal_in_upper_case(cx, &names);
        equal_after_renaming(cx, &names);
    }
}

/// Whether a name is one that every language takes in some spelling.
fn identifier(cx: &mut Context<'_>, what: &str, name: &Text) -> bool {
    let d = bad_identifier(cx, what, name);
    let fine = d.is_none();
    if let Some(d) = d {
        cx.push(d);
    }
    fine
}

fn bad_identifier(cx: &Context<'_>, what: &str, name: &Text) -> Option<Diagnostic> {
    let text = name.as_str();
    let first = text.chars().next();
    let Some(first) = first else {
        let message = format!("the name of this {what} is empty");
        return Some(
            cx.key_error(Code::EmptyName, name, message)
                .help("give it a name"),
        );
    };
    if let Some(c) = text.chars().find(|c| !c.is_ascii() && c.is_alphanumeric()) {
        let message = format!(
            "`{text}` has a letter outside ASCII, `{c}` (U+{:04X})",
            u32::from(c)
        );
        return Some(
            cx.error(Code::NonAsciiName, name, message)
                .help("write it in ASCII: languages disagree on which letters are the same"),
        );
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !text.chars().all(is_word) || first.is_ascii_digit() {
        let message = format!("`{}` is not an identifier", text.escape_debug());
        let suggestion: String = text
            .chars()
            .map(|c| if is_word(c) { c } else { '_' })
            .collect();
        let suggestion = suggestion.trim_matches('_');
        let usable = suggestion.starts_with(|c: char| c.is_ascii_alphabetic());
        return Some(
            cx.error(Code::BadIdentifier, name, message)
                .note("a name is a letter, then letters, digits and `_`")
                .maybe_help(usable.then(|| format!("write `{suggestion}`"))),
        );
    }
    if text.len() > Name::MAX {
        let message = format!(
            "a name of {} characters; the limit is {}",
            text.len(),
            Name::MAX
        );
        return Some(
            cx.error(Code::LongName, name, message)
                .help("`doc` has room for the rest"),
        );
    }
    if first == '_' {
        let message = format!("`{text}` starts with an underscore");
        return Some(
            cx.error(Code::LeadingUnderscore, name, message)
                .help("such names are kept for generated members"),
        );
    }
    if words::RUST_UNSPEAKABLE.contains(&text) {
        let message = format!("`{text}` can be no name in Rust, not even a raw one");
        return Some(
            cx.error(Code::UnspeakableName, name, message)
                .help(format!("write `{}_`, or another word", text.to_lowercase())),
        );
    }
    None
}

fn generated(cx: &mut Context<'_>, name: &Text, members: &[&str], what: &str) {
    if members.contains(&name.as_str()) {
        let d = cx
            .error(
                Code::GeneratedMember,
                name,
                format!("`{}` is {what}", name.value),
            )
            .help("take another name");
        cx.push(d);
    }
}

/// A Python class keeps the stored number of `side`, an enum, in `side_raw`.
fn raw_twins(cx: &mut Context<'_>, s: &Struct, structs: &HashSet<&str>) {
    // Numbers and structs are stored under their own name.
    let is_raw = |ty: &str| Scalar::from_name(ty).is_none() && !structs.contains(ty);
    let fields: HashMap<&str, &Text> = s
        .fields
        .iter()
        .filter(|f| f.ty.as_ref().is_some_and(|ty| is_raw(ty)))
        .map(|f| (f.name.as_str(), &f.name))
        .collect();
    for field in &s.fields {
        let twin = field
            .name
            .strip_suffix("_raw")
            .and_then(|base| fields.get(base));
        let Some(twin) = twin else { continue };
        let message = format!(
            "`{}` is how Python stores `{}`",
            field.name.value, twin.value
        );
        let d = cx
            .error(Code::GeneratedMember, &field.name, message)
            .other(cx.at(*twin), "this field")
            .help("take another name");
        cx.push(d);
    }
}

fn shadows_builtin(cx: &mut Context<'_>, name: &Text) {
    let text = name.as_str();
    let whose = if types::builtin(text).is_some() {
        "the schema language"
    } else if words::PYTHON_BUILTINS.contains(&text) {
        "Python"
    } else if words::RUST_PRELUDE.contains(&text) {
        "Rust"
    } else {
        return;
    };
    let d = cx
        .error(
            Code::ShadowsBuiltin,
            name,
            format!("`{text}` is a built-in of {whose}"),
        )
        .help("take another name, such as one that says what it holds");
    cx.push(d);
}
