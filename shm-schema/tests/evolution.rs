//! Every code that only a comparison finds has an old and a new schema, and the
//! message that people see is pinned. `BLESS=1 cargo test` writes it anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use shm_schema::evolution::{self, Evolution, Verdict, compare};
use shm_schema::{Layout, SourceError, Sources, Style, compile, compile_from};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evolution")
}

fn compiled(name: &str, text: &str) -> Layout {
    compile(name, text.as_bytes()).unwrap_or_else(|errors| panic!("{errors}"))
}

fn codes(evolution: &Evolution) -> BTreeSet<&'static str> {
    let findings = evolution.findings.iter();
    findings.map(|f| f.diagnostic.code.as_str()).collect()
}

#[test]
fn every_code_has_a_pair_of_schemas_and_its_pinned_message() {
    let mut wrong = Vec::new();
    for code in evolution::CODES {
        let of = folder().join(code.as_str());
        let [old, new] = ["old.yaml", "new.yaml"]
            .map(|name| compiled(name, &fs::read_to_string(of.join(name)).unwrap()));
        let evolution = compare(&old, &new);
        if codes(&evolution) != BTreeSet::from([code.as_str()]) {
            wrong.push(format!("{code}: {:?}", codes(&evolution)));
        }
        let said: Vec<String> = evolution
            .findings
            .iter()
            .map(|f| f.render(Style::Plain))
            .collect();
        let said = said.join("\n");
        let pinned = of.join("said.txt");
        if env::var_os("BLESS").is_some() {
            fs::write(&pinned, &said).unwrap();
        } else if fs::read_to_string(&pinned).unwrap_or_default() != said {
            wrong.push(format!("{code}/said.txt is not what is said now:\n{said}"));
        }
        for finding in &evolution.findings {
            assert_eq!(
                (finding.file(), finding.before.file()),
                ("new.yaml", "old.yaml")
            );
            assert!(
                finding.diagnostic.at.line > 0 && finding.before.at.line > 0,
                "{code}"
            );
            assert!(!finding.diagnostic.helps.is_empty(), "{code}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_pair_of_schemas_is_of_a_code() {
    let pairs: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let codes = evolution::CODES.iter().map(ToString::to_string).collect();
    assert_eq!(pairs, codes);
}

/// Verdicts of a step from one list of structs to the next.
fn verdicts(old: &str, new: &str) -> Vec<(String, Option<Verdict>)> {
    let schema = |version: u32, text: &str| {
        compiled(
            "s.yaml",
            &format!("shm: 1\npackage: p\nversion: {version}\n{text}"),
        )
    };
    let evolution = compare(&schema(1, old), &schema(2, new));
    let judged = evolution.verdicts.into_iter();
    judged
        .map(|j| (format!("{} {}", j.what, j.name), j.verdict))
        .collect()
}

#[test]
fn a_schema_is_compatible_with_itself() {
    for file in ["market", "every_type", "segment_header"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../schemas/{file}.yaml"));
        let layout = compiled("s.yaml", &fs::read_to_string(path).unwrap());
        let evolution = compare(&layout, &layout);
        assert!(evolution.findings.is_empty(), "{:?}", evolution.findings);
        let fine = |v: Option<Verdict>| v == Some(Verdict::Compatible);
        assert!(evolution.verdicts.iter().all(|j| fine(j.verdict)));
        let expected = layout.structs.len() + layout.segments.len();
        assert_eq!(evolution.verdicts.len(), expected);
    }
}

#[test]
fn a_verdict_reaches_whatever_holds_the_struct() {
    let schema = |leaf: &str| {
        format!(
            "structs:\n  - {{ name: Leaf, fields: [{leaf}] }}\n  \
             - {{ name: Branch, fields: [{{ name: leaf, type: Leaf }}] }}\n  \
             - {{ name: Other, fields: [{{ name: x, type: u8 }}] }}\n\
             segments:\n  - {{ name: tree, kind: cell, of: Branch }}\n"
        )
    };
    let old = schema("{ name: a, type: u32 }, { name: spare, reserved: 4 }");
    let grown = schema("{ name: a, type: u32 }, { name: b, type: u32, since: 2 }");
    let moved = schema("{ name: spare, reserved: 4 }, { name: a, type: u32 }");
    for (new, verdict) in [
        (grown, Verdict::ReaderCompatible),
        (moved, Verdict::Breaking),
    ] {
        let all = verdicts(&old, &new);
        for (name, found) in &all {
            let wanted = match name.as_str() {
                "struct Other" => Verdict::Compatible,
                _ => verdict,
            };
            assert_eq!(*found, Some(wanted), "{name}");
        }
        assert_eq!(all.len(), 4);
    }
}

#[test]
fn a_record_grows_at_its_tail_and_a_part_of_one_does_not() {
    let schema = |tail: &str| {
        format!(
            "structs:\n  - {{ name: Leaf, fields: [{{ name: a, type: u64 }}{tail}] }}\n  \
             - {{ name: Branch, fields: [{{ name: leaf, type: Leaf }}] }}\n\
             segments:\n  - {{ name: leaves, kind: table, of: Leaf, rows: 4 }}\n  \
             - {{ name: tree, kind: cell, of: Branch }}\n"
        )
    };
    let all = verdicts(&schema(""), &schema(", { name: b, type: u64, since: 2 }"));
    let found: Vec<Option<Verdict>> = all.into_iter().map(|(_, verdict)| verdict).collect();
    let (fine, broken) = (Some(Verdict::ReaderCompatible), Some(Verdict::Breaking));
    assert_eq!(found, [fine, broken, fine, broken]);
}

#[test]
fn a_field_that_is_new_says_nothing_of_its_type() {
    let schema = |leaf: &str, field: &str| {
        format!(
            "structs:\n  - {{ name: Leaf, fields: [{leaf}] }}\n  \
             - {{ name: Branch, fields: [{{ name: x, type: u64 }}{field}] }}\n"
        )
    };
    let old = schema("{ name: a, type: u64 }", "");
    let new = schema(
        "{ name: a, type: f64 }",
        ", { name: leaf, type: Leaf, since: 2 }",
    );
    let found: Vec<Option<Verdict>> = verdicts(&old, &new).into_iter().map(|(_, v)| v).collect();
    assert_eq!(
        found,
        [Some(Verdict::Breaking), Some(Verdict::ReaderCompatible)]
    );
}

#[test]
fn a_table_may_have_other_rows_and_is_found_by_what_both_know() {
    let schema = |fields: &str, table: &str| {
        format!(
            "structs:\n  - {{ name: S, size: 32, fields: [{{ name: a, type: u64 }}{fields}] }}\n\
             segments:\n  - {{ name: s, kind: table, of: S, {table} }}\n"
        )
    };
    let old = schema(", { name: b, type: u64 }", "rows: 4, key: a");
    let newer = ", { name: b, type: u64 }, { name: c, type: u64, since: 2 }";
    for (fields, table, wanted) in [
        (newer, "rows: 4, key: a", Verdict::ReaderCompatible),
        (
            ", { name: b, type: u64 }",
            "rows: 5, key: a",
            Verdict::ReaderCompatible,
        ),
        (newer, "rows: 4, key: b", Verdict::ReaderCompatible),
        (newer, "rows: 4, key: c", Verdict::Breaking),
    ] {
        let all = verdicts(&old, &schema(fields, table));
        assert_eq!(all[1], ("segment s".to_owned(), Some(wanted)), "{table}");
    }
}

#[test]
fn a_new_value_of_an_enum_is_reader_compatible() {
    let schema = |values: &str| {
        format!(
            "enums: [{{ name: E, repr: u8, values: [{values}] }}]\n\
             structs: [{{ name: S, fields: [{{ name: e, type: E }}] }}]\n"
        )
    };
    let old = schema("{ name: A, value: 1 }");
    let new = schema("{ name: A, value: 1 }, { name: B, value: 2 }");
    let expected = ("struct S".to_owned(), Some(Verdict::ReaderCompatible));
    assert_eq!(verdicts(&old, &new), [expected]);
    let renumbered = schema("{ name: A, value: 2 }");
    assert_eq!(verdicts(&old, &renumbered)[0].1, Some(Verdict::Breaking));
    // Nobody reads a lost value as another one.
    assert_eq!(verdicts(&new, &old)[0].1, Some(Verdict::ReaderCompatible));
}

#[test]
fn what_the_old_schema_does_not_have_gets_no_verdict() {
    let old = "structs: [{ name: S, fields: [{ name: x, type: u8 }] }]\n";
    let new = "structs: [{ name: S, fields: [{ name: x, type: u8 }] }, \
               { name: T, fields: [{ name: x, type: u8 }] }]\n\
               segments: [{ name: t, kind: cell, of: T }]\n";
    let found: Vec<Option<Verdict>> = verdicts(old, new).into_iter().map(|(_, v)| v).collect();
    assert_eq!(found, [Some(Verdict::Compatible), None, None]);
}

#[test]
fn a_segment_may_change_its_copies_without_a_new_version() {
    let schema = |copies: &str| {
        let record = "structs: [{ name: S, fields: [{ name: x, type: u8 }] }]";
        let segment = format!("segments: [{{ name: s, kind: cell, of: S{copies} }}]");
        compiled(
            "s.yaml",
            &format!("shm: 1\npackage: p\n{record}\n{segment}\n"),
        )
    };
    let (two, four) = (schema(""), schema(", copies: 4"));
    assert_eq!(two.fingerprint, four.fingerprint);
    let evolution = compare(&two, &four);
    assert!(evolution.findings.is_empty(), "{:?}", evolution.findings);
    let fine = |v: Option<Verdict>| v == Some(Verdict::Compatible);
    assert!(evolution.verdicts.iter().all(|j| fine(j.verdict)));
}

#[test]
fn a_segment_may_change_its_order_without_a_new_version() {
    let schema = |order: &str| {
        let record = "structs: [{ name: S, fields: [{ name: x, type: u8 }] }]";
        let segment = format!("segments: [{{ name: s, kind: table, of: S, rows: 4{order} }}]");
        compiled(
            "s.yaml",
            &format!("shm: 1\npackage: p\n{record}\n{segment}\n"),
        )
    };
    let orders = ["", ", order: rows", ", order: arrays"].map(schema);
    for (old, new) in [(0, 1), (0, 2), (2, 0)] {
        let (old, new) = (&orders[old], &orders[new]);
        assert_eq!(old.fingerprint, new.fingerprint);
        let evolution = compare(old, new);
        assert!(evolution.findings.is_empty(), "{:?}", evolution.findings);
        let fine = |v: Option<Verdict>| v == Some(Verdict::Compatible);
        assert!(evolution.verdicts.iter().all(|j| fine(j.verdict)));
    }
}

struct Two(&'static str);

impl Sources for Two {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        match path {
            "units.yaml" => Ok(self.0.as_bytes().to_vec()),
            _ => Err(SourceError::Missing),
        }
    }
}

const MONEY: &str = "{ name: Money, fields: [{ name: amount, type: i64 }] }";

#[test]
fn a_type_that_moves_into_an_import_is_the_same_type() {
    let quote = |ty: &str| format!("{{ name: Quote, fields: [{{ name: px, type: {ty} }}] }}");
    let old = format!(
        "shm: 1\npackage: p\nstructs:\n  - {MONEY}\n  - {}\n",
        quote("Money")
    );
    let old = compiled("old.yaml", &old);
    let units = Two(
        "shm: 1\npackage: units\nstructs: [{ name: Money, fields: [{ name: amount, type: i64 }] }]\n",
    );
    let new = format!(
        "shm: 1\npackage: p\nimports: [units.yaml]\nstructs:\n  - {}\n",
        quote("units.Money")
    );
    let new = compile_from("new.yaml", new.as_bytes(), &units).unwrap();
    let evolution = compare(&old, &new);
    assert!(evolution.findings.is_empty(), "{:?}", evolution.findings);
    assert!(
        evolution
            .verdicts
            .iter()
            .all(|j| j.verdict == Some(Verdict::Compatible))
    );
}

#[test]
fn a_change_in_an_import_is_shown_in_its_file() {
    let [old, new] = ["i64", "f64"].map(|ty| {
        let units = format!(
            "shm: 1\npackage: units\nstructs: [{{ name: Money, fields: [{{ name: amount, type: {ty} }}] }}]\n"
        );
        let units = Two(Box::leak(units.into_boxed_str()));
        let text = "shm: 1\npackage: p\nimports: [units.yaml]\nstructs:\n  \
                    - { name: Quote, fields: [{ name: px, type: units.Money }] }\n";
        compile_from("p.yaml", text.as_bytes(), &units).unwrap()
    });
    let evolution = compare(&old, &new);
    let findings: Vec<_> = evolution
        .findings
        .iter()
        .map(|f| (f.file(), f.diagnostic.code.as_str(), f.before.file()))
        .collect();
    assert_eq!(
        findings,
        [
            ("units.yaml", "version-not-bumped", "units.yaml"),
            ("units.yaml", "field-retyped", "units.yaml"),
            ("p.yaml", "version-not-bumped", "p.yaml"),
        ]
    );
    let breaking = |name: &str| {
        let judged = evolution.verdicts.iter().find(|j| j.name == name).unwrap();
        judged.verdict == Some(Verdict::Breaking)
    };
    assert!(breaking("units.Money") && breaking("Quote"));
}

/// One line of 20,000 fields, each of which is another one in the new schema.
#[test]
fn a_step_of_a_huge_schema_is_compared_at_once() {
    let [old, new] = [("x", "u32"), ("y", "i32")].map(|(name, ty)| {
        let fields: Vec<String> = (0..20_000)
            .map(|i| format!("{{name: {name}{i}, type: {ty}}}"))
            .collect();
        let fields = fields.join(", ");
        compiled(
            "s.yaml",
            &format!("{{shm: 1, package: p, structs: [{{name: S, fields: [{fields}]}}]}}"),
        )
    });
    let evolution = compare(&old, &new);
    // All are gone, all are new, and the version is the same.
    assert_eq!(evolution.findings.len(), 40_001);
    let said = evolution.findings[0].render(Style::Plain);
    assert!(said.len() < 10_000, "{}", said.len());
}
