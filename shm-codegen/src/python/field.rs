//! A field in its class: its entry in `FIELDS`, its annotation, its property.

use shm_schema::layout::{Field, Layout, Type};

use super::scope::Scope;
use super::{literal, types};
use crate::words;

/// What ctypes calls a field: a plain number or record has its own name, what
/// needs a typed property gets `_raw`.
pub(super) fn stored_name(field: &Field) -> String {
    let name = field.name.python();
    match field.ty {
        Type::Scalar(_) | Type::Struct(_) => name,
        _ => format!("{name}_raw"),
    }
}

/// `"px": _Field(...)`.
pub(super) fn entry(layout: &Layout, field: &Field) -> String {
    let dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    let placed = [
        literal::string(&words::element_type(layout, field.ty)),
        literal::tuple(&dims),
        field.offset.to_string(),
        field.size.to_string(),
        literal::string(&field.name.python()),
        literal::string(&stored_name(field)),
    ];
    let mut keywords = Vec::new();
    let mut keyword = |name: &str, value: Option<String>| {
        keywords.extend(value.map(|value| format!("{name}={value}")));
    };
    let string = |text: &Option<String>| text.as_deref().map(literal::string);
    keyword("unit", string(&field.unit));
    keyword("doc", string(&field.doc));
    keyword(
        "range",
        field
            .range
            .map(|(low, high)| literal::tuple(&[literal::number(low), literal::number(high)])),
    );
    keyword("sentinel", field.sentinel.map(literal::number));
    keyword(
        "scale",
        field.scale.as_ref().map(|s| literal::string(&s.text)),
    );
    keyword("since", field.since.map(|v| v.to_string()));
    keyword("deprecated", string(&field.deprecated));
    let head = format!("{}: _Field", literal::string(field.name.as_str()));
    literal::call("        ", &head, &placed, &keywords)
}

/// The annotation of the ctypes field, and the property of a field that needs
/// one.
pub(super) fn members(layout: &Layout, field: &Field, scope: &Scope) -> String {
    let stored = stored_name(field);
    let annotation = types::stored(layout, field, scope);
    let doc = literal::docstring("    ", &doc(layout, field));
    let Some(typed) = types::typed(layout, field, scope) else {
        return format!("    {stored}: {annotation}\n{doc}");
    };
    let name = field.name.python();
    let property = scope.builtin("property");
    let doc = literal::docstring("        ", &self::doc(layout, field));
    let taken = types::taken(layout, field, scope);
    let (get, set) = accessors(layout, field, &stored);
    let get = match field.dims.is_empty() {
        true => format!("return {get}"),
        // `_each` cannot say how deep its result is nested.
        false => format!("values: {typed} = {get}\n        return values"),
    };
    format!(
        "    {stored}: {annotation}

    @{property}
    def {name}(self) -> {typed}:
{doc}
        {get}

    @{name}.setter
    def {name}(self, value: {taken}) -> None:
        self.{stored} = {set}"
    )
}

fn accessors(layout: &Layout, field: &Field, stored: &str) -> (String, String) {
    let (read, write) = types::converters(layout, field);
    match field.dims.len() {
        0 => (
            applied(&read, &format!("self.{stored}")),
            applied(&write, "value"),
        ),
        depth => (
            format!("_each({read}, self.{stored}, {depth})"),
            format!("_each({write}, value, {depth})"),
        ),
    }
}

/// `function(argument)`; of `lambda item: f("x", item)` only the call is kept.
fn applied(function: &str, argument: &str) -> String {
    match function.strip_prefix("lambda item: ") {
        Some(call) => call.replace(", item", &format!(", {argument}")),
        None => format!("{function}({argument})"),
    }
}

/// The field's doc, and in brackets what else is to be known.
fn doc(layout: &Layout, field: &Field) -> String {
    let mut facts = vec![
        words::field_type(layout, field),
        format!("byte {}", field.offset),
    ];
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
