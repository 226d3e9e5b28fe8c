//! `shm-codegen explain` as its user meets it.

mod common;

use std::path::Path;
use std::process::Command;

use common::{Ended, run, scratch};
use shm_schema::Code;

#[test]
fn a_code_is_explained_with_a_schema_that_breaks_it() {
    let directory = scratch();
    let ended = run(directory.path(), "explain duplicate-key").exits(0);
    assert!(ended.stdout.starts_with("# duplicate-key\n\n"));
    assert!(ended.stdout.contains("```yaml\nshm: 1\n"));
    assert_eq!(ended.stderr, "");
}

#[test]
fn without_a_code_every_code_has_a_line() {
    let directory = scratch();
    let listed = run(directory.path(), "explain").exits(0).stdout;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), Code::ALL.len());
    for (line, code) in lines.iter().zip(Code::ALL) {
        let (word, summary) = line.split_once("  ").unwrap();
        assert_eq!(word, code.as_str());
        assert!(summary.ends_with('.'), "{line}");
        assert!(line.len() <= 120, "{line}");
    }
}

#[test]
fn a_word_that_is_no_code_gets_the_nearest_one() {
    let directory = scratch();
    let ended = run(directory.path(), "explain duplicate-kee").exits(2);
    assert_eq!(
        ended.stderr,
        "error: no rule has the code `duplicate-kee`\n  = help: did you mean `duplicate-key`?\n"
    );
    let ended = run(directory.path(), "explain colour").exits(2);
    assert!(ended.stderr.contains("`shm-codegen explain` lists"));
}

/// What is too much for a page is made by shell lines, which say `shm-codegen`
/// as a user would.
#[test]
fn every_shell_example_is_refused_as_its_page_says() {
    let binary = Path::new(env!("CARGO_BIN_EXE_shm-codegen"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", binary.parent().unwrap().display());
    let mut tried = 0;
    for code in Code::ALL {
        let Some((_, rest)) = code.explanation().split_once("\n```sh\n") else {
            continue;
        };
        let (lines, _) = rest.split_once("```").unwrap();
        let directory = scratch();
        let mut shell = Command::new("sh");
        shell.current_dir(directory.path()).env("PATH", &path);
        let ended = Ended::of(shell.args(["-e", "-c", lines])).exits(1);
        let title = format!("error[{code}]: ");
        let mut titles = ended.stderr.lines().filter(|l| l.starts_with("error"));
        assert!(titles.clone().next().is_some(), "{}", ended.stderr);
        assert!(titles.all(|l| l.starts_with(&title)), "{}", ended.stderr);
        tried += 1;
    }
    assert!(tried > 0);
}
