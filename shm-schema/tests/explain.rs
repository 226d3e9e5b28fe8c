//! What `explain` says of each code is so: the schema that it calls refused is
//! refused, for that reason alone, and the one that it calls accepted compiles.

mod markdown;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use markdown::{Block, blocks};
use shm_schema::{Code, Severity, SourceError, Sources, compile, compile_from, evolution, lint};

/// What they refuse is too much for a page: shell lines make it, which the
/// tests of the command line run.
const MADE_BY_SHELL: &[Code] = &[Code::TooLarge, Code::NotUtf8, Code::TooManyImports];

/// The line above the example that breaks the rule.
fn broken(code: Code) -> &'static str {
    match code.severity() {
        Severity::Error => "Refused",
        Severity::Warning => "Warned of",
    }
}

/// The blocks under a line such as `Refused:` or `Accepted:`.
fn under<'a>(head: &str, page: &'a str) -> &'a str {
    let start = page.find(&format!("\n{head}:\n"));
    let start = start.unwrap_or_else(|| panic!("`{head}:` in:\n{page}"));
    let rest = &page[start + head.len() + 3..];
    rest.split("\nAccepted:\n").next().unwrap_or(rest)
}

/// The files of an example: a block each, named in its first line when there
/// are several.
struct Files(BTreeMap<String, String>);

impl Files {
    /// The path of the first block's file, and all files.
    fn of(example: Vec<Block>) -> (String, Files) {
        let named = |block: &Block| {
            let line = block.text.lines().next()?;
            let name = line.strip_prefix("# ")?;
            name.ends_with(".yaml").then(|| name.to_owned())
        };
        let first = example.first().expect("a block");
        let schema = named(first).unwrap_or_else(|| "example.yaml".to_owned());
        let files = example.into_iter().map(|block| {
            assert_eq!(block.language, "yaml");
            let name = named(&block).unwrap_or_else(|| schema.clone());
            (name, block.text)
        });
        let files: BTreeMap<_, _> = files.collect();
        (schema, Files(files))
    }
}

impl Sources for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let folder = format!("{path}/");
        match self.0.get(path) {
            Some(text) => Ok(text.clone().into_bytes()),
            None if self.0.keys().any(|key| key.starts_with(&folder)) => Err(SourceError::NotAFile),
            None => Err(SourceError::Missing),
        }
    }
}

/// The codes that an example gets, each once.
///
/// Those of a lint too when the page is of one.
fn codes(of: Code, example: Vec<Block>) -> BTreeSet<String> {
    let (schema, files) = Files::of(example);
    if let (Some(old), Some(new)) = (files.0.get("old.yaml"), files.0.get("new.yaml")) {
        let [old, new] = [old, new].map(|text| compile("example.yaml", text.as_bytes()).unwrap());
        let findings = evolution::compare(&old, &new).findings.into_iter();
        return findings.map(|f| f.diagnostic.code.to_string()).collect();
    }
    match compile_from(&schema, files.0[&schema].as_bytes(), &files) {
        Ok(layout) if lint::CODES.contains(&of) => {
            let report = lint::look(&layout);
            report.iter().map(|d| d.code.to_string()).collect()
        }
        Ok(layout) => layout.warnings.iter().map(|d| d.code.to_string()).collect(),
        Err(errors) => errors.iter().map(|d| d.code.to_string()).collect(),
    }
}

#[test]
fn every_explanation_is_of_a_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("explain");
    let pages: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let wanted: BTreeSet<String> = Code::ALL.iter().map(|code| format!("{code}.md")).collect();
    assert_eq!(pages, wanted);
}

#[test]
fn every_explanation_starts_with_its_code_and_says_why() {
    for code in Code::ALL {
        let page = code.explanation();
        let (title, rest) = page.split_once("\n\n").unwrap();
        assert_eq!(title, format!("# {code}"));
        let words = rest
            .split(&format!("\n\n{}:\n", broken(*code)))
            .next()
            .unwrap();
        assert!(words.split_whitespace().count() > 15, "{code}: {words}");
        assert!(page.lines().all(|line| line.len() <= 100), "{code}");
        assert!(page.ends_with("```\n"), "{code}");
    }
}

#[test]
fn every_refused_example_breaks_its_rule_and_no_other() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let example = blocks(under(broken(*code), code.explanation()));
        if MADE_BY_SHELL.contains(code) {
            assert!(example.iter().all(|block| block.language == "sh"));
            continue;
        }
        let found = codes(*code, example);
        if found != BTreeSet::from([code.to_string()]) {
            wrong.push(format!("{code}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_accepted_example_compiles() {
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let found = codes(*code, blocks(under("Accepted", code.explanation())));
        if !found.is_empty() {
            wrong.push(format!("{code}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
