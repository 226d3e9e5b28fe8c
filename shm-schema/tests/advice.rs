//! What the `help` of a message says for mistakes that come in many forms.

use shm_schema::compile;

/// The help lines of the only error.
fn help(text: &str) -> String {
    let errors = compile("s.yaml", text.as_bytes()).expect_err("there is something wrong");
    let reports = errors.into_reports();
    let found: Vec<_> = reports.iter().flat_map(|report| report.iter()).collect();
    assert_eq!(found.len(), 1, "of {text}: {found:?}");
    found[0].helps.join("; ")
}

fn of_field(field: &str) -> String {
    let head = "shm: 1\npackage: p\nstructs:\n  - name: S\n    fields:\n";
    help(&format!("{head}      - {field}\n"))
}

#[test]
fn an_array_in_the_spelling_of_another_language_is_spelled_in_ours() {
    for (written, instead) in [
        ("f64[6]", "type: f64, dims: [6]"),
        ("u8[2][3]", "type: u8, dims: [2, 3]"),
        ("[f64; 6]", "type: f64, dims: [6]"),
        // Rust has the outermost length last.
        ("[[u8; 3]; 2]", "type: u8, dims: [2, 3]"),
        ("u8[]", "type: u8, dims: [N]"),
        ("[u8]", "type: u8, dims: [N]"),
        ("str[16]", "type: str, len: 16"),
        ("char[16]", "type: str, len: 16"),
    ] {
        let field = format!("{{ name: x, type: \"{written}\" }}");
        assert_eq!(of_field(&field), format!("write `{instead}`"), "{written}");
    }
}

#[test]
fn a_type_of_c_has_its_name_here() {
    for (written, instead) in [
        ("long long", "write `i64`"),
        ("unsigned char", "write `u8`"),
        (
            "std::string",
            "write `type: str, len: N`: text of at most N bytes, in place",
        ),
        (
            "std::vector<int>",
            "write the element's type and `dims: [N]`",
        ),
    ] {
        let field = format!("{{ name: x, type: \"{written}\" }}");
        assert_eq!(of_field(&field), instead, "{written}");
    }
}

#[test]
fn a_key_out_of_line_is_not_taken_for_a_text() {
    assert_eq!(
        of_field("name: x\n        type: u8\n          doc: late"),
        "line the keys of one map up under each other",
    );
    assert_eq!(
        of_field("{ name: x, type: u8, doc: one: two }"),
        "a text with `: ` in it needs quotes, and entries need a comma between them",
    );
}

#[test]
fn a_wrong_escape_is_not_taken_for_an_open_quote() {
    for escape in ["\\q", "\\ud83d"] {
        let help = of_field(&format!("{{ name: x, type: u8, doc: \"a {escape} b\" }}"));
        assert!(help.contains("write the character itself"), "{help}");
    }
}

#[test]
fn an_end_of_a_range_that_is_wrong_leaves_no_range_of_one_number() {
    let help = of_field("{ name: x, type: f64, range: [-HALF, 1] }");
    assert_eq!(
        help,
        "a constant has no sign before it: declare one for this number",
    );
}

#[test]
fn whichever_bracket_is_left_out_its_partner_is_shown() {
    for file in ["market", "every_type", "segment_header"] {
        let path = format!("{}/../schemas/{file}.yaml", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let brackets: Vec<_> = text.match_indices(['}', ']']).collect();
        assert!(brackets.len() > 20, "{file}");
        for (at, _) in brackets {
            let mut broken = text.clone();
            broken.remove(at);
            let shown = compile("s.yaml", broken.as_bytes())
                .expect_err("a bracket is missing")
                .to_string();
            let line = text[..at].lines().count();
            let place = format!("s.yaml:{line}:");
            assert!(
                shown.contains("unclosed-bracket") && shown.contains(&place),
                "{file}, line {line}: {shown}"
            );
        }
    }
}

#[test]
fn a_line_without_a_colon_is_shown_and_not_the_one_below() {
    for (text, place) in [
        ("shm: 1\npackage p\nversion: 1\n", "s.yaml:2:1"),
        ("shm: 1\npackage:p\nversion: 1\n", "s.yaml:2:1"),
    ] {
        let shown = compile("s.yaml", text.as_bytes())
            .expect_err("is no YAML")
            .to_string();
        assert!(shown.contains(&format!("--> {place}\n")), "{shown}");
        assert!(shown.contains("= help: write `key: value`"), "{shown}");
    }
}

#[test]
fn a_merge_that_is_not_finished_is_shown_where_it_begins() {
    let field = |name: &str| format!("      - {{ name: {name}, type: f64 }}\n");
    let head = "shm: 1\npackage: p\n";
    let structs = "structs:\n  - name: S\n    fields:\n";
    let both =
        |one: &str, other: &str| format!("<<<<<<< HEAD\n{one}=======\n{other}>>>>>>> branch\n");
    for text in [
        format!(
            "{head}{structs}{}{}",
            field("x"),
            both(&field("a"), &field("b"))
        ),
        format!(
            "{head}{structs}{}{}",
            both(&field("a"), &field("b")),
            field("x")
        ),
        format!(
            "{head}{}{structs}{}",
            both("version: 2\n", "version: 3\n"),
            field("x")
        ),
        both(head, "shm: 1\n"),
        format!(
            "{head}doc: |\n  all\n{}{structs}{}",
            both("  a\n", "  b\n"),
            field("x")
        ),
    ] {
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let errors = compile("s.yaml", text.as_bytes()).expect_err("it is no schema");
            let reports = errors.into_reports();
            let found: Vec<_> = reports.iter().flat_map(|report| report.iter()).collect();
            let line = text.lines().position(|line| line == "<<<<<<< HEAD");
            let at = found[0].at.line;
            assert_eq!(found[0].message, "a merge that is not finished", "{text}");
            assert_eq!(Some(at as usize), line.map(|line| line + 1), "{text}");
        }
    }
}
