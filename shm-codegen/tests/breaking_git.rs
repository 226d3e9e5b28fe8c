//! `shm-codegen breaking --against git:REF` as its user meets it.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Ended, has, program, run, scratch, small};

/// Runs git as someone who has no settings.
fn git(at: &Path, arguments: &str) {
    let mut git = Command::new("git");
    git.current_dir(at)
        .args(["-c", "user.name=a", "-c", "user.email=a@b.c"])
        .args(arguments.split(' '))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    Ended::of(&mut git).exits(0);
}

fn feed(ty: &str) -> String {
    format!(
        "shm: 1\npackage: feed\nimports: [units.yaml]\nstructs:\n  - name: Tick\n    \
         fields: [{{ name: px, type: {ty} }}, {{ name: at, type: units.Point }}]\n"
    )
}

/// A repository of two commits: the first has a schema and its import in a
/// folder, the second changes the import.
fn repository(at: &Path) {
    git(at, "init -q -b main");
    fs::create_dir(at.join("schemas")).unwrap();
    fs::write(at.join("schemas/units.yaml"), small("units", "")).unwrap();
    fs::write(at.join("schemas/feed.yaml"), feed("f64")).unwrap();
    git(at, "add .");
    git(at, "commit -q -m one");
    let wider = small("units", "").replace("i32", "i64");
    fs::write(at.join("schemas/units.yaml"), wider).unwrap();
    git(at, "commit -q -a -m two");
}

const TEST: &str = "breaking --against git:";

#[test]
fn a_schema_is_compared_with_that_of_a_commit_and_its_imports() {
    if !has("git", TEST) {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    repository(at);
    for (folder, file) in [("", "schemas/feed.yaml"), ("schemas", "feed.yaml")] {
        let here = at.join(folder);
        let ended = run(&here, &format!("breaking {file} --against git:HEAD")).exits(0);
        assert_eq!(
            ended.stdout,
            "compatible         struct units.Point\ncompatible         struct Tick\n"
        );
        let ended = run(&here, &format!("breaking {file} --against git:HEAD~1")).exits(1);
        assert!(
            ended
                .stdout
                .starts_with("breaking           struct units.Point\n")
        );
        let import = "::: HEAD~1:schemas/units.yaml:7:26";
        assert!(ended.stderr.contains(import), "{}", ended.stderr);
    }
}

#[test]
fn another_path_and_a_root_are_found_in_the_commit() {
    if !has("git", TEST) {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    repository(at);
    git(at, "mv schemas now");
    let old = "git:main:schemas/feed.yaml";
    run(at, &format!("breaking now/feed.yaml --against {old}")).exits(0);
    let here = at.join("now");
    let old = "git:main:../schemas/feed.yaml";
    run(&here, &format!("breaking feed.yaml --against {old}")).exits(0);
    run(at, "breaking now/feed.yaml --against git:main").exits(2);
    let old = "git:main:schemas/feed.yaml";
    run(
        at,
        &format!("breaking now/feed.yaml --root . --against {old}"),
    )
    .exits(0);
}

#[test]
fn what_git_does_not_have_is_told_in_our_words() {
    if !has("git", TEST) {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    repository(at);
    fs::write(at.join("new.yaml"), small("new", "")).unwrap();
    for (file, old, wanted) in [
        (
            "schemas/feed.yaml",
            "git:gone",
            "git knows no commit `gone`",
        ),
        (
            "schemas/feed.yaml",
            "git:--all",
            "git knows no commit `--all`",
        ),
        ("schemas/feed.yaml", "git:", "git knows no commit ``"),
        ("new.yaml", "git:HEAD", "no file `new.yaml` in `HEAD`"),
        (
            "new.yaml",
            "git:HEAD:schemas",
            "`schemas` is not a file in `HEAD`",
        ),
    ] {
        let ended = run(at, &format!("breaking {file} --against {old}")).exits(2);
        assert!(ended.stderr.contains(wanted), "{}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
    let mut without = program(at);
    without.args(["breaking", "new.yaml", "--against", "git:HEAD"]);
    let ended = Ended::of(without.env("PATH", "/nowhere")).exits(2);
    assert!(
        ended.stderr.contains("cannot run `git`"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("install git"), "{}", ended.stderr);
}

#[test]
fn a_folder_without_a_repository_is_named() {
    if !has("git", TEST) {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    fs::write(at.join("s.yaml"), small("s", "")).unwrap();
    let mut command = program(at);
    command.args(["breaking", "s.yaml", "--against", "git:HEAD"]);
    // Whatever folder temporary ones are made in.
    let ended = Ended::of(command.env("GIT_CEILING_DIRECTORIES", at.parent().unwrap()));
    let wanted = "error: `.` is not in a git repository\n";
    assert!(ended.stderr.starts_with(wanted), "{}", ended.stderr);
    assert_eq!(ended.code, 2);
}

#[test]
fn an_import_that_is_a_link_in_the_commit_is_refused() {
    if !has("git", TEST) {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    repository(at);
    fs::remove_file(at.join("schemas/units.yaml")).unwrap();
    std::os::unix::fs::symlink("../../secret", at.join("schemas/units.yaml")).unwrap();
    git(at, "commit -q -a -m link");
    let ended = run(at, "breaking schemas/feed.yaml --against git:HEAD").exits(1);
    assert!(
        ended.stderr.contains("HEAD:schemas/feed.yaml:3:"),
        "{}",
        ended.stderr
    );
}
