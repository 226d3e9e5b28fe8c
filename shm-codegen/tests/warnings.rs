//! What is worth a look is told, and fails nothing unless it is to.

mod common;

use std::fs;

use common::{run, scratch};

const WASTEFUL: &str = "\
shm: 1
package: waste
structs:
  - name: Tick
    fields:
      - { name: side, type: u8 }
      - { name: px, type: f64 }
      - { name: flag, type: u8 }
";

#[test]
fn a_warning_is_told_and_fails_nothing() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), WASTEFUL).unwrap();
    for command in [
        "check s.yaml",
        "gen s.yaml --c out",
        "gen s.yaml --c out --check",
    ] {
        let ended = run(at, &format!("{command} --error-format short")).exits(0);
        let message =
            "s.yaml:4:11: warning[hole]: 14 of the 24 bytes of struct `Tick` are padding\n";
        assert_eq!(ended.stderr, message, "{command}");
    }
    let ended = run(at, "check s.yaml").exits(0);
    let help = "  = help: in the order `px`, `side` and `flag` it needs 16 bytes\n";
    assert!(ended.stderr.contains(help), "{}", ended.stderr);
    let ended = run(at, "check s.yaml --error-format github").exits(0);
    assert!(
        ended.stderr.starts_with("::warning title=hole,"),
        "{}",
        ended.stderr
    );
    let ended = run(at, "check s.yaml --error-format json").exits(0);
    let value: serde_json::Value = serde_json::from_str(&ended.stderr).unwrap();
    assert_eq!(value["severity"], "warning");
    assert_eq!(value["others"][0]["line"], 7);
}

#[test]
fn a_check_may_fail_on_warnings() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), WASTEFUL).unwrap();
    let importing = "shm: 1\npackage: importing\nimports: [s.yaml]\n";
    fs::write(at.join("t.yaml"), importing).unwrap();
    for file in ["s.yaml", "t.yaml", "s.yaml t.yaml"] {
        let ended = run(at, &format!("check --deny-warnings {file}")).exits(1);
        assert_eq!(
            ended.stderr.matches("warning[hole]").count(),
            1,
            "{}",
            ended.stderr
        );
    }
    let tidy = WASTEFUL.replace("type: f64", "type: u8");
    fs::write(at.join("s.yaml"), tidy).unwrap();
    run(at, "check --deny-warnings s.yaml t.yaml").exits(0);
}
