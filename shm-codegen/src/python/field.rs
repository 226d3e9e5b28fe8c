//! A field in its class: its entry in `FIELDS`, its annotation, its property.

use shm_schema::layout::{Field, Layout, Number, Scalar, Type};

use super::code::Code;
use super::scope::Scope;
use super::{convert, literal, types};
use crate::words;

/// Whether a property stands over what is stored. A plain number or record has
/// its own name; what is made into something else is stored as `<name>_raw`.
pub(super) fn is_typed(field: &Field) -> bool {
    match field.ty {
        Type::Scalar(_) => field.scale.is_some() || field.sentinel.is_some(),
        Type::Struct(_) => false,
        _ => true,
    }
}

/// What ctypes calls a field.
pub(super) fn stored_name(field: &Field) -> String {
    let name = field.name.python();
    match is_typed(field) {
        true => format!("{name}_raw"),
        false => name,
    }
}

/// `"px": _Field(...),`.
pub(super) fn entry(layout: &Layout, field: &Field) -> String {
    let dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    let mut facts = vec![
        ("type", literal::string(&layout.type_name(field.ty))),
        ("dims", literal::tuple(&dims)),
        ("offset", field.offset.to_string()),
        ("size", field.size.to_string()),
        ("attribute", literal::string(&field.name.python())),
        ("stored", literal::string(&stored_name(field))),
    ];
    let mut fact = |name, value: Option<String>| facts.extend(value.map(|value| (name, value)));
    let string = |text: &Option<String>| text.as_deref().map(literal::string);
    fact("unit", string(&field.unit));
    fact("doc", string(&field.doc));
    let ends = ends(field);
    fact(
        "range",
        ends.map(|ends| literal::tuple(&ends.map(literal::number))),
    );
    fact("sentinel", field.sentinel.map(literal::number));
    let scale = field.scale.as_ref();
    fact("scale", scale.map(|s| literal::string(&s.text)));
    fact(
        "worth",
        scale.map(|s| literal::tuple(&[s.numerator, s.denominator].map(|n| n.to_string()))),
    );
    fact("since", field.since.map(|v| v.to_string()));
    fact("deprecated", string(&field.deprecated));
    let facts = facts
        .into_iter()
        .map(|(name, value)| Code::keyword(name, value));
    let key = format!("{}: ", literal::string(field.name.as_str()));
    Code::call("_Field", facts).line(8, &key, ",")
}

/// The annotation of the ctypes field, and the property of a field that needs
/// one.
pub(super) fn members(layout: &Layout, field: &Field, scope: &Scope) -> String {
    let stored = stored_name(field);
    let annotation = types::stored(layout, field, scope);
    let Some(typed) = types::typed(layout, field, scope) else {
        let doc = literal::docstring("    ", &doc(layout, field));
        return format!("    {stored}: {annotation}\n{doc}");
    };
    let name = field.name.python();
    let property = scope.builtin("property");
    let doc = literal::docstring("        ", &doc(layout, field));
    let taken = types::taken(layout, field, scope);
    let get = getter(layout, field, &typed);
    let set = setter(layout, field).line(8, &format!("self.{stored} = "), "");
    format!(
        "    {stored}: {annotation}

    @{property}
    def {name}(self) -> {typed}:
{doc}
{get}

    @{name}.setter
    def {name}(self, value: {taken}) -> None:
{set}"
    )
}

fn getter(layout: &Layout, field: &Field, typed: &str) -> String {
    let stored = format!("self.{}", stored_name(field));
    let none = |item| convert::is_none(field, item);
    if !field.dims.is_empty() {
        let read = convert::read(layout, field, "item");
        let each = match none("item") {
            Some(test) => Code::text(format!("None if {test} else {}", read.flat())),
            None => read,
        };
        // `_each` cannot say how deep its result is nested.
        let values = each_of(each, stored, field);
        let line = values.line(8, &format!("values: {typed} = "), "");
        return format!("{line}\n        return values");
    }
    match none("raw") {
        None => convert::read(layout, field, &stored).line(8, "return ", ""),
        Some(test) => {
            let read = convert::read(layout, field, "raw");
            let read = format!("return None if {test} else {}", read.flat());
            format!("        raw = {stored}\n        {read}")
        }
    }
}

/// The range's ends, as Python compares them.
///
/// Those of an f32 are let out to the nearest f32, which is what the stored
/// number can be: without that, a field set to the end of its range would be
/// read back as outside of it.
fn ends(field: &Field) -> Option<[Number; 2]> {
    let (low, high) = field.range?;
    match (field.ty, low, high) {
        #[allow(clippy::cast_possible_truncation)] // the rounding is the point
        (Type::Scalar(Scalar::F32), Number::Float(low), Number::Float(high)) => Some([
            Number::Float(low.min(f64::from(low as f32))),
            Number::Float(high.max(f64::from(high as f32))),
        ]),
        _ => Some([low, high]),
    }
}

fn setter(layout: &Layout, field: &Field) -> Code {
    let stored = match field.dims.is_empty() {
        true => convert::write(layout, field, "value"),
        false => each_of(convert::write(layout, field, "item"), "value".into(), field),
    };
    match field.range {
        None => stored,
        Some(_) => {
            let facts = format!("self.FIELDS[{}]", literal::string(field.name.as_str()));
            Code::call("_inside", [Code::text(facts), stored])
        }
    }
}

/// `convert`, an expression of `item`, over all elements.
fn each_of(convert: Code, values: String, field: &Field) -> Code {
    let item = Code::text("item");
    let function = match convert {
        Code::Call { head, args } if args == [item] => Code::text(head),
        Code::Call { head, args } => Code::call(format!("lambda item: {head}"), args),
        other => Code::text(format!("lambda item: {}", other.flat())),
    };
    let depth = field.dims.len().to_string();
    Code::call("_each", [function, Code::Text(values), Code::Text(depth)])
}

/// The field's doc, and in brackets what else is to be known.
fn doc(layout: &Layout, field: &Field) -> String {
    let mut facts = vec![
        words::field_type(layout, field),
        format!("byte {}", field.offset),
    ];
    if field.name.python() != field.name.as_str() {
        facts.insert(0, format!("`{}` in the schema", field.name));
    }
    facts.extend(words::facts(field));
    if let Some(version) = field.since {
        facts.push(format!("since version {version}"));
    }
    if let Some(why) = &field.deprecated {
        facts.push(format!("deprecated: {}", why.trim_end()));
    }
    let facts = format!("({})", facts.join(", "));
    match field.doc.as_deref().map(str::trim_end) {
        None | Some("") => facts,
        Some(doc) if doc.contains('\n') => format!("{doc}\n\n{facts}"),
        Some(doc) => format!("{doc} {facts}"),
    }
}
