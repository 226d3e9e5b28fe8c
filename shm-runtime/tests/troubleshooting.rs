//! `docs/troubleshooting.md` has an entry for every error of the runtime, in
//! Rust and in Python.

use std::fs;
use std::path::{Path, PathBuf};

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = project().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Variants of every error enum: the only lines that are indented once and
/// begin with a capital.
fn variants(source: &str) -> impl Iterator<Item = &str> {
    let indented = source.lines().filter_map(|line| line.strip_prefix("    "));
    let names = indented.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    names.map(|line| line.split([' ', '(', ',']).next().unwrap_or(line))
}

/// Classes, the base apart.
fn classes(source: &str) -> impl Iterator<Item = &str> {
    let lines = source
        .lines()
        .filter_map(|line| line.strip_prefix("class "));
    let names = lines.filter_map(|line| line.split('(').next());
    names.filter(|name| *name != "Error")
}

#[test]
fn every_error_of_both_runtimes_has_an_entry() {
    let page = read("docs/troubleshooting.md");
    let (mut found, mut missing) = (0, Vec::new());
    let mut look_for = |name: &str, from: &str| match page.contains(&format!("`{name}`")) {
        true => found += 1,
        false => missing.push(format!("`{name}` of {from}")),
    };
    let folder = project().join("shm-runtime/src/error");
    let files = fs::read_dir(folder).expect("it is there");
    let files = files.map(|file| file.expect("it can be listed").path());
    for path in files.chain([project().join("shm-runtime/src/foreign/error.rs")]) {
        let source = read(&path);
        for name in variants(&source) {
            // What holds another error is told by that one.
            if !["Open", "Read"].contains(&name) {
                look_for(name, &path.display().to_string());
            }
        }
    }
    for name in ["OutOfRange", "TextError", "TimeOutOfRange"] {
        look_for(name, "the values");
    }
    for name in classes(&read("shm-codegen/python/shm_runtime/_errors.py")) {
        look_for(name, "Python");
    }
    assert!(missing.is_empty(), "no entry for {}", missing.join(", "));
    assert!(
        found > 40,
        "{found} errors are too few: was the source moved?"
    );
}

#[test]
fn every_link_of_the_table_leads_to_an_entry() {
    let page = read("docs/troubleshooting.md");
    let heads: Vec<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|head| head.to_lowercase().replace(' ', "-"))
        .collect();
    let mut links = 0;
    for link in page.split("](#").skip(1) {
        let link = link.split(')').next().expect("a split has a first part");
        assert!(heads.iter().any(|head| head == link), "no entry `{link}`");
        links += 1;
    }
    assert!(links > 20, "{links} links are too few");
}
