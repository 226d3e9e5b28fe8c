//! `shm-codegen lint` as its user meets it.

mod common;

use std::fs;

use common::{run, schema, scratch};

const BARE: &str = "\
shm: 1
package: bare
structs:
  - name: Tick
    fields:
      - { name: side, type: u8 }
      - { name: px, type: f64 }
      - { name: qty, type: u16 }
";

#[test]
fn what_is_worth_a_look_is_told_with_its_line() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), BARE).unwrap();
    let ended = run(at, "lint s.yaml --error-format short").exits(0);
    assert_eq!(ended.stdout, "s.yaml: 5 findings\n");
    assert_eq!(
        ended.stderr,
        "s.yaml:2:10: warning[missing-doc]: schema `bare` has no doc\n\
         s.yaml:4:11: warning[hole]: 13 of the 24 bytes of struct `Tick` are padding\n\
         s.yaml:4:11: warning[missing-doc]: struct `Tick` has no doc\n\
         s.yaml:6:17: warning[missing-doc]: 3 fields of `Tick` have no doc\n\
         s.yaml:7:17: warning[missing-unit]: `px` of `Tick` has no unit\n"
    );
    let ended = run(at, "lint s.yaml").exits(0);
    assert_eq!(
        ended.stderr.matches("nor has this").count(),
        2,
        "{}",
        ended.stderr
    );
}

#[test]
fn a_rule_may_be_allowed_and_the_rest_denied() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), BARE).unwrap();
    let ended = run(at, "lint s.yaml --deny --allow missing-doc").exits(1);
    assert!(!ended.stderr.contains("missing-doc"), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .ends_with("a finding fails this lint: `--deny`\n")
    );
    let allow = "--allow missing-doc --allow hole --allow missing-unit";
    let ended = run(at, &format!("lint s.yaml --deny {allow}")).exits(0);
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        ("s.yaml: clean\n", "")
    );
}

#[test]
fn only_a_lint_can_be_allowed() {
    let directory = scratch();
    for (code, wanted) in [
        ("missing-docs", "did you mean `missing-doc`?"),
        ("duplicate-key", "it is an error, which nothing allows"),
        ("zzz", "no lint has that code"),
    ] {
        let ended = run(directory.path(), &format!("lint s.yaml --allow {code}")).exits(2);
        assert!(ended.stderr.contains(wanted), "{}", ended.stderr);
    }
}

#[test]
fn our_own_schemas_are_clean() {
    let directory = scratch();
    for (name, options) in [
        // A measure of activity has no unit that says more.
        ("market.yaml", "--deny --allow missing-unit"),
        ("segment_header.yaml", "--deny"),
    ] {
        let file = schema(name);
        let command = format!("lint {options} {}", file.display());
        let ended = run(directory.path(), &command);
        assert_eq!(ended.exits(0).stderr, "");
    }
    run(directory.path(), "new fresh").exits(0);
    run(directory.path(), "lint fresh.yaml --deny").exits(0);
}
