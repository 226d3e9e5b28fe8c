//! Every code has one small schema that breaks its rule, and the message that
//! people see is pinned. `BLESS=1 cargo test` writes the messages anew.
//!
//! A schema is `<code>.yaml`, or `<code>/main.yaml` beside what it imports.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use shm_schema::{
    Code, Errors, Folder, Layout, Report, SourceError, Sources, compile_from, evolution, lint,
};

/// Need files of over a megabyte, or dozens: `hostile.rs` has them.
const WITHOUT_FILE: &[Code] = &[Code::TooLarge, Code::TooManyImports];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rejects")
}

/// A folder whose files go by their paths within it in messages.
struct Bare(Folder);

impl Sources for Bare {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.0.read(path)
    }

    fn beside(&self, path: &str) -> Vec<String> {
        self.0.beside(path)
    }
}

fn compiled(stem: &str) -> Result<Layout, Errors> {
    let several = folder().join(stem);
    let (root, file) = match several.is_dir() {
        true => (several, "main.yaml".to_owned()),
        false => (folder(), format!("{stem}.yaml")),
    };
    let text = fs::read(root.join(&file)).unwrap();
    compile_from(&file, &text, &Bare(Folder::new(&root).unwrap()))
}

/// Of the entries that are folders (`None`) or have this extension.
fn stems(extension: Option<&str>) -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().and_then(|e| e.to_str()) == extension)
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

fn schemas() -> BTreeSet<String> {
    let (files, folders) = (stems(Some("yaml")), stems(None));
    let both: Vec<_> = files.intersection(&folders).collect();
    assert!(both.is_empty(), "two schemas for one code: {both:?}");
    files.union(&folders).cloned().collect()
}

#[test]
fn every_code_has_a_schema_and_every_schema_a_code() {
    let codes: BTreeSet<String> = Code::ALL
        .iter()
        .filter(|code| !WITHOUT_FILE.contains(code))
        // What takes two schemas to find: `tests/evolution` has them.
        .filter(|code| !evolution::CODES.contains(code))
        .map(Code::to_string)
        .collect();
    assert_eq!(schemas(), codes);
    assert_eq!(stems(Some("txt")), codes, "pinned messages");
}

#[test]
fn every_rejected_schema_gets_its_pinned_message() {
    let mut wrong = Vec::new();
    for stem in schemas() {
        let pinned = folder().join(format!("{stem}.txt"));
        let reports = match compiled(&stem) {
            Ok(layout) if lint::CODES.iter().any(|code| code.as_str() == stem) => {
                vec![lint::look(&layout)]
            }
            Ok(layout) => vec![layout.warnings],
            Err(errors) => errors.into_reports(),
        };
        let all = reports.iter().flat_map(Report::iter);
        let codes: BTreeSet<&str> = all.map(|d| d.code.as_str()).collect();
        if codes != BTreeSet::from([stem.as_str()]) {
            wrong.push(format!("{stem} breaks {codes:?}"));
        }
        let message: Vec<String> = reports.iter().map(Report::to_string).collect();
        let message = message.join("\n");
        if env::var_os("BLESS").is_some() {
            fs::write(&pinned, &message).unwrap();
        } else if fs::read_to_string(&pinned).unwrap_or_default() != message {
            wrong.push(format!("{stem}.txt is not what is said now:\n{message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
