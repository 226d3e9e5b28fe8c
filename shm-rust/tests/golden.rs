//! The text for small schemas, as files that people read and that
//! `shm-runtime`'s tests compile.
//!
//! `BLESS=1 cargo test -p shm-rust --test golden` writes them anew.

use std::path::Path;

use shm_schema::{Folder, Layout};

#[test]
fn the_rust_of_odd_names_is_as_pinned() {
    is_as_pinned(&compile("odd_names.yaml"));
}

#[test]
fn the_rust_of_values_is_as_pinned() {
    is_as_pinned(&compile("values.yaml"));
}

#[test]
fn the_rust_of_schemas_that_import_is_as_pinned() {
    let arm = compile("robots/arm.yaml");
    for import in &arm.imports {
        is_as_pinned(&import.layout);
    }
    is_as_pinned(&arm);
    is_as_pinned(&compile("robots/base.yaml"));
}

#[test]
fn the_derive_is_told_each_text_and_nothing_else() {
    let layout = compile("values.yaml");
    let source = shm_rust::source_for_derive(&layout);
    let (told, rest): (Vec<&str>, Vec<&str>) = source
        .split_inclusive('\n')
        .partition(|line| line.starts_with("    text = "));
    assert_eq!(rest.concat(), shm_rust::source(&layout));
    let texts = layout.own_structs().map(|record| &record.text);
    let texts: Vec<String> = texts
        .map(|text| format!("    text = {text:?},\n"))
        .collect();
    assert_eq!(told, texts);
}

fn golden() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden"))
}

/// In a folder of its own, where imports count from.
fn compile(path: &str) -> Layout {
    let path = golden().join(path);
    let text = std::fs::read(&path).expect("the schema is there");
    let folder = Folder::around(&path).expect("its folder is there");
    let name = folder.path_of(&path).expect("it is in its folder");
    shm_schema::compile_from(&name, &text, &folder).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The text is that of `<package>.rs` beside the schemas.
fn is_as_pinned(layout: &Layout) {
    let source = shm_rust::source(layout);
    let folder = match Path::new(&layout.file).parent() {
        Some(parent) if parent.ends_with("parts") => parent.parent().unwrap_or(parent),
        Some(parent) => parent,
        None => golden(),
    };
    let golden = folder.join(format!("{}.rs", layout.package));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &source).expect("the golden file can be written");
    }
    let pinned = std::fs::read_to_string(&golden).expect("the golden file is there");
    assert_eq!(source, pinned, "of {}", golden.display());
}
