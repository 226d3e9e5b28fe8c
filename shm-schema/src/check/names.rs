//! Names: identifiers that every target can speak, each for one thing.

use super::clashes::{
    Named, equal_after_renaming, equal_in_upper_case, equal_to_a_constructor, unique,
};
use super::context::Context;
use super::types::Types;
use super::{generated, identifier};
use crate::code::Code;
use crate::model::{Schema, Text};
use crate::words;

/// Checks every name of a schema.
pub(super) fn check(cx: &mut Context<'_>, types: &Types<'_>, schema: &Schema) {
    package(cx, schema);
    top_level(cx, schema);
    generated::check(cx, types, schema);
    for e in &schema.enums {
        let names = e.values.iter().map(|v| ("value", &v.name)).collect();
        Scope::new("enum", &e.name, names).check(cx);
    }
    for f in &schema.flags {
        let names = f.bits.iter().map(|b| ("bit", &b.name)).collect();
        Scope::new("flags", &f.name, names).check(cx);
    }
    for s in &schema.structs {
        let names = s.fields.iter().map(|f| ("field", &f.name)).collect();
        Scope::new("struct", &s.name, names).check(cx);
    }
}

fn package(cx: &mut Context<'_>, schema: &Schema) {
    let Some(package) = &schema.package else {
        return;
    };
    if !identifier::check(cx, "package", package) {
        return;
    }
    let name = package.as_str();
    let what = if words::MODULES.contains(&name) {
        "a module that generated code needs"
    } else if words::STANDARD_LIBRARY.split(' ').any(|m| m == name) {
        "a module of Python's standard library, whose place the generated one would take"
    } else {
        return;
    };
    let d = cx
        .error(Code::ShadowsModule, package, format!("`{name}` is {what}"))
        .help("name the package after what it shares");
    cx.push(d);
}

fn top_level(cx: &mut Context<'_>, schema: &Schema) {
    let enums = schema.enums.iter().map(|e| ("enum", &e.name));
    let flags = schema.flags.iter().map(|f| ("flags", &f.name));
    let structs = schema.structs.iter().map(|s| ("struct", &s.name));
    let types: Vec<_> = enums.chain(flags).chain(structs).collect();
    for (_, name) in &types {
        generated::shadows_builtin(cx, name);
    }
    for segment in &schema.segments {
        generated::shadows_python(cx, &segment.name);
    }
    let constants = schema.constants.iter().map(|c| ("constant", &c.name));
    let segments = schema.segments.iter().map(|s| ("segment", &s.name));
    let values: Vec<_> = constants.chain(segments).collect();

    let mut all: Vec<_> = types.iter().chain(&values).copied().collect();
    all.sort_by_key(|(_, name)| name.node); // as they stand in the file
    for (what, name) in &all {
        identifier::check(cx, what, name);
        generated::module(cx, what, name);
    }
    let unique = unique(cx, "the schema", &all);
    // A segment `quote` of a struct `Quote` is fine: they differ in every
    // language. Two types, or two constants, that differ in case only do not.
    equal_to_a_constructor(cx, &types, &values);
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
            identifier::check(cx, what, name);
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
