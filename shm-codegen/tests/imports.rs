//! Schemas that import each other, on the command line.

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use common::{run, scratch, small, tree};

const COMMON: &str = "shm: 1\npackage: common\nconstants: [{ name: DEPTH, type: u8, value: 3 }]\n";

/// A schema of that package that takes a number from `from`.
fn importing(package: &str, from: &str) -> String {
    let field =
        "structs: [{ name: Point, fields: [{ name: x, type: i32, dims: [common.DEPTH] }] }]";
    format!("shm: 1\npackage: {package}\nimports: [{from}]\n{field}\n")
}

fn write(directory: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn an_import_is_written_once_with_the_schemas_that_ask_for_it() {
    let directory = scratch();
    let at = directory.path();
    let (a, b) = (importing("a", "common.yaml"), importing("b", "common.yaml"));
    write(
        at,
        &[("common.yaml", COMMON), ("a.yaml", &a), ("b.yaml", &b)],
    );
    for files in [
        "a.yaml b.yaml",
        "a.yaml ./common.yaml b.yaml",
        "b.yaml a.yaml",
    ] {
        let told = run(at, &format!("gen {files} --rust out --c out")).exits(0);
        assert_eq!(told.stdout.lines().count(), 6, "{}", told.stdout);
        let names: Vec<_> = tree(&at.join("out")).into_iter().map(|(p, _)| p).collect();
        let wanted = ["a.h", "a.rs", "b.h", "b.rs", "common.h", "common.rs"];
        assert_eq!(names, wanted.map(PathBuf::from));
    }
    run(at, "gen a.yaml b.yaml --rust out --c out --check").exits(0);
}

#[test]
fn two_files_of_one_package_are_not_written_over_each_other() {
    let directory = scratch();
    let at = directory.path();
    let (a, b) = (importing("a", "common.yaml"), importing("b", "common.yaml"));
    let other = COMMON.replace("value: 3", "value: 4");
    write(at, &[("x/common.yaml", COMMON), ("x/a.yaml", &a)]);
    write(at, &[("y/common.yaml", &other), ("y/b.yaml", &b)]);
    let ended = run(at, "gen x/a.yaml y/b.yaml --rust out").exits(2);
    assert!(ended.stderr.contains("out/common.rs"), "{}", ended.stderr);
    assert!(!at.join("out").exists());
}

#[test]
fn the_errors_of_a_shared_import_are_told_once_and_where_they_are() {
    let directory = scratch();
    let at = directory.path();
    let (a, b) = (importing("a", "common.yaml"), importing("b", "common.yaml"));
    let broken = COMMON.replace("value: 3", "value: 300");
    write(
        at,
        &[
            ("s/common.yaml", &broken),
            ("s/a.yaml", &a),
            ("s/b.yaml", &b),
        ],
    );
    let ended = run(at, "check s/a.yaml s/b.yaml --error-format short").exits(1);
    let message = "s/common.yaml:3:45: error[constant-out-of-range]: \
                   `DEPTH` is 300, which its type cannot hold\n";
    assert_eq!(ended.stderr, message);
    assert_eq!(ended.stdout, "");
}

#[test]
fn imports_stay_within_the_root() {
    let directory = scratch();
    let at = directory.path();
    let a = importing("a", "../common.yaml");
    write(
        at,
        &[
            ("common.yaml", COMMON),
            ("sub/a.yaml", &a),
            ("b.yaml", &small("b", "")),
        ],
    );
    let ended = run(at, "check sub/a.yaml --error-format short").exits(1);
    let message = "sub/a.yaml:3:11: error[import-outside-root]: \
                   `../common.yaml` leads out of the root folder\n";
    assert_eq!(ended.stderr, message);
    let ended = run(at, "check sub/a.yaml --root .").exits(0);
    assert_eq!(ended.stdout, "sub/a.yaml: fine; 1 struct, 0 segments\n");
    let ended = run(at, "check b.yaml --root sub").exits(2);
    let message = "error: `b.yaml` is not in the root folder `sub`\n  \
                   = help: name a root above the schema\n";
    assert!(ended.stderr.starts_with(message), "{}", ended.stderr);
    run(at, "check b.yaml --root nowhere").exits(2);

    // A link may be what the user names, but not where an import leads.
    symlink("../common.yaml", at.join("sub/common.yaml")).unwrap();
    write(at, &[("sub/a.yaml", &importing("a", "common.yaml"))]);
    let ended = run(at, "check sub/a.yaml").exits(1);
    assert!(
        ended.stderr.contains("is a link that leads out"),
        "{}",
        ended.stderr
    );
    run(at, "check sub/common.yaml").exits(0);
    run(at, "check sub/a.yaml --root .").exits(0);
}

#[test]
fn an_import_that_would_never_end_is_not_opened() {
    let directory = scratch();
    let at = directory.path();
    write(at, &[("a.yaml", &importing("a", "common.yaml"))]);
    let made = std::process::Command::new("mkfifo")
        .arg(at.join("common.yaml"))
        .status();
    assert!(made.unwrap().success());
    let ended = run(at, "check a.yaml").exits(1);
    assert!(
        ended.stderr.contains("error[import-unreadable]"),
        "{}",
        ended.stderr
    );
}
