//! The layout printer.

mod common;

use std::fs;
use std::path::Path;

use common::{Ended, golden, program, run, schema, scratch};
use serde_json::Value;

fn small() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/small.yaml")
}

fn shown(schema: &Path, arguments: &[&str]) -> String {
    let directory = scratch();
    Ended::of(
        program(directory.path())
            .arg("layout")
            .arg(schema)
            .args(arguments),
    )
    .exits(0)
    .stdout
}

#[test]
fn the_small_layout_reads_as_it_should() {
    golden("small.txt", &shown(&small(), &[]));
}

#[test]
fn the_small_json_is_of_the_documented_shape() {
    golden("small.json", &shown(&small(), &["--format", "json"]));
}

#[test]
fn one_struct_is_shown_alone() {
    let text = shown(&schema("market.yaml"), &["Level"]);
    assert!(text.starts_with("struct Level: 16 bytes"), "{text}");
    assert!(!text.contains("Quote"), "{text}");
}

#[test]
fn a_struct_that_is_not_there_is_told_with_those_that_are() {
    let directory = scratch();
    let mut command = program(directory.path());
    let ended = Ended::of(command.arg("layout").arg(small()).arg("Quot")).exits(2);
    assert!(
        ended.stderr.contains("no struct `Quot` in "),
        "{}",
        ended.stderr
    );
    assert!(
        ended.stderr.contains("it has Level, Quote, Wire"),
        "{}",
        ended.stderr
    );
}

#[test]
fn json_accounts_for_every_byte() {
    for name in ["market.yaml", "every_type.yaml", "segment_header.yaml"] {
        let text = shown(&schema(name), &["--format", "json"]);
        let value: Value = serde_json::from_str(&text).unwrap();
        for record in value["structs"].as_array().unwrap() {
            let mut end = 0;
            for member in record["members"].as_array().unwrap() {
                assert_eq!(member["offset"], end, "{name}: {member}");
                end += member["size"].as_u64().unwrap();
            }
            assert_eq!(record["size"], end, "{name}: {}", record["name"]);
        }
    }
}

#[test]
fn json_keeps_extremes_and_what_is_no_number() {
    let value: Value =
        serde_json::from_str(&shown(&schema("every_type.yaml"), &["--format", "json"])).unwrap();
    let constant = |name: &str| {
        let all = value["constants"].as_array().unwrap();
        all.iter().find(|c| c["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!(constant("HIGHEST"), u64::MAX);
    assert_eq!(constant("LOWEST"), i64::MIN);
    let last = value["structs"].as_array().unwrap();
    let every = last.iter().find(|s| s["name"] == "EveryType").unwrap();
    let members = every["members"].as_array().unwrap();
    let bounded = members.iter().find(|m| m["name"] == "bounded").unwrap();
    assert_eq!(bounded["sentinel"], "nan");
    assert_eq!(bounded["range"][0], -1.5);
}

/// The order is a promise; the schema compiler holds us to it.
#[test]
fn the_order_without_holes_has_none() {
    let directory = scratch();
    let schema = |order: &[&str]| {
        let field = |name: &&str| match *name {
            "a" => "      - { name: a, type: u8 }\n",
            "b" => "      - { name: b, type: f64 }\n",
            "c" => "      - { name: c, type: str, len: 3 }\n",
            "d" => "      - { name: d, type: u32, dims: [3] }\n",
            "e" => "      - { name: e, type: u16 }\n",
            _ => "      - { name: r, reserved: 3 }\n",
        };
        let fields: String = order.iter().map(field).collect();
        format!("shm: 1\npackage: p\nversion: 1\nstructs:\n  - name: S\n    fields:\n{fields}")
    };
    let path = directory.path().join("s.yaml");
    fs::write(&path, schema(&["a", "b", "c", "d", "r", "e"])).unwrap();
    let text = run(directory.path(), "layout s.yaml").exits(0).stdout;
    assert!(text.contains("struct S: 40 bytes"), "{text}");
    let (_, order) = text
        .split_once("no holes in this order, 32 instead of 40:\n")
        .unwrap_or_else(|| panic!("a remedy: {text}"));
    let order: Vec<&str> = order.trim().split(", ").collect();
    assert_eq!(order, ["b", "d", "e", "a", "c", "r"]);
    fs::write(&path, schema(&order)).unwrap();
    let text = run(directory.path(), "layout s.yaml").exits(0).stdout;
    assert!(!text.contains("in holes"), "{text}");
    assert!(text.contains("struct S: 32 bytes"), "{text}");
}

#[test]
fn imports_are_told_and_their_types_named_as_the_schema_does() {
    let robots =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shm-schema/tests/corpus/robots.yaml");
    golden("robots.txt", &shown(&robots, &[]));
    let pose = shown(&robots, &["common.Pose"]);
    assert!(pose.starts_with("struct common.Pose: "), "{pose}");
    let json: Value = serde_json::from_str(&shown(&robots, &["--format", "json"])).unwrap();
    assert_eq!(json["imports"][1]["package"], "shapes");
    let frames = json["enums"].as_array().unwrap().iter();
    let frames: Vec<&Value> = frames.filter(|e| e["name"] == "Frame").collect();
    let homes: Vec<&Value> = frames.iter().map(|e| &e["package"]).collect();
    assert_eq!(homes, ["common", "robots"]);
    assert_eq!(json["segments"][1]["of"], "shapes.Block");
    assert_eq!(json["structs"].as_array().unwrap().len(), 1, "its own");
}

#[test]
fn json_says_what_is_wasted_and_what_would_not_be() {
    let text = shown(&schema("every_type.yaml"), &["Inner", "--format", "json"]);
    let value: Value = serde_json::from_str(&text).unwrap();
    let inner = &value["structs"][0];
    assert_eq!(
        inner["bytes"],
        serde_json::json!({ "fields": 7, "reserved": 0, "holes": 3, "tail": 2 })
    );
    assert_eq!(
        inner["without_holes"],
        serde_json::json!({ "order": ["value", "last", "tag"], "size": 8 })
    );
}

#[test]
fn there_is_no_colour_but_on_a_terminal() {
    assert!(!shown(&small(), &[]).contains('\x1b'));
}

#[test]
fn a_line_end_in_a_unit_does_not_break_a_row() {
    let directory = scratch();
    let path = directory.path().join("s.yaml");
    let text = "shm: 1\npackage: p\nstructs:\n  - name: S\n    fields:\n      \
                - { name: x, type: u8, unit: \"m\\n  0 4 u32\", deprecated: \"a\\nb\" }\n";
    fs::write(&path, text).unwrap();
    let shown = shown(&path, &["S"]);
    assert!(shown.contains("m 0 4 u32  deprecated: a b"), "{shown}");
}
