//! All that is wrong with a schema is told in one run, in the order of the
//! text, and an error does not drag others behind it.

use shm_schema::compile;

fn short(text: &str) -> Vec<String> {
    let errors = compile("s.yaml", text.as_bytes()).expect_err("there is something wrong");
    let lines = errors.short();
    lines.lines().map(|line| line.to_owned()).collect()
}

#[test]
fn errors_of_every_stage_come_together() {
    let text = "\
shm: 1
package: p
versoin: 3
constants:
  - { name: N, type: u8, value: 256 }
enums:
  - { name: Side, repr: u8, values: [{ name: Bid, value: 1 }, { name: Ask, value: 1 }] }
structs:
  - name: Level
    align: 3
    fields:
      - { name: px, type: f46 }
      - { name: qty, type: u32, dims: [N] }
      - { name: qty, type: u32, untis: lots }
  - name: Quote
    fields:
      - { name: side, type: Side }
      - { name: level, type: Level }
      - { name: last, type: f64, offset: 4 }
  - name: Trade
    fields:
      - { name: side, type: Side }
      - { name: px, type: f64, offset: 4 }
segments:
  - { name: best, kind: cell, of: Qoute }
";
    assert_eq!(
        short(text),
        [
            "s.yaml:3:1: error[unknown-key]: a schema has no key `versoin`",
            "s.yaml:5:33: error[constant-out-of-range]: `N` is 256, which its type cannot hold",
            "s.yaml:7:83: error[duplicate-value]: the value 1 has a name already",
            "s.yaml:10:12: error[bad-align]: `align` is a power of two, found 3",
            "s.yaml:12:27: error[unknown-type]: the schema has no type `f46`",
            "s.yaml:14:17: error[duplicate-name]: struct `Level` has two fields called `qty`",
            "s.yaml:14:33: error[unknown-key]: a field has no key `untis`",
            "s.yaml:23:40: error[wrong-offset]: `px` lies at byte 8, not 4",
            "s.yaml:25:35: error[segment-of]: the schema has no struct `Qoute`",
        ]
    );
}

#[test]
fn what_was_dropped_for_an_error_is_not_missed_again() {
    let text = "\
shm: 1
package: p
constants:
  - { name: N, type: u8 }
enums:
  - { name: Side, values: [{ name: Bid, value: 1 }] }
structs:
  - name: Quote
    fields:
      - { name: side, type: Side, dims: [N] }
      - { name: last, type: [f64] }
segments:
  - { name: best, kind: table, of: Quote, rows: N, key: last }
";
    assert_eq!(
        short(text),
        [
            "s.yaml:4:13: error[missing-key]: a constant needs the key `value`",
            "s.yaml:6:13: error[missing-key]: an enum needs the key `repr`",
            "s.yaml:11:29: error[wrong-kind]: `type` takes a word, found a list",
        ]
    );
}

#[test]
fn anchors_tags_and_merge_keys_are_told_together() {
    let text = "\
shm: 1
package: !name p
structs:
  - &s { name: S, fields: [{ name: x, type: u8 }] }
  - { <<: *s, name: T }
";
    assert_eq!(
        short(text),
        [
            "s.yaml:2:10: error[tag]: tags such as `!name` are not part of the language",
            "s.yaml:4:5: error[anchor]: anchors are not part of the language",
            "s.yaml:5:7: error[merge-key]: merge keys are not part of the language",
            "s.yaml:5:11: error[alias]: aliases are not part of the language",
        ]
    );
}

#[test]
fn the_same_text_gives_the_same_report_each_time() {
    let text = "shm: 1\npackage: p\nstructs: [{ name: S, fields: [{ name: x, type: Q }] }]\nconstants: [{ name: A, type: u8, value: AA }]\n";
    let report = || compile("s.yaml", text.as_bytes()).unwrap_err().to_string();
    let first = report();
    for _ in 0..20 {
        assert_eq!(report(), first);
    }
}

#[test]
fn a_segment_named_like_an_enum_in_upper_case_is_refused() {
    let text = "\
shm: 1
package: p
enums: [{ name: SIDES, repr: u8, values: [{ name: Bid, value: 1 }] }]
structs: [{ name: CELL, fields: [{ name: x, type: SIDES }] }]
segments: [{ name: sides, kind: cell, of: CELL }, { name: cell, kind: cell, of: CELL }]
";
    // A struct's name is no value in Rust, so `cell` of `CELL` is fine.
    let found = "segment `sides` is `SIDES` in Rust, which is an enum too";
    assert_eq!(
        short(text),
        [format!(
            "s.yaml:5:20: error[equal-after-case-change]: {found}"
        )]
    );
}
