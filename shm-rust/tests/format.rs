//! The text is what rustfmt would make of it.

use std::io::Write;
use std::process::{Command, Stdio};

/// Every break of a line that depends on its width.
const LONG_NAMES: &str = "
shm: 1
package: long_names
version: 1
structs:
  - name: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt
    fields:
      - { name: a_field_whose_name_is_about_as_long_as_a_person_would_make_it, type: str, len: 1000, dims: [10, 10, 10, 10] }
      - { name: short, type: u8 }
segments:
  - { name: a_table_whose_name_is_long, kind: table, of: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt, rows: 5, key: short }
  - { name: a_cell_whose_name_is_long, kind: cell, of: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt }
  - { name: a_plain_table_whose_name_is_long, kind: table, of: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt, rows: 7 }
";

/// What Rust would spell otherwise, and docs that are not plain.
const ODD_NAMES: &str = r#"
shm: 1
package: odd_names
version: 1
constants:
  - { name: odd, type: f32, value: 0.1, doc: "a [link] and\n\n\n    code" }
  - { name: PI, type: f64, value: 3.14159 }
enums:
  - { name: phase_of_day, repr: i8, doc: "Lower\nand more.", values: [{ name: type, value: -1, doc: One. }, { name: b, value: 1 }] }
flags:
  - { name: a_mask, repr: u64, bits: [{ name: fn, bit: 63 }] }
structs:
  - name: lower_case
    pack: 2
    fields:
      - { name: camelCase, type: u32, unit: "m/s^2", range: [0, 7] }
      - { name: type, type: phase_of_day, dims: [2] }
      - { name: mod, reserved: 1 }
      - { name: mask, type: a_mask, deprecated: use `type` }
"#;

#[test]
fn the_text_is_formatted_and_says_so_of_itself() {
    for (file, text) in [
        (
            "every_type.yaml",
            include_str!("../../schemas/every_type.yaml"),
        ),
        ("market.yaml", include_str!("../../schemas/market.yaml")),
        (
            "segment_header.yaml",
            include_str!("../../schemas/segment_header.yaml"),
        ),
        ("long_names.yaml", LONG_NAMES),
        ("odd_names.yaml", ODD_NAMES),
    ] {
        let layout = shm_schema::compile(file, text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        let source = shm_rust::source(&layout);
        let formatted = rustfmt(&source);
        let differs = source
            .lines()
            .zip(formatted.lines())
            .find(|(ours, rustfmts)| ours != rustfmts);
        assert_eq!(differs, None, "in the Rust of {file}");
        assert_eq!(source.len(), formatted.len(), "in the Rust of {file}");
    }
}

fn rustfmt(source: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config", "style_edition=2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt comes with the toolchain");
    rustfmt
        .stdin
        .take()
        .expect("it was piped")
        .write_all(source.as_bytes())
        .expect("rustfmt reads its input");
    let output = rustfmt.wait_with_output().expect("rustfmt ends");
    assert!(output.status.success(), "rustfmt takes the text for Rust");
    String::from_utf8(output.stdout).expect("rustfmt writes UTF-8")
}
