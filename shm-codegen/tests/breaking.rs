//! `shm-codegen breaking` as its user meets it.

mod common;

use std::fs;
use std::path::Path;

use common::{Ended, run, scratch};

const OLD: &str = "\
shm: 1
package: market
version: 1
structs:
  - name: Quote
    size: 16
    fields:
      - { name: px, type: f64 }
segments:
  - { name: best, kind: cell, of: Quote }
";

/// Compares `OLD` with itself after an edit.
fn step(at: &Path, from: &str, to: &str, options: &str) -> Ended {
    assert!(OLD.contains(from), "{from}");
    fs::create_dir_all(at.join("before")).unwrap();
    fs::write(at.join("before/market.yaml"), OLD).unwrap();
    fs::write(at.join("market.yaml"), OLD.replace(from, to)).unwrap();
    run(
        at,
        &format!("breaking market.yaml --against before/market.yaml {options}"),
    )
}

#[test]
fn a_field_in_the_tail_is_fine() {
    let directory = scratch();
    let fields = "type: f64 }\n      - { name: qty, type: u32, since: 2 }\n";
    let new = OLD.replace("version: 1", "version: 2");
    fs::write(directory.path().join("old.yaml"), OLD).unwrap();
    fs::write(
        directory.path().join("new.yaml"),
        new.replace("type: f64 }\n", fields),
    )
    .unwrap();
    let ended = run(directory.path(), "breaking new.yaml --against old.yaml").exits(0);
    assert_eq!(ended.stderr, "");
    assert_eq!(
        ended.stdout,
        "reader-compatible  struct Quote\nreader-compatible  segment best\n"
    );
}

#[test]
fn a_schema_may_take_its_own_place() {
    let directory = scratch();
    let ended = step(directory.path(), "px", "px", "").exits(0);
    assert_eq!(
        ended.stdout,
        "compatible         struct Quote\ncompatible         segment best\n"
    );
}

#[test]
fn what_breaks_is_shown_in_both_files() {
    let directory = scratch();
    let ended = step(directory.path(), "f64", "i64", "").exits(1);
    assert!(
        ended
            .stdout
            .starts_with("breaking           struct Quote\n")
    );
    for place in [
        "error[field-retyped]: ",
        " --> market.yaml:8:27\n",
        "::: before/market.yaml:8:27\n",
    ] {
        assert!(ended.stderr.contains(place), "{place} in {}", ended.stderr);
    }
}

#[test]
fn the_formats_for_programs_name_both_files() {
    let directory = scratch();
    let told = |format: &str| {
        let options = format!("--error-format {format}");
        step(directory.path(), "f64", "i64", &options)
            .exits(1)
            .stderr
    };
    let json: Vec<serde_json::Value> = told("json")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(json.len(), 2, "the version is not bumped either");
    let retyped = &json[1];
    assert_eq!(retyped["code"], "field-retyped");
    assert_eq!(
        (&retyped["file"], &retyped["line"]),
        (&"market.yaml".into(), &8.into())
    );
    let before = &retyped["others"][0];
    assert_eq!(
        (&before["file"], &before["line"]),
        (&"before/market.yaml".into(), &8.into())
    );
    assert!(told("short").starts_with("market.yaml:3:10: error[version-not-bumped]: "));
    assert!(told("github").contains("::error title=field-retyped,file=market.yaml,line=8,"));
}

#[test]
fn json_has_every_verdict_and_both_places() {
    let directory = scratch();
    let ended = step(directory.path(), "f64", "i64", "--format json").exits(1);
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(json["shm_breaking"], 1);
    assert_eq!(json["verdict"], "breaking");
    assert_eq!(json["old"]["file"], "before/market.yaml");
    assert_eq!(json["new"]["fingerprint"].as_str().unwrap().len(), 64);
    assert_eq!(
        json["verdicts"][0],
        serde_json::json!({
            "what": "struct", "name": "Quote", "verdict": "breaking",
            "at": { "file": "market.yaml", "line": 5, "column": 11 },
            "before": { "file": "before/market.yaml", "line": 5, "column": 11 },
        })
    );
    assert_eq!(json["verdicts"][1]["what"], "segment");
    assert_eq!(json["findings"][1]["code"], "field-retyped");
    assert_eq!(
        json["findings"][1]["others"][0]["file"],
        "before/market.yaml"
    );
    assert_eq!(ended.stderr, "2 findings in this step\n");
    let ended = step(directory.path(), "px", "px", "--format json").exits(0);
    let json: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(json["verdict"], "compatible");
    assert_eq!(json["findings"], serde_json::json!([]));
}

#[test]
fn github_gets_errors_and_notices() {
    let directory = scratch();
    let ended = step(directory.path(), "f64", "i64", "--format github").exits(1);
    let wanted = "::error title=field-retyped,file=market.yaml,line=8,col=27::";
    assert!(ended.stdout.contains(wanted), "{}", ended.stdout);
    let more = "type: f64 }\n      - { name: qty, type: u32, since: 2 }";
    let new = OLD
        .replace("version: 1", "version: 2")
        .replace("type: f64 }", more);
    fs::write(directory.path().join("market.yaml"), new).unwrap();
    let files = "market.yaml --against before/market.yaml";
    let ended = run(
        directory.path(),
        &format!("breaking {files} --format github"),
    )
    .exits(0);
    let wanted = "::notice title=reader-compatible,file=market.yaml,line=5,col=11::\
                  struct Quote is reader-compatible\n";
    assert!(ended.stdout.contains(wanted), "{}", ended.stdout);
}

#[test]
fn a_schema_that_is_wrong_itself_is_told_first() {
    let directory = scratch();
    let ended = step(directory.path(), "type: f64", "type: f46", "").exits(1);
    assert!(
        ended.stderr.contains("error[unknown-type]"),
        "{}",
        ended.stderr
    );
    assert_eq!(ended.stdout, "");
    run(directory.path(), "breaking market.yaml --against none.yaml").exits(2);
}

#[test]
fn a_hundred_findings_are_shown_and_the_rest_counted() {
    let directory = scratch();
    for (file, ty) in [("old.yaml", "u32"), ("new.yaml", "i32")] {
        let fields = (0..150).map(|i| format!("      - {{ name: x{i}, type: {ty} }}\n"));
        let head = "shm: 1\npackage: p\nstructs:\n  - name: S\n    fields:\n";
        let text = format!("{head}{}", fields.collect::<String>());
        fs::write(directory.path().join(file), text).unwrap();
    }
    let ended = run(directory.path(), "breaking new.yaml --against old.yaml").exits(1);
    assert_eq!(ended.stderr.matches("error[").count(), 100);
    assert!(
        ended.stderr.ends_with("error: and 51 more\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn imports_from_a_root_above_are_found_for_both() {
    let directory = scratch();
    let at = directory.path();
    let money =
        "shm: 1\npackage: units\nstructs: [{ name: Money, fields: [{ name: x, type: i64 }] }]\n";
    let feed = "shm: 1\npackage: feed\nimports: [../units.yaml]\n\
                structs: [{ name: Quote, fields: [{ name: px, type: units.Money }] }]\n";
    for root in ["now", "before"] {
        fs::create_dir_all(at.join(root).join("feeds")).unwrap();
        fs::write(at.join(root).join("units.yaml"), money).unwrap();
        fs::write(at.join(root).join("feeds/feed.yaml"), feed).unwrap();
    }
    let files = "now/feeds/feed.yaml --against before/feeds/feed.yaml";
    let ended = run(at, &format!("breaking {files} --root now")).exits(0);
    assert_eq!(ended.stdout.lines().count(), 2, "{}", ended.stdout);
    let ended = run(at, &format!("breaking {files}")).exits(1);
    assert!(
        ended.stderr.contains("import-outside-root"),
        "{}",
        ended.stderr
    );
}
