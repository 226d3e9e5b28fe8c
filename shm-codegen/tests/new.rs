//! `shm-codegen new` as its user meets it.

mod common;

use std::fs;

use common::{run, scratch};

#[test]
fn a_new_schema_checks_clean_and_is_written_out() {
    let directory = scratch();
    let at = directory.path();
    let ended = run(at, "new fleet --dir schemas").exits(0);
    assert_eq!(
        ended.stdout,
        "wrote schemas/fleet.yaml\n\
         see its bytes:    shm-codegen layout schemas/fleet.yaml\n\
         write it out:     shm-codegen gen schemas/fleet.yaml --python . --standalone\n"
    );
    let ended = run(at, "check schemas/fleet.yaml --deny-warnings").exits(0);
    assert_eq!(ended.stderr, "");
    run(at, "gen schemas/fleet.yaml --python . --rust . --c .").exits(0);
}

#[test]
fn a_schema_that_is_there_stays() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("fleet.yaml"), "mine").unwrap();
    let ended = run(at, "new fleet").exits(2);
    assert_eq!(
        ended.stderr,
        "error: `./fleet.yaml` is there already\n  \
         = help: choose another name, or remove it first\n"
    );
    assert_eq!(fs::read_to_string(at.join("fleet.yaml")).unwrap(), "mine");
}

#[test]
fn a_name_that_no_package_has_is_refused() {
    let directory = scratch();
    let at = directory.path();
    for (name, wanted) in [
        ("9lives", "`9lives` cannot be a package: "),
        ("self", "`self` cannot be a package: "),
        ("../up", "has letters, digits and underscores"),
        ("a:b", "has letters, digits and underscores"),
    ] {
        let ended = run(at, &format!("new {name}")).exits(2);
        assert!(ended.stderr.contains(wanted), "{}", ended.stderr);
    }
    assert_eq!(fs::read_dir(at).unwrap().count(), 0);
}
