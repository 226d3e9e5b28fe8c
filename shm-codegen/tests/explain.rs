//! `shm-codegen explain` as its user meets it.

mod common;

use common::{run, scratch};
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
