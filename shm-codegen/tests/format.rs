//! `shm-codegen fmt` as its user meets it.

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::{run, scratch};

const LOOSE: &str =
    "shm: 1\npackage: p\nstructs:\n- name: S # a struct\n  fields:\n  - {type: u8,name: x}\n";
const TIGHT: &str = "shm: 1\npackage: p\nstructs:\n  - name: S  # a struct\n    fields:\n      - { name: x, type: u8 }\n";

#[test]
fn a_file_is_formatted_in_its_place() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), LOOSE).unwrap();
    fs::set_permissions(at.join("s.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
    fs::write(at.join("t.yaml"), TIGHT).unwrap();
    let ended = run(at, "fmt s.yaml t.yaml").exits(0);
    assert_eq!(ended.stdout, "formatted s.yaml\n");
    assert_eq!(fs::read_to_string(at.join("s.yaml")).unwrap(), TIGHT);
    let mode = fs::metadata(at.join("s.yaml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(run(at, "fmt s.yaml").exits(0).stdout, "");
    assert_eq!(run(at, "fmt --check s.yaml").exits(0).stdout, "");
}

#[test]
fn a_check_shows_what_would_change() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), LOOSE).unwrap();
    let ended = run(at, "fmt --check s.yaml").exits(1);
    assert_eq!(
        ended.stdout,
        "--- s.yaml\n+++ s.yaml\n@@ -1,6 +1,6 @@\n shm: 1\n package: p\n structs:\n\
         -- name: S # a struct\n-  fields:\n-  - {type: u8,name: x}\n\
         +  - name: S  # a struct\n+    fields:\n+      - { name: x, type: u8 }\n"
    );
    assert_eq!(
        ended.stderr,
        "a schema is not formatted; to do so:\n    shm-codegen fmt s.yaml\n"
    );
    assert_eq!(fs::read_to_string(at.join("s.yaml")).unwrap(), LOOSE);
}

#[test]
fn a_file_with_errors_is_left_alone_and_so_are_the_others() {
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), LOOSE).unwrap();
    let wrong = LOOSE.replace("u8", "u9");
    fs::write(at.join("wrong.yaml"), &wrong).unwrap();
    let ended = run(at, "fmt s.yaml wrong.yaml").exits(1);
    assert!(ended.stderr.contains("error[unknown-type]"));
    assert_eq!(fs::read_to_string(at.join("s.yaml")).unwrap(), LOOSE);
    assert_eq!(fs::read_to_string(at.join("wrong.yaml")).unwrap(), wrong);
}

#[test]
fn a_new_schema_is_formatted() {
    let directory = scratch();
    run(directory.path(), "new fresh").exits(0);
    run(directory.path(), "fmt --check fresh.yaml").exits(0);
}

#[test]
fn a_file_of_another_language_is_not_ours_to_format() {
    let directory = scratch();
    let at = directory.path();
    let text = "#[derive(SharedLayout)]\n#[repr(C)]\nstruct S { x: f64 }\n";
    fs::write(at.join("s.rs"), text).unwrap();
    let ended = run(at, "fmt s.rs").exits(2);
    assert!(ended.stderr.starts_with("error: `s.rs` is not a schema\n"));
    let ended = run(at, "lint s.rs --error-format short --allow missing-doc").exits(0);
    assert_eq!(
        ended.stderr,
        "s.rs:3:12: warning[missing-unit]: `x` of `S` has no unit\n"
    );
}
