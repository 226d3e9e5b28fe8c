//! The text for small schemas, as files that people read and that
//! `shm-runtime`'s tests compile.
//!
//! `BLESS=1 cargo test -p shm-rust --test golden` writes them anew.

use std::path::Path;

#[test]
fn the_rust_of_odd_names_is_as_pinned() {
    is_as_pinned("odd_names");
}

#[test]
fn the_rust_of_values_is_as_pinned() {
    is_as_pinned("values");
}

fn is_as_pinned(name: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let schema = golden.join(name).with_extension("yaml");
    let schema = std::fs::read(schema).expect("the schema is there");
    let layout = shm_schema::compile(&format!("{name}.yaml"), &schema)
        .unwrap_or_else(|errors| panic!("{errors}"));
    let source = shm_rust::source(&layout);
    let golden = golden.join(name).with_extension("rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &source).expect("the golden file can be written");
    }
    let pinned = std::fs::read_to_string(&golden).expect("the golden file is there");
    assert_eq!(source, pinned);
}
