//! Every code has one small schema that breaks its rule, and the message that
//! people see is pinned. `BLESS=1 cargo test` writes the messages anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use shm_schema::{Code, compile};

/// Needs a file of over a megabyte: `hostile.rs` has it.
const WITHOUT_FILE: &[Code] = &[Code::TooLarge];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rejects")
}

fn stems(extension: &str) -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn every_code_has_a_schema_and_every_schema_a_code() {
    let codes: BTreeSet<String> = Code::ALL
        .iter()
        .filter(|code| !WITHOUT_FILE.contains(code))
        .map(Code::to_string)
        .collect();
    assert_eq!(stems("yaml"), codes);
    assert_eq!(stems("txt"), codes, "pinned messages");
}

#[test]
fn every_rejected_schema_gets_its_pinned_message() {
    let mut wrong = Vec::new();
    for stem in stems("yaml") {
        let text = fs::read(folder().join(format!("{stem}.yaml"))).unwrap();
        let pinned = folder().join(format!("{stem}.txt"));
        let Err(errors) = compile(&format!("{stem}.yaml"), &text) else {
            wrong.push(format!("{stem}.yaml is accepted"));
            continue;
        };
        let codes: BTreeSet<&str> = errors.iter().map(|d| d.code.as_str()).collect();
        if codes != BTreeSet::from([stem.as_str()]) {
            wrong.push(format!("{stem}.yaml breaks {codes:?}"));
        }
        let message = errors.to_string();
        if env::var_os("BLESS").is_some() {
            fs::write(&pinned, &message).unwrap();
        } else if fs::read_to_string(&pinned).unwrap_or_default() != message {
            wrong.push(format!("{stem}.txt is not what is said now:\n{message}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
