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
      - { name: the_last_price_at_the_exchange, type: i64, scale: 1e-8, sentinel: -1, range: [0, 1000], deprecated: use another field that has a better name and a better type and more of everything, dims: [2, 3] }
      - { name: a_price_whose_name_is_about_as_long_as_a_person_would_make_it_go, type: timestamp_ns, sentinel: -1, range: [0, 1000], unit: ns }
      - { name: a_ratio_whose_name_is_about_as_long_as_a_person_would_make_it_go, type: u32, scale: 0.1, dims: [100, 100, 100, 100] }
      - { name: of_medium_length, type: u32, scale: 0.1, sentinel: 0 }
      - { name: of_a_medium_length, type: u32, scale: 0.1, range: [0, 1] }
  - name: Holder
    fields:
      - { name: held, type: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt }
      - { name: held_under_a_name_that_is_about_as_long_as_a_person_would_make, type: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt, dims: [3] }
segments:
  - { name: a_table_whose_name_is_long, kind: table, of: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt, rows: 5, key: short }
  - { name: a_cell_whose_name_is_long, kind: cell, of: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt }
  - { name: a_plain_table_whose_name_is_long, kind: table, of: ARecordWhoseNameIsAboutAsLongAsAPersonWouldEverWantToMakeIt, rows: 7 }
";

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
        ("odd_names.yaml", include_str!("golden/odd_names.yaml")),
        ("values.yaml", include_str!("golden/values.yaml")),
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
