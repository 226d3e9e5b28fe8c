//! The text for a small schema that has every kind of item, as a file that
//! people read and that `shm-runtime`'s tests compile.
//!
//! `BLESS=1 cargo test -p shm-rust --test golden` writes it anew.

use std::path::Path;

#[test]
fn the_rust_of_odd_names_is_as_pinned() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/odd_names.rs");
    let schema = include_str!("golden/odd_names.yaml");
    let layout = shm_schema::compile("odd_names.yaml", schema.as_bytes())
        .unwrap_or_else(|errors| panic!("{errors}"));
    let source = shm_rust::source(&layout);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &source).expect("the golden file can be written");
    }
    let pinned = std::fs::read_to_string(&golden).expect("the golden file is there");
    assert_eq!(source, pinned);
}
