//! `gen --depfile` as make meets it.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Ended, has, run, scratch, small};

fn two_schemas(at: &Path) {
    fs::write(at.join("units.yaml"), small("units", "")).unwrap();
    let text = small("feed", "imports: [units.yaml]\n");
    fs::write(at.join("my feed.yaml"), text).unwrap();
}

fn generate(at: &Path, depfile: &str) -> Ended {
    let arguments = ["gen", "my feed.yaml", "--c", "out", "--depfile", depfile];
    Ended::of(common::program(at).args(arguments))
}

#[test]
fn every_output_and_every_schema_is_named() {
    let directory = scratch();
    let at = directory.path();
    two_schemas(at);
    generate(at, "feed.d").exits(0);
    assert_eq!(
        fs::read_to_string(at.join("feed.d")).unwrap(),
        "out/units.h \\\n  out/feed.h: units.yaml \\\n  my\\ feed.yaml\n\
         \nunits.yaml:\n\nmy\\ feed.yaml:\n"
    );
}

#[test]
fn make_runs_again_when_an_import_changes() {
    if !has("make", "make_runs_again_when_an_import_changes") {
        return;
    }
    let directory = scratch();
    let at = directory.path();
    two_schemas(at);
    let makefile = "out/feed.h:\n\techo run >> runs\n\t$(GEN) gen 'my feed.yaml' --c out \
                    --depfile feed.d\n\ttouch out/feed.h\n-include feed.d\n";
    fs::write(at.join("Makefile"), makefile).unwrap();
    let make = || {
        let program = format!("GEN={}", env!("CARGO_BIN_EXE_shm-codegen"));
        Ended::of(Command::new("make").current_dir(at).arg(program)).exits(0);
        fs::read_to_string(at.join("runs")).unwrap().lines().count()
    };
    assert_eq!(make(), 1);
    assert_eq!(make(), 1, "nothing has changed");
    let later = std::time::SystemTime::now() + std::time::Duration::from_secs(5);
    let import = fs::File::options()
        .write(true)
        .open(at.join("units.yaml"))
        .unwrap();
    import.set_modified(later).unwrap();
    assert_eq!(make(), 2, "an import has");
}

#[test]
fn a_file_that_the_run_reads_or_writes_is_not_overwritten() {
    let directory = scratch();
    let at = directory.path();
    two_schemas(at);
    for taken in ["units.yaml", "out/feed.h", "./units.yaml"] {
        let ended = generate(at, taken).exits(2);
        assert!(ended.stderr.contains("cannot be the dependency file"));
    }
    assert!(!at.join("out").exists(), "nothing is written then");
    run(at, "gen units.yaml --c out --check --depfile x.d").exits(2);
}
