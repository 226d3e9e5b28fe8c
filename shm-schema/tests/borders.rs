//! What lies just on a border, and one step beyond: each test was written for
//! a mutant of the checks that no other test noticed (`ci/mutants.sh`).

use shm_schema::{Code, compile};

const HEAD: &str = "shm: 1\npackage: p\n";

/// The code of what is wrong, or nothing.
fn verdict(text: &str) -> Option<Code> {
    let compiled = compile("borders.yaml", format!("{HEAD}{text}").as_bytes());
    compiled
        .err()
        .map(|errors| errors.iter().next().expect("an error says what").code)
}

fn field(name: &str) -> String {
    format!("structs: [{{ name: S, fields: [{{ name: {name}, type: u8 }}] }}]\n")
}

#[test]
fn a_type_may_have_as_many_bytes_as_the_limit_says() {
    let bytes = |len: u64| {
        format!("structs: [{{ name: S, fields: [{{ name: x, type: bytes, len: {len} }}] }}]\n")
    };
    assert_eq!(verdict(&bytes((1 << 31) - 1)), None);
    assert_eq!(verdict(&bytes(1 << 31)), Some(Code::TypeTooLarge));
}

#[test]
fn a_table_may_have_as_many_bytes_as_the_limit_says() {
    // Two copies of 56 bytes and a head of 16 are 128.
    let table = |rows: u64| {
        format!(
            "structs: [{{ name: S, fields: [{{ name: x, type: bytes, len: 56 }}] }}]\n\
             segments: [{{ name: s, kind: table, of: S, rows: {rows} }}]\n"
        )
    };
    assert_eq!(verdict(&table(1 << 33)), None);
    assert_eq!(verdict(&table((1 << 33) + 1)), Some(Code::SegmentTooLarge));
}

#[test]
fn a_range_may_end_where_it_begins() {
    for (ty, low, high, expected) in [
        ("u8", "7", "7", None),
        ("u8", "8", "7", Some(Code::BadRange)),
        ("f64", "0.5", "0.5", None),
        ("f64", "0.75", "0.5", Some(Code::BadRange)),
    ] {
        let field = format!("{{ name: x, type: {ty}, range: [{low}, {high}] }}");
        let text = format!("structs: [{{ name: S, fields: [{field}] }}]\n");
        assert_eq!(verdict(&text), expected, "{text}");
    }
}

#[test]
fn a_constant_is_rounded_to_its_type_and_never_to_infinity() {
    let constant = |value: &str| format!("constants: [{{ name: C, type: f32, value: {value} }}]\n");
    assert_eq!(verdict(&constant("0.1")), None);
    assert_eq!(verdict(&constant("3.4e38")), None);
    assert!(verdict(&constant("3.5e38")).is_some());
}

#[test]
fn underscores_are_told_apart_by_where_they_stand() {
    for (name, expected) in [
        ("__x__", Some(Code::PythonName)),
        ("__x", Some(Code::LeadingUnderscore)),
        ("x__", None),
        ("_pad0", Some(Code::GeneratedMember)),
        ("_pad", Some(Code::LeadingUnderscore)),
        ("_padx", Some(Code::LeadingUnderscore)),
        ("pad0", None),
    ] {
        assert_eq!(verdict(&field(name)), expected, "{name}");
    }
}

#[test]
fn a_struct_that_holds_a_ranged_one_has_ranges_itself() {
    let text = "structs:\n\
        - { name: Inner, fields: [{ name: x, type: u8, range: [0, 9] }] }\n\
        - { name: Outer, fields: [{ name: a, type: Inner }] }\n\
        - { name: Other, fields: [{ name: a, type: u8 }] }\n";
    let layout = compile("borders.yaml", format!("{HEAD}{text}").as_bytes()).expect("it is sound");
    let ranged = layout
        .structs
        .iter()
        .map(|s| (s.name.to_string(), s.ranged));
    let expected = [("Inner", true), ("Outer", true), ("Other", false)];
    let expected = expected.map(|(name, ranged)| (name.to_owned(), ranged));
    assert_eq!(ranged.collect::<Vec<_>>(), expected);
}
