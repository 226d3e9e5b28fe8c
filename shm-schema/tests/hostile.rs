//! Schemas that mean harm end in an error, and soon: each test here takes
//! well under a second, and the watchdog of the test runner would show one
//! that does not.

use std::fmt::Write;

use shm_schema::{Code, Errors, compile};

const HEAD: &str = "shm: 1\npackage: p\n";

fn refused(text: &str) -> Errors {
    let errors = compile("hostile.yaml", text.as_bytes()).expect_err("this schema does harm");
    // To show the errors must end soon too.
    assert!(errors.to_string().len() < 4 << 20);
    errors
}

fn codes(errors: &Errors) -> Vec<Code> {
    errors.iter().map(|d| d.code).collect()
}

#[test]
fn over_a_megabyte_is_not_even_read() {
    let errors = refused(&format!("{HEAD}# {}\n", "x".repeat(1 << 20)));
    assert_eq!(codes(&errors), [Code::TooLarge]);
    let message = "error[too-large]: the file has 1048597 bytes; a schema has at most 1048576";
    assert!(errors.to_string().starts_with(message), "{errors}");
    let fits = format!("{HEAD}#{}", " ".repeat((1 << 20) - HEAD.len() - 1));
    assert!(compile("large.yaml", fits.as_bytes()).is_ok());
}

#[test]
fn an_alias_bomb_does_not_go_off() {
    let mut text = format!("{HEAD}doc: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for i in 1..1000 {
        let before = i - 1;
        let aliases = format!("*a{before}, ").repeat(10);
        writeln!(text, "k{i}: &a{i} [{aliases}]").unwrap();
    }
    let errors = refused(&text);
    assert!(codes(&errors).contains(&Code::Alias));
    assert!(codes(&errors).contains(&Code::Anchor));
}

#[test]
fn a_hundred_thousand_levels_stop_at_the_limit() {
    for (open, code) in [("[", Code::TooDeep), ("{a: ", Code::TooDeep)] {
        let errors = refused(&format!("{HEAD}doc: {}", open.repeat(100_000)));
        assert_eq!(codes(&errors), [code]);
    }
    let errors = refused(&"- ".repeat(100_000));
    assert_eq!(codes(&errors), [Code::TooDeep]);
    let errors = refused(&"? ".repeat(100_000));
    assert_eq!(codes(&errors), [Code::ComplexKey]);
}

#[test]
fn a_hundred_thousand_duplicates_are_counted_and_not_all_shown() {
    let errors = refused(&format!("{HEAD}{}", "a: 1\n".repeat(100_000)));
    assert_eq!(errors.len(), 99_999);
    assert!(errors.to_string().ends_with("and 99899 more\n"));
}

#[test]
fn one_long_line_of_errors_is_shown_soon() {
    let fields = "{name: x, type: uu32},".repeat(40_000);
    let errors = refused(&format!("{HEAD}structs: [{{name: S, fields: [{fields}]}}]"));
    assert!(errors.len() > 40_000);
}

#[test]
fn nearest_names_are_not_sought_for_ever() {
    let mut text = format!("{HEAD}structs:\n");
    for i in 0..9000 {
        writeln!(
            text,
            "  - {{name: Aaaaaaaaaaaaaaaa{i}, fields: [{{name: x, type: Baaaaaaaaaaaaaaa{i}}}]}}"
        )
        .unwrap();
    }
    assert_eq!(refused(&text).len(), 9000);
}

#[test]
fn counts_beyond_memory_are_arithmetic_only() {
    let largest = u64::MAX;
    let dims = format!("[{largest}, {largest}, {largest}, {largest}]");
    for field in [
        format!("{{ name: x, type: u64, dims: {dims} }}"),
        format!("{{ name: x, type: utf16, len: {largest} }}"),
        format!("{{ name: x, type: utf16, len: {largest}, dims: {dims} }}"),
        "{ name: x, type: bytes, len: 1073741824, dims: [2] }".to_owned(),
        format!("{{ name: x, type: u8 }}, {{ name: y, reserved: {largest} }}"),
    ] {
        let text = format!("{HEAD}structs: [{{ name: S, fields: [{field}] }}]");
        assert_eq!(codes(&refused(&text)), [Code::TypeTooLarge], "{field}");
    }
    let align = "structs: [{ name: S, size: 2147483648, fields: [{ name: x, type: u8 }] }]";
    assert_eq!(
        codes(&refused(&format!("{HEAD}{align}"))),
        [Code::TypeTooLarge]
    );
    let rows = format!("segments: [{{ name: s, kind: table, of: S, rows: {largest} }}]");
    let text = format!("{HEAD}structs: [{{ name: S, fields: [{{ name: x, type: u8 }}] }}]\n{rows}");
    assert_eq!(codes(&refused(&text)), [Code::SegmentTooLarge]);
}

#[test]
fn a_chain_of_ten_thousand_structs_is_placed() {
    let mut text = format!("{HEAD}structs:\n");
    for i in 0..10_000 {
        let next = i + 1;
        writeln!(
            text,
            "  - {{ name: S{i}, fields: [{{ name: x, type: S{next} }}] }}"
        )
        .unwrap();
    }
    text += "  - { name: S10000, fields: [{ name: x, type: u8 }] }\n";
    text += "segments: [{ name: s, kind: cell, of: S0 }]\n";
    let layout = compile("chain.yaml", text.as_bytes()).unwrap();
    assert_eq!(layout.structs.last().unwrap().name, "S0");
    let descriptor = layout.descriptor(&layout.segments[0]);
    assert_eq!(descriptor.matches("\nstruct ").count(), 10_001);
}

#[test]
fn circles_of_structs_and_constants_are_told_in_a_line() {
    let mut text = format!("{HEAD}structs:\n");
    for i in 0..5000 {
        let next = (i + 1) % 5000;
        writeln!(
            text,
            "  - {{ name: S{i}, fields: [{{ name: x, type: S{next} }}, {{ name: y, type: S0 }}] }}"
        )
        .unwrap();
    }
    assert!(codes(&refused(&text)).iter().all(|c| *c == Code::Recursion));
    let mut text = format!("{HEAD}constants:\n");
    for i in 0..9000 {
        let next = (i + 1) % 9000;
        writeln!(text, "  - {{ name: C{i}, type: u8, value: C{next} }}").unwrap();
    }
    assert_eq!(codes(&refused(&text)), [Code::ConstantCycle]);
}

#[test]
fn what_an_escape_hides_is_found() {
    for (doc, code) in [
        (r#""\0""#, Code::Nul),
        (r#""\u202e""#, Code::DirectionOverride),
        (r#""\x1b[31m""#, Code::ControlCharacter),
        (r#""\r""#, Code::ControlCharacter),
        (r#""\u2028""#, Code::ControlCharacter),
        ("\u{feff}", Code::ControlCharacter),
        ("\u{1b}[31m", Code::ControlCharacter),
        ("a\rb", Code::ControlCharacter),
    ] {
        assert_eq!(
            codes(&refused(&format!("{HEAD}doc: {doc}\n"))),
            [code],
            "{doc:?}"
        );
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_no_harm() {
    let text = "\u{feff}shm: 1\r\npackage: p\r\nversion: zero\r\n";
    let errors = refused(text);
    assert_eq!(
        errors.short(),
        "hostile.yaml:3:10: error[unknown-constant]: the schema has no constant `zero`\n"
    );
}

#[test]
fn a_letter_of_two_bytes_before_a_bracket_is_only_a_letter() {
    let errors = refused("shm: 1\npackage: p\nstructs: [\n\u{e9}str[4]: ]\n");
    assert_eq!(codes(&errors), [Code::ArrayInType]);
}
