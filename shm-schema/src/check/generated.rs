//! Names that generated code makes itself, and what would clash with them.

use std::collections::HashMap;

use super::context::Context;
use super::types::{self, Types};
use crate::code::Code;
use crate::layout::{Scalar, Type};
use crate::model::{Field, Schema, Struct, Text};
use crate::name::Name;
use crate::words;

/// Reports the names of enums, flags and structs that generated code has.
pub(super) fn check(cx: &mut Context<'_>, types: &Types<'_>, schema: &Schema) {
    for e in &schema.enums {
        let names = e.values.iter().map(|v| &v.name);
        members(
            cx,
            names,
            words::ENUM_METHODS,
            "a method of generated enums",
        );
    }
    for f in &schema.flags {
        let names = f.bits.iter().map(|b| &b.name);
        let what = "a method of generated flags";
        members(cx, names, words::BITFLAGS_METHODS, what);
    }
    for s in &schema.structs {
        let names = s.fields.iter().map(|f| &f.name);
        let what = "a member of generated structs";
        members(cx, names, words::RECORD_MEMBERS, what);
        for field in s.fields.iter().filter(|f| has_getter(f)) {
            let what = "a method of every struct, and a scaled field or one with a sentinel \
                        becomes a method too";
            members(cx, [&field.name], words::STRUCT_METHODS, what);
        }
        accessors(cx, types, s);
    }
}

fn members<'a>(
    cx: &mut Context<'_>,
    names: impl IntoIterator<Item = &'a Text>,
    taken: &[&str],
    what: &str,
) {
    for name in names.into_iter().filter(|n| taken.contains(&n.as_str())) {
        let message = format!("`{}` is {what}", name.value);
        let d = cx
            .error(Code::GeneratedMember, name, message)
            .help(format!("write `{}_`, or another word", name.value));
        cx.push(d);
    }
}

/// Whether Rust reads the field through a method of its name.
fn has_getter(field: &Field) -> bool {
    field.scale.is_some() || field.sentinel.is_some()
}

/// Reports fields that are called what another field makes in some language.
fn accessors(cx: &mut Context<'_>, types: &Types<'_>, s: &Struct) {
    let names = s.fields.iter().map(|f| (f.name.as_str(), &**f));
    let by_name: HashMap<&str, &Field> = names.collect();
    let constants: HashMap<String, &Text> = s
        .fields
        .iter()
        .map(|f| (Name::new(f.name.as_str()).upper(), &f.name))
        .collect();
    for field in &s.fields {
        let name = &field.name;
        let raw = by_name.get(format!("{name}_raw", name = name.value).as_str());
        if let Some(raw) = raw.filter(|_| is_raw(cx, types, field)) {
            let message = format!("`{}` is how Python stores `{}`", raw.name.value, name.value);
            clash(cx, &raw.name, name, message);
        }
        let ruled = has_getter(field) || field.range.is_some();
        let setter = by_name.get(format!("set_{}", name.value).as_str());
        // A field and a method may share a name in Rust; two methods may not.
        if let Some(setter) = setter.filter(|other| ruled && has_getter(other)) {
            let message = format!(
                "`{}` is the method that sets `{}` in Rust",
                setter.name.value, name.value
            );
            clash(cx, &setter.name, name, message);
        }
        let upper = Name::new(name.as_str()).upper();
        for (key, suffix, given) in [
            ("scale", "SCALE", field.scale.is_some()),
            ("sentinel", "NONE", field.sentinel.is_some()),
            ("range", "RANGE", field.range.is_some()),
        ] {
            let constant = format!("{upper}_{suffix}");
            if let Some(other) = constants.get(&constant).filter(|_| given) {
                let message = format!(
                    "`{}` and the {key} of `{}` would both be the constant `{constant}` in Rust",
                    other.value, name.value
                );
                clash(cx, other, name, message);
            }
        }
    }
}

/// Whether Python keeps the stored number beside what it stands for: numbers
/// and structs are stored under their own name.
fn is_raw(cx: &Context<'_>, types: &Types<'_>, field: &Field) -> bool {
    let Some(ty) = &field.ty else { return false };
    match types.declared(cx, ty) {
        Some(types::Declared::Struct(_) | types::Declared::Placed(Type::Struct(_))) => false,
        Some(types::Declared::Placed(_)) => true,
        None if Scalar::from_name(ty).is_some() => has_getter(field),
        None => types::builtin(ty).is_some(),
    }
}

fn clash(cx: &mut Context<'_>, name: &Text, of: &Text, message: String) {
    let d = cx
        .error(Code::GeneratedMember, name, message)
        .other(cx.at(of), "this field")
        .help("take another name");
    cx.push(d);
}

/// Reports a name that every generated module has.
pub(super) fn module(cx: &mut Context<'_>, what: &str, name: &Text) {
    let upper = Name::new(name.as_str()).upper();
    // A type keeps its spelling, and the others are constants in Rust.
    let spelled = match what {
        "constant" | "segment" => upper,
        _ => name.value.clone(),
    };
    if words::MODULE_CONSTANTS.contains(&spelled.as_str()) {
        let message = match spelled == name.value {
            true => format!("`{spelled}` is a constant of generated modules"),
            false => format!(
                "{what} `{}` is `{spelled}` in Rust, which is a constant of generated modules",
                name.value
            ),
        };
        let d = cx
            .error(Code::GeneratedMember, name, message)
            .help("take another name");
        cx.push(d);
    }
}

/// Reports a type with the name of a built-in one.
pub(super) fn shadows_builtin(cx: &mut Context<'_>, name: &Text) {
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
    built_in(cx, name, whose);
}

/// Reports a segment that Python would have in the place of a built-in. In Rust
/// it is a constant, and in C a macro.
pub(super) fn shadows_python(cx: &mut Context<'_>, name: &Text) {
    if words::PYTHON_BUILTINS.contains(&name.as_str()) {
        built_in(cx, name, "Python");
    }
}

fn built_in(cx: &mut Context<'_>, name: &Text, whose: &str) {
    let message = format!("`{}` is a built-in of {whose}", name.value);
    let d = cx
        .error(Code::ShadowsBuiltin, name, message)
        .help("take another name, such as one that says what it holds");
    cx.push(d);
}
