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

/// The message and the help of what is wrong first.
fn words(text: &str) -> (String, Option<String>) {
    let errors = compile("borders.yaml", format!("{HEAD}{text}").as_bytes()).expect_err(text);
    let first = errors.iter().next().expect("an error says what");
    (first.message.clone(), first.helps.first().cloned())
}

#[test]
fn a_length_that_is_no_whole_number_is_spelled_as_in_a_schema() {
    for (len, found, help) in [
        ("1.5", "1.5", Some("write `2`")),
        (
            "999999999999999.5",
            "999999999999999.5",
            Some("write `1000000000000000`"),
        ),
        ("1.0e15", "1000000000000000.0", None),
        (".inf", "inf", None),
        ("-.inf", "-inf", None),
    ] {
        let text =
            format!("structs: [{{ name: S, fields: [{{ name: x, type: bytes, len: {len} }}] }}]\n");
        let message = format!("`len` is a whole number, found {found}");
        assert_eq!(words(&text), (message, help.map(str::to_owned)), "{text}");
    }
}

#[test]
fn a_sentinel_is_a_value_that_its_float_has() {
    for (ty, sentinel, expected) in [
        ("f32", "0.5", None),
        ("f32", ".nan", None),
        ("f32", "0.1", Some(Code::BadSentinel)),
        ("f64", "0.1", None),
        ("f64", ".nan", None),
    ] {
        let field = format!("{{ name: x, type: {ty}, sentinel: {sentinel} }}");
        let text = format!("structs: [{{ name: S, fields: [{field}] }}]\n");
        assert_eq!(verdict(&text), expected, "{text}");
    }
}

#[test]
fn a_struct_may_be_aligned_to_a_page() {
    let aligned = |align: u64| {
        format!("structs: [{{ name: S, align: {align}, fields: [{{ name: x, type: u8 }}] }}]\n")
    };
    assert_eq!(verdict(&aligned(4096)), None);
    assert_eq!(verdict(&aligned(8192)), Some(Code::AlignTooLarge));
}

#[test]
fn a_wider_type_is_advised_where_an_integer_has_the_number() {
    for (ty, value, help) in [
        ("u8", "256", Some("`type: u16` would hold it")),
        ("u32", "-1", Some("`type: i32` would hold it")),
        ("u64", "-1", Some("`type: i64` would hold it")),
        ("f32", "16777217", Some("`type: u32` would hold it")),
        ("f64", "9007199254740993", Some("`type: u64` would hold it")),
    ] {
        let (_, found) = words(&format!(
            "constants: [{{ name: C, type: {ty}, value: {value} }}]\n"
        ));
        assert_eq!(found.as_deref(), help, "{value} as {ty}");
    }
}

#[test]
fn a_struct_may_ask_for_as_many_bytes_as_a_type_may_have() {
    let sized = |size: u64| {
        format!("structs: [{{ name: S, size: {size}, fields: [{{ name: x, type: u8 }}] }}]\n")
    };
    assert_eq!(verdict(&sized((1 << 31) - 1)), None);
    assert_eq!(verdict(&sized(1 << 31)), Some(Code::TypeTooLarge));
    assert_eq!(verdict(&sized(1 << 32)), Some(Code::TypeTooLarge));
}

#[test]
fn what_was_meant_is_told_of_as_many_errors_as_are_shown() {
    let fields: String = (0..150)
        .map(|i| format!("{{ name: x{i}, type: Psoe }}, "))
        .collect();
    let text = format!(
        "{HEAD}structs:\n\
        - {{ name: Pose, fields: [{{ name: x, type: u8 }}] }}\n\
        - {{ name: S, fields: [{fields}] }}\n"
    );
    let errors = compile("borders.yaml", text.as_bytes()).expect_err("there is no `Psoe`");
    let helped = errors
        .iter()
        .filter(|error| error.helps.iter().any(|help| help.contains("`Pose`")));
    assert_eq!((errors.len(), helped.count()), (150, 100));
}

#[test]
fn a_text_says_in_what_its_length_is_counted() {
    for (ty, unit) in [
        ("str", "bytes"),
        ("bytes", "bytes"),
        ("utf16", "code units"),
    ] {
        let (_, help) = words(&format!(
            "structs: [{{ name: S, fields: [{{ name: x, type: {ty} }}] }}]\n"
        ));
        let expected = format!("add `len: N`: its room in {unit}");
        assert_eq!(help, Some(expected), "{ty}");
    }
}

#[test]
fn a_field_may_be_called_what_another_one_does_not_make() {
    let (scaled, ranged) = ("type: i32, scale: 0.5", "type: i32, range: [0, 9]");
    for (x, other, expected) in [
        // Python stores beside the value what is not a plain number.
        ("type: u8", "x_raw, type: u8", None),
        (ranged, "x_raw, type: u8", None),
        (scaled, "x_raw, type: u8", Some(Code::GeneratedMember)),
        (
            "type: timestamp_ns",
            "x_raw, type: u8",
            Some(Code::GeneratedMember),
        ),
        // In Rust a field may be called like a method, but not a method.
        (scaled, "set_x, type: u8", None),
        ("type: u8", "set_x, type: i32, scale: 0.5", None),
        (
            scaled,
            "set_x, type: i32, scale: 0.5",
            Some(Code::GeneratedMember),
        ),
        (
            ranged,
            "set_x, type: i32, scale: 0.5",
            Some(Code::GeneratedMember),
        ),
        (ranged, "set_x, type: i32, range: [0, 9]", None),
    ] {
        let fields = format!("{{ name: x, {x} }}, {{ name: {other} }}");
        let text = format!("structs: [{{ name: S, fields: [{fields}] }}]\n");
        assert_eq!(verdict(&text), expected, "{fields}");
    }
}

#[test]
fn a_sentinel_of_a_time_is_any_number_of_64_bits() {
    for (sentinel, expected) in [
        ("0", None),
        ("-9223372036854775808", None),
        ("9223372036854775807", None),
        ("9223372036854775808", Some(Code::BadSentinel)),
        ("0.5", Some(Code::BadSentinel)),
    ] {
        for ty in ["timestamp_ns", "duration_ns"] {
            let field = format!("{{ name: x, type: {ty}, sentinel: {sentinel} }}");
            let text = format!("structs: [{{ name: S, fields: [{field}] }}]\n");
            assert_eq!(verdict(&text), expected, "{text}");
        }
    }
}

#[test]
fn a_name_may_have_64_characters() {
    assert_eq!(verdict(&field(&"x".repeat(64))), None);
    assert_eq!(verdict(&field(&"x".repeat(65))), Some(Code::LongName));
}

#[test]
fn one_byte_of_padding_is_one_byte() {
    let text = "structs: [{ name: S, fields: [\
        { name: a, type: u8 }, { name: b, type: u16 }, { name: c, type: u8 }, \
        { name: d, type: u32 }, { name: e, type: u8 }] }]\n";
    let layout = compile("borders.yaml", format!("{HEAD}{text}").as_bytes()).expect("it is sound");
    let warning = layout.warnings.iter().next().expect("a third is padding");
    assert_eq!(
        warning
            .others
            .iter()
            .map(|(_, hole)| hole)
            .collect::<Vec<_>>(),
        [
            "1 byte of padding before this",
            "3 bytes of padding before this"
        ]
    );
}

#[test]
fn twenty_circles_are_told() {
    let own: String = (0..150)
        .map(|i| format!("- {{ name: S{i}, fields: [{{ name: x, type: S{i} }}] }}\n"))
        .collect();
    let text = format!("{HEAD}structs:\n{own}");
    let errors = compile("borders.yaml", text.as_bytes()).expect_err("each holds itself");
    assert!(errors.iter().all(|error| error.code == Code::Recursion));
    assert_eq!(errors.len(), 20);
}

#[test]
fn a_segment_is_told_what_it_is_not_of() {
    let of = |of: &str| {
        words(&format!(
            "enums: [{{ name: E, repr: u8, values: [{{ name: A, value: 0 }}] }}]\n\
             flags: [{{ name: F, repr: u8, bits: [{{ name: A, bit: 0 }}] }}]\n\
             segments: [{{ name: s, kind: cell, of: {of} }}]\n"
        ))
        .0
    };
    let is = |what: &str| format!("a segment is of a struct, and {what}");
    assert_eq!(of("u8"), is("`u8` is a type of the language"));
    assert_eq!(of("str"), is("`str` is a type of the language"));
    assert_eq!(of("E"), is("`E` is an enum"));
    assert_eq!(of("F"), is("`F` is a set of flags"));
    assert_eq!(of("T"), "the schema has no struct `T`");
}

#[test]
fn a_struct_that_could_not_be_read_is_not_missed_as_well() {
    let text = "structs: [{ name: T, fields: 3 }]\n\
        segments: [{ name: s, kind: cell, of: T }]\n";
    let errors = compile("borders.yaml", format!("{HEAD}{text}").as_bytes()).expect_err(text);
    assert_eq!(errors.len(), 1, "{errors}");
}

#[test]
fn a_cell_has_no_key() {
    let text = "structs: [{ name: S, fields: [{ name: x, type: u8 }] }]\n\
        segments: [{ name: s, kind: cell, of: S, key: x }]\n";
    assert_eq!(verdict(text), Some(Code::CellWithRows));
}

#[test]
fn a_packed_struct_holds_no_alignment_however_deep() {
    let text = |pack: &str| {
        format!(
            "structs:\n\
             - {{ name: A, align: 64, fields: [{{ name: x, type: u8 }}] }}\n\
             - {{ name: B, fields: [{{ name: a, type: A }}] }}\n\
             - {{ name: C, fields: [{{ name: b, type: B }}] }}\n\
             - {{ name: P, {pack} fields: [{{ name: c, type: C }}] }}\n"
        )
    };
    assert_eq!(verdict(&text("")), None);
    assert_eq!(verdict(&text("pack: 1,")), Some(Code::PackHoldsAligned));
}

#[test]
fn types_of_other_languages_are_told_from_slips() {
    for (ty, expected) in [
        ("u8[4]", Code::ArrayInType),
        ("u8]", Code::UnknownType),
        ("u8[4", Code::UnknownType),
        ("*const u8", Code::ForeignType),
        ("&str", Code::ForeignType),
        ("u8*", Code::ForeignType),
        ("std::vector<u8>", Code::ForeignType),
        ("u9", Code::UnknownType),
    ] {
        let text = format!("structs: [{{ name: S, fields: [{{ name: x, type: \"{ty}\" }}] }}]\n");
        assert_eq!(verdict(&text), Some(expected), "{ty}");
    }
}
