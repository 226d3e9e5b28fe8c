//! The JSON Schema of the language says nothing that the parser does not: it
//! may let mistakes through, and never refuses what is right.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use common::{golden, run, scratch};
use jsonschema::Validator;
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use shm_codegen::load::Loader;

/// One mistake a file.
const REJECTS: &str = "shm-schema/tests/rejects";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn validator() -> Validator {
    jsonschema::draft7::new(&shm_schema::json_schema()).unwrap()
}

/// Files below a folder of the project.
fn schemas(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = common::tree(&root().join(folder))
        .into_iter()
        .map(|(path, _)| root().join(folder).join(path))
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

/// As an editor sees a schema; `None` when it is no YAML to it.
fn seen(text: &[u8]) -> Option<Json> {
    serde_yaml::from_slice(text).ok().map(json)
}

fn json(yaml: Yaml) -> Json {
    match yaml {
        Yaml::Null => Json::Null,
        Yaml::Bool(value) => value.into(),
        // JSON has no `nan`, which is a number to an editor.
        Yaml::Number(value) => serde_json::to_value(&value)
            .ok()
            .filter(|v| !v.is_null())
            .unwrap_or_else(|| 0.5.into()),
        Yaml::String(value) => value.into(),
        Yaml::Sequence(list) => list.into_iter().map(json).collect(),
        Yaml::Mapping(map) => map
            .into_iter()
            .map(|(key, value)| (key.as_str().unwrap_or("?").to_owned(), json(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Yaml::Tagged(tagged) => json(tagged.value),
    }
}

#[test]
fn the_committed_file_is_what_the_command_prints() {
    let directory = scratch();
    let printed = run(directory.path(), "schema").exits(0).stdout;
    assert!(printed.starts_with("{\n  \"$schema\""), "{printed}");
    golden("../../../schemas/shm-schema.json", &printed);
}

#[test]
fn every_key_and_every_map_is_described() {
    fn described(schema: &Json, name: &str) {
        assert!(schema["description"].is_string(), "{name}");
        assert_eq!(schema["additionalProperties"], false, "{name}");
        for (key, property) in schema["properties"].as_object().unwrap() {
            let text = property["description"].as_str();
            let text = text.unwrap_or_else(|| panic!("{name}.{key}"));
            assert!(text.ends_with('.') && !text.contains('\n'), "{text}");
        }
    }
    let schema = shm_schema::json_schema();
    described(&schema, "schema");
    let definitions = schema["definitions"].as_object().unwrap();
    assert_eq!(definitions.len(), 9);
    for (name, definition) in definitions {
        described(definition, name);
    }
}

#[test]
fn every_valid_schema_validates() {
    let validator = validator();
    for folder in [
        "schemas",
        "shm-schema/tests",
        "shm-codegen/tests",
        "shm-rust/tests",
    ] {
        for path in schemas(folder)
            .iter()
            .filter(|path| Loader::default().one(path).is_ok())
        {
            let document = seen(&fs::read(path).unwrap()).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&document)
                .map(|e| format!("{}: {e}", e.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{}: {wrong:#?}", path.display());
        }
    }
}

/// Which mistakes an editor shows, so that a change of it is seen.
#[test]
fn what_the_json_schema_finds_of_the_mistakes_is_pinned() {
    let validator = validator();
    let mut table = String::new();
    for path in schemas(REJECTS) {
        let name = path.strip_prefix(root().join(REJECTS)).unwrap();
        let name = name.with_extension("");
        let found = match seen(&fs::read(&path).unwrap()) {
            None => "is no YAML",
            Some(document) if validator.is_valid(&document) => "passes",
            Some(_) => "is found",
        };
        table.push_str(&format!("{}: {found}\n", name.display()));
    }
    golden("json_schema_finds.txt", &table);
}

/// Every key of the language once, and most kinds of value.
const EVERY_KEY: &str = "
shm: 1
package: market
version: 2
doc: Every key.
constants:
  - { name: DEPTH, type: u32, value: 5, doc: A constant. }
  - { name: STEP, type: f64, value: 0.5 }
enums:
  - { name: Side, repr: u8, doc: d, values: [{ name: Bid, value: 1, doc: d }], reserved: [3] }
flags:
  - { name: Marks, repr: u16, doc: d, bits: [{ name: Firm, bit: 0, doc: d }] }
structs:
  - { name: Head, pack: 4, fields: [{ name: a, type: u8 }] }
  - { name: Tick, fields: [{ name: a, type: u32 }, { name: b, type: u32 }] }
  - name: Quote
    doc: d
    align: 64
    size: 256
    fields:
      - { name: symbol, type: str, len: 8, offset: 0, doc: d }
      - { name: side, type: Side, deprecated: d }
      - { name: marks, type: Marks }
      - { name: spare, reserved: 4, doc: d }
      - { name: px, type: i64, scale: 1e-8, range: [0, 100], sentinel: -1, unit: USD }
      - { name: bids, type: f64, dims: [DEPTH, 2], since: 2, sentinel: nan }
segments:
  - { name: quotes, kind: table, of: Quote, rows: DEPTH, key: symbol, copies: 4, order: arrays, doc: d }
  - { name: best, kind: cell, of: Head }
  - { name: tick, kind: cell, of: Tick, foreign: true, sysv_key: 5, sync: { begin: a, end: b } }
  - name: ticks
    kind: table
    of: Tick
    rows: 3
    foreign: true
    path: /dev/shm/ticks
    at: 8
    stride: 16
    sync: { counter: a, rule: unchanged, valid: b }
  - { name: page, kind: cell, of: Tick, foreign: true, path: /page, sync: none }
";

/// What may be put in the place of anything.
const VALUES: &[&str] = &[
    "~",
    "true",
    "0",
    "1",
    "3",
    "-1",
    "65536",
    "1.5",
    "nan",
    "1e400",
    "''",
    "word",
    "a.b",
    "u32",
    "two words",
    "9x",
    "_x",
    "[]",
    "[1]",
    "[1, 2]",
    "[word]",
    "[~]",
    "{}",
    "{ name: x }",
    "[{ name: x }]",
    "99999999999",
];

/// Every document that differs in one place: another value, a key less, a key
/// more.
fn mutants(document: &Yaml) -> Vec<Yaml> {
    let mut mutants: Vec<Yaml> = VALUES
        .iter()
        .map(|value| serde_yaml::from_str(value).unwrap())
        .collect();
    match document {
        Yaml::Sequence(list) => {
            for (i, item) in list.iter().enumerate() {
                let put = |item: Yaml| {
                    let mut list = list.clone();
                    list[i] = item;
                    Yaml::Sequence(list)
                };
                mutants.extend(self::mutants(item).into_iter().map(put));
            }
        }
        Yaml::Mapping(map) => {
            for (key, value) in map {
                let put = |value: Yaml| {
                    let mut map = map.clone();
                    map.insert(key.clone(), value);
                    Yaml::Mapping(map)
                };
                mutants.extend(self::mutants(value).into_iter().map(put));
                let mut less = map.clone();
                less.remove(key);
                mutants.push(Yaml::Mapping(less));
            }
            for key in ["colour", "type", "doc", "reserved", "value"] {
                let mut more = map.clone();
                more.entry(key.into()).or_insert_with(|| 4.into());
                mutants.push(Yaml::Mapping(more));
            }
        }
        _ => {}
    }
    mutants
}

#[test]
fn what_the_json_schema_refuses_the_parser_refuses() {
    let validator = validator();
    let document: Yaml = serde_yaml::from_str(EVERY_KEY).unwrap();
    shm_schema::compile("every_key.yaml", EVERY_KEY.as_bytes()).unwrap();
    let mutants = mutants(&document);
    let mut refused = 0;
    let mut too_strict = BTreeSet::new();
    for mutant in &mutants {
        let document = json(mutant.clone());
        if validator.is_valid(&document) {
            continue;
        }
        refused += 1;
        let text = serde_yaml::to_string(mutant).unwrap();
        if shm_schema::compile("mutant.yaml", text.as_bytes()).is_ok() {
            let errors = validator.iter_errors(&document);
            too_strict.extend(errors.map(|e| format!("{}: {e}", e.instance_path())));
        }
    }
    assert!(too_strict.is_empty(), "{too_strict:#?}");
    // Otherwise this test would prove little.
    assert!(
        refused * 2 > mutants.len(),
        "{refused} of {}",
        mutants.len()
    );
}

#[test]
fn every_key_is_among_those_that_are_tried() {
    let schema = shm_schema::json_schema();
    let maps = schema["definitions"].as_object().unwrap().values();
    for map in maps.chain([&schema]) {
        for key in map["properties"].as_object().unwrap().keys() {
            let there = EVERY_KEY.contains(&format!("{key}:"));
            assert!(there || key == "imports", "{key}");
        }
    }
}
