//! Schemas from Rust files.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{Ended, corpus, golden, program, run, scratch};
use shm_schema::{Folder, Layout};

/// Schemas with values that the generated code says by constants.
fn schemas() -> Vec<PathBuf> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shm-rust/tests/golden");
    let odd = ["odd_names.yaml", "values.yaml"].map(|name| golden.join(name));
    corpus().into_iter().chain(odd).collect()
}

fn compile(path: &Path) -> Layout {
    let folder = Folder::around(path).unwrap();
    let inner = folder.path_of(path).unwrap();
    shm_schema::compile_from(&inner, &fs::read(path).unwrap(), &folder)
        .unwrap_or_else(|errors| panic!("{errors}"))
}

/// Of each item that has one, its name and doc; of fields also what their
/// values mean.
fn said(layout: &Layout) -> Vec<String> {
    let mut said = vec![format!("{:?}", layout.doc)];
    said.extend(
        layout
            .constants
            .iter()
            .map(|c| format!("{} {:?}", c.name, c.doc)),
    );
    for e in layout.own_enums() {
        said.push(format!("{} {:?}", e.name, e.doc));
        said.extend(e.values.iter().map(|v| format!("{} {:?}", v.name, v.doc)));
    }
    for f in layout.own_flags() {
        said.push(format!("{} {:?}", f.name, f.doc));
        said.extend(f.bits.iter().map(|b| format!("{} {:?}", b.name, b.doc)));
    }
    for s in layout.own_structs() {
        said.push(format!("{} {:?}", s.name, s.doc));
        said.extend(s.fields().map(|f| {
            let scale = f.scale.as_ref().map(|s| (s.numerator, s.denominator));
            let facts = (scale, f.sentinel, f.range, &f.deprecated);
            format!("{} {:?} {facts:?}", f.name, f.doc)
        }));
    }
    said.extend(
        layout
            .segments
            .iter()
            .map(|s| format!("{} {} {:?}", s.name, s.copies, s.doc)),
    );
    said
}

/// Lines and blanks that Markdown does not keep.
fn folded(text: &str) -> String {
    let mut words = text.replace("\\n", " ");
    words.make_ascii_lowercase(); // constants are in upper case in Rust
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_generated_comes_back_with_its_fingerprints_docs_and_facts() {
    let directory = scratch();
    for schema in schemas() {
        let mut command = program(directory.path());
        Ended::of(command.arg("gen").arg(&schema).args(["--rust", "."])).exits(0);
    }
    // Those that others import come first.
    let mut schemas = schemas();
    schemas.sort_by_key(|schema| compile(schema).imports.len());
    for schema in &schemas {
        let original = compile(schema);
        let package = original.package.as_str();
        run(
            directory.path(),
            &format!("import {package}.rs -o {package}.yaml"),
        )
        .exits(0);
        let back = compile(&directory.path().join(format!("{package}.yaml")));
        assert_eq!(back.text, original.text, "{}", schema.display());
        assert_eq!(back.fingerprint, original.fingerprint);
        for (back, original) in said(&back).iter().zip(said(&original)) {
            assert_eq!(folded(back), folded(&original), "{}", schema.display());
        }
    }
    assert!(schemas.len() > 6);
}

const ROBOT: &str = include_str!("../../tests/interop/src/robot.rs");

#[test]
fn a_rust_file_stands_wherever_a_schema_does() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("robot.rs"), ROBOT).unwrap();
    run(at, "import robot.rs -o robot.yaml").exits(0);
    golden(
        "robot.yaml",
        &fs::read_to_string(at.join("robot.yaml")).unwrap(),
    );

    run(at, "gen robot.rs --python rs --c rs").exits(0);
    run(at, "gen robot.yaml --python yaml --c yaml").exits(0);
    for file in ["robot.py", "robot.h"] {
        let rust = fs::read_to_string(at.join("rs").join(file)).unwrap();
        let yaml = fs::read_to_string(at.join("yaml").join(file)).unwrap();
        // The stamp says which file it is from.
        assert_eq!(rust.replace("robot.rs", "robot.yaml"), yaml);
    }
    run(at, "gen robot.rs --python rs --c rs --check").exits(0);
    for command in ["fingerprint", "check"] {
        let rust = run(at, &format!("{command} robot.rs")).exits(0).stdout;
        let yaml = run(at, &format!("{command} robot.yaml")).exits(0).stdout;
        assert_eq!(rust.replace("robot.rs", "robot.yaml"), yaml);
    }
    let layout = run(at, "layout robot.rs Pose").exits(0).stdout;
    assert!(layout.contains("room"), "{layout}");
    run(at, "breaking robot.rs --against robot.yaml").exits(0);
}

#[test]
fn the_example_of_the_docs_is_as_they_say() {
    let directory = scratch();
    let docs = include_str!("../../docs/importing.md");
    let source = docs.split("```rust\n").nth(1).unwrap();
    let source = source.split("```").next().unwrap();
    fs::write(directory.path().join("robot.rs"), source).unwrap();
    let wrong = source.replace("pub x: f64,", "pub name: String,");
    run(directory.path(), "gen robot.rs --python . --standalone").exits(0);
    fs::write(directory.path().join("robot.rs"), wrong).unwrap();
    let ended = run(directory.path(), "check robot.rs").exits(1);
    let shown = docs.split("```text\n").nth(1).unwrap();
    assert!(shown.starts_with(&ended.stderr), "{}", ended.stderr);
}

#[test]
fn all_that_cannot_be_shared_is_told_where_it_stands() {
    let directory = scratch();
    let source = r#"use shm_runtime::SharedLayout;

enum Side { Bid, Ask }
struct Plain { x: f64 }
const fn eight() -> usize { 8 }

/// One error a field, and no more.
#[derive(SharedLayout)]
#[repr(C)]
pub struct Quote {
    pub name: String,
    pub side: Side,
    pub plain: [Plain; 2],
    pub n: usize,
    pub plane: Levle,
    pub computed: [u8; eight()],
    pub pair: (u8, u8),
    pub empty: [u8; 0],
    pub own: Own,
}

#[derive(SharedLayout)]
#[repr(C)]
pub struct Level {
    #[shared(unit = "USD")]
    pub px: f64,
}

#[derive(SharedLayout)]
struct NoRepr { x: u8 }

#[derive(SharedLayout)]
#[repr(u8)]
pub enum Variants { A }

shm_runtime::shared_flags! { pub struct Bits: u8 { const Both = 3; } }
shm_runtime::open_enum! { pub enum Big: u8 { A = eight() } }

type Own = Own;

const CELL: shm_runtime::CellSpec<Level> = make();
const CLOCK: shm_runtime::ForeignCellSpec<Level> = make();
"#;
    fs::write(directory.path().join("bad.rs"), source).unwrap();
    let ended = run(directory.path(), "import bad.rs").exits(1);
    assert_eq!(ended.stdout, "");
    golden("import_rust.txt", &ended.stderr);

    let ended = run(directory.path(), "gen bad.rs --c . --error-format json").exits(1);
    let first = ended.stderr.lines().next().unwrap();
    let first: serde_json::Value = serde_json::from_str(first).unwrap();
    assert_eq!(
        (&first["file"], &first["code"]),
        (&"bad.rs".into(), &"import".into())
    );
    assert_eq!((&first["line"], &first["column"]), (&11.into(), &15.into()));
    let ended = run(directory.path(), "check bad.rs --error-format short").exits(1);
    assert!(
        ended
            .stderr
            .starts_with("bad.rs:11:15: error[import]: `String` ")
    );
    assert!(fs::read_dir(directory.path()).unwrap().count() == 1);
}

#[test]
fn what_the_language_refuses_is_shown_in_the_rust_file() {
    let directory = scratch();
    let source = "#[derive(shm_runtime::SharedLayout)]\n#[repr(C)]\npub struct Quote {\n    \
                  pub SIZE: u8,\n    pub far: super::venues::Venue,\n}\n";
    fs::write(directory.path().join("quote.rs"), source).unwrap();
    let ended = run(directory.path(), "check quote.rs").exits(1);
    golden("import_language.txt", &ended.stderr);
}

#[test]
fn a_file_that_says_no_package_needs_one() {
    let directory = scratch();
    let at = directory.path();
    let source = "#[derive(SharedLayout)]\n#[repr(C)]\npub struct P { pub x: u8 }\n";
    fs::write(at.join("lib.rs"), source).unwrap();
    let ended = run(at, "import lib.rs").exits(1);
    assert!(ended.stderr.contains("SchemaId::new"), "{}", ended.stderr);
    let yaml = run(at, "import lib.rs --package points").exits(0).stdout;
    assert!(
        yaml.starts_with("shm: 1\npackage: points\nversion: 1\n"),
        "{yaml}"
    );

    let more = "pub const SCHEMA: SchemaId = SchemaId::new(\"robot\", 3);\n";
    fs::write(at.join("lib.rs"), format!("{source}{more}")).unwrap();
    let yaml = run(at, "import lib.rs").exits(0).stdout;
    assert!(
        yaml.starts_with("shm: 1\npackage: robot\nversion: 3\n"),
        "{yaml}"
    );
    let ended = run(at, "import lib.rs --package points").exits(1);
    assert!(ended.stderr.contains("`robot`"), "{}", ended.stderr);
}

#[test]
fn a_schema_that_stands_there_is_not_overwritten() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("robot.rs"), ROBOT).unwrap();
    fs::write(at.join("robot.yaml"), "mine").unwrap();
    let ended = run(at, "import robot.rs -o robot.yaml").exits(2);
    assert!(
        ended.stderr.contains("will not overwrite"),
        "{}",
        ended.stderr
    );
    assert_eq!(fs::read_to_string(at.join("robot.yaml")).unwrap(), "mine");
    let ended = run(at, "import robot.yaml").exits(2);
    assert!(ended.stderr.contains("`.rs`"), "{}", ended.stderr);
}

#[test]
fn text_that_would_take_a_parser_too_deep_is_refused() {
    let directory = scratch();
    let deep = |open: &str, n: usize, close: &str| {
        format!("const X: u8 = {}1{};", open.repeat(n), close.repeat(n))
    };
    for text in [
        deep("!", 300_000, ""),
        deep("(", 100_000, ")"),
        deep("1+", 300_000, ""),
        deep("&", 60_000, ""),
        // Within the bounds, and as deep as they allow.
        deep(&format!("[{}", "!".repeat(350)), 60, "]"),
        "struct {".to_owned(),
        "\u{feff}#!/bin/sh\nfn main() {}".to_owned(),
        "/* ".to_owned(),
        "#[derive(SharedLayout)] #[repr(C)] struct \u{202e}P { x: u8 }".to_owned(),
        "x".repeat((1 << 20) + 1),
    ] {
        fs::write(directory.path().join("deep.rs"), &text).unwrap();
        run(directory.path(), "check deep.rs").exits(1);
    }
    fs::write(directory.path().join("deep.rs"), b"\xff").unwrap();
    run(directory.path(), "check deep.rs").exits(2);
}
