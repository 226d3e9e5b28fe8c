//! The language as a JSON Schema, by which editors complete and check.
//!
//! What keys there are and what they mean comes from the model, what each takes
//! from the shapes, and the limits from the constants that the checks use. A
//! JSON Schema cannot say all that the checks do; it never refuses what they
//! accept.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::check::{LANGUAGE, MAX_DIMS, builtins};
use crate::law::{COPIES, MAX_ALIGN, MAX_SEGMENT_BYTES, MAX_TYPE_BYTES};
use crate::layout::{Order, Scalar};
use crate::model;
use crate::name::Name;
use crate::shape::{self, Key, Kind, Shape};

/// The JSON Schema (draft 7) of the schema language.
pub fn json_schema() -> Value {
    // What editors support best.
    let generator = SchemaSettings::draft07().into_generator();
    let mut root = generator.into_root_schema_for::<model::Schema>().to_value();
    let mut definitions = root["definitions"].take();
    map(&mut root, &mut definitions, &shape::SCHEMA);
    field(&mut definitions["Field"]);
    segment(&mut definitions["Segment"]);
    json!({
        "$schema": root["$schema"],
        "title": "A schema of shared memory",
        "description": root["description"],
        "type": "object",
        "properties": root["properties"],
        "required": root["required"],
        "additionalProperties": root["additionalProperties"],
        "definitions": definitions,
    })
}

/// Narrows the schema of one map, and of the maps in its lists.
fn map(schema: &mut Value, definitions: &mut Value, shape: &'static Shape) {
    one_line(schema);
    let required = shape.keys.iter().filter(|key| key.required);
    schema["required"] = required.map(|key| key.name).collect();
    for key in shape.keys {
        let property = &mut schema["properties"][key.name];
        one_line(property);
        let mut narrowed = Map::new();
        if let Some(description) = property.get("description") {
            narrowed.insert("description".to_owned(), description.clone());
        }
        let rule = match key.kind {
            Kind::Items(inner) => {
                let name = defined(property).to_owned();
                let mut definition = definitions[&name].take();
                map(&mut definition, definitions, inner);
                definitions[&name] = definition;
                let item = json!({ "$ref": format!("#/definitions/{name}") });
                list(item, usize::from(key.required), None)
            }
            Kind::WordOr(inner) => {
                let name = referred(property).unwrap_or_default().to_owned();
                let mut definition = definitions[&name].take();
                map(&mut definition, definitions, inner);
                definitions[&name] = definition;
                let fields = json!({ "$ref": format!("#/definitions/{name}") });
                json!({ "anyOf": [words(key.name), fields] })
            }
            _ => value(shape, key),
        };
        if let Value::Object(rule) = rule {
            narrowed.extend(rule);
        }
        *property = Value::Object(narrowed);
    }
}

/// The name of the definition that the entries of a list are of.
fn defined(property: &Value) -> &str {
    referred(&property["items"]).unwrap_or_default()
}

/// The name of the first definition that a schema refers to.
fn referred(schema: &Value) -> Option<&str> {
    match schema {
        Value::Object(map) => match map.get("$ref").and_then(Value::as_str) {
            Some(reference) => reference.rsplit('/').next(),
            None => map.values().find_map(referred),
        },
        Value::Array(list) => list.iter().find_map(referred),
        _ => None,
    }
}

/// Doc comments are wrapped; a description is one line.
fn one_line(schema: &mut Value) {
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        schema["description"] = text.replace('\n', " ").into();
    }
}

/// What a key takes that is no list of maps.
fn value(shape: &Shape, key: &Key) -> Value {
    match (key.kind, key.name) {
        (Kind::Text, "path") => file(),
        (Kind::Text, _) => text(),
        (Kind::Texts, _) => list(path(), 0, None),
        (Kind::Word, "name" | "package" | "key") => name(),
        (Kind::Word, "counter" | "valid" | "begin" | "end") => name(),
        (Kind::Word, "rule") => words("rule"),
        (Kind::Bool, _) => json!({ "type": "boolean" }),
        (Kind::Word, "kind") => json!({ "enum": ["cell", "table"] }),
        (Kind::Word, "order") => json!({ "enum": Order::ALL.map(Order::as_str) }),
        (Kind::Word, "repr") => {
            let signed = shape.key("values").is_some();
            let fits = |s: &Scalar| s.is_integer() && (signed || !s.is_signed());
            scalars(fits)
        }
        (Kind::Word, "type") if shape.key("value").is_some() => scalars(|_| true),
        (Kind::Word, "type") => {
            let builtins: Vec<&str> = builtins().collect();
            json!({ "anyOf": [{ "enum": builtins }, qualified()] })
        }
        (Kind::Word, _) => qualified(),
        (Kind::Amounts, "dims") => list(amount(count(MAX_TYPE_BYTES)), 1, Some(MAX_DIMS)),
        (Kind::Amounts, "range") => list(amount(number()), 2, Some(2)),
        (Kind::Amounts, _) => list(amount(json!({ "type": "integer" })), 0, None),
        // No constant stands for the language that the constants are in.
        (Kind::Amount, "shm") => json!({ "const": LANGUAGE }),
        (Kind::Amount, _) => amount(one(shape, key.name)),
        (Kind::Items(_) | Kind::WordOr(_), _) => json!({}),
    }
}

/// The numbers that a key takes.
fn one(shape: &Shape, key: &str) -> Value {
    match key {
        "version" | "since" => count(u32::MAX.into()),
        "bit" => json!({ "type": "integer", "minimum": 0, "maximum": 63 }),
        "value" if shape.key("type").is_none() => json!({ "type": "integer" }),
        "value" | "sentinel" => number(),
        "scale" => json!({ "type": "number", "exclusiveMinimum": 0 }),
        "pack" => json!({ "enum": [1, 2, 4, 8] }),
        "copies" => json!({ "enum": COPIES }),
        "align" => {
            let powers = (0..=MAX_ALIGN.ilog2()).map(|n| 1_u64 << n);
            json!({ "enum": powers.collect::<Vec<_>>() })
        }
        "rows" | "stride" => count(MAX_SEGMENT_BYTES),
        "at" => json!({ "type": "integer", "minimum": 0, "maximum": MAX_SEGMENT_BYTES }),
        "sysv_key" => count(u32::MAX.into()),
        "offset" => json!({ "type": "integer", "minimum": 0, "maximum": MAX_TYPE_BYTES }),
        _ => count(MAX_TYPE_BYTES),
    }
}

fn number() -> Value {
    json!({ "type": "number" })
}

fn count(most: u64) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": most })
}

/// A number, or the constant that stands for it; `nan` and `inf` are words to
/// an editor.
fn amount(number: Value) -> Value {
    let word = r"^[+-]?\.?[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)?$";
    json!({ "anyOf": [number, { "type": "string", "pattern": word }] })
}

/// YAML's own readings of `12` and `true` are texts too where a text is asked
/// for.
fn text() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// Of a file below the root.
fn path() -> Value {
    let mut schema = text();
    schema["pattern"] = r"^[^/~\\][^\\]*$".into();
    schema
}

/// The words that a key takes.
fn words(key: &str) -> Value {
    match key {
        "sync" => json!({ "enum": ["none"] }),
        _ => json!({ "enum": ["odd-while-writing", "unchanged"] }),
    }
}

/// Of a file anywhere.
fn file() -> Value {
    let mut schema = text();
    schema["pattern"] = "^/".into();
    schema
}

/// `true` and `Null` are fine names, which an editor does not take for words.
fn name() -> Value {
    json!({
        "type": ["string", "boolean", "null"],
        "pattern": "^[A-Za-z][A-Za-z0-9_]*$",
        "maxLength": Name::MAX,
    })
}

/// A name, or `<package>.<Name>`.
fn qualified() -> Value {
    json!({
        "type": ["string", "boolean"],
        "pattern": r"^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$",
    })
}

fn scalars(fits: impl Fn(&Scalar) -> bool) -> Value {
    let names: Vec<&str> = Scalar::ALL
        .iter()
        .filter(|s| fits(s))
        .map(|s| s.name())
        .collect();
    json!({ "enum": names })
}

fn list(items: Value, least: usize, most: Option<usize>) -> Value {
    let mut schema = json!({ "type": "array", "items": items });
    if least > 0 {
        schema["minItems"] = least.into();
    }
    if let Some(most) = most {
        schema["maxItems"] = most.into();
    }
    schema
}

/// A field has one of the two; no shape says so. And `len` goes with texts.
fn field(field: &mut Value) {
    field["oneOf"] = json!([{ "required": ["type"] }, { "required": ["reserved"] }]);
    let texts = json!({ "enum": ["str", "bytes", "utf16"] });
    field["if"] = json!({ "required": ["type"], "properties": { "type": texts } });
    field["then"] = json!({ "required": ["len"] });
    field["else"] = json!({ "properties": { "len": false } });
}

/// `rows` and `key` go with tables.
fn segment(segment: &mut Value) {
    let foreign =
        json!({ "required": ["foreign"], "properties": { "foreign": { "const": true } } });
    segment["allOf"] = json!([{ "if": foreign, "then": { "required": ["sync"] } }]);
    segment["if"] = json!({ "properties": { "kind": { "const": "table" } } });
    segment["then"] = json!({ "required": ["rows"] });
    segment["else"] = json!({ "properties": { "rows": false, "key": false } });
}
