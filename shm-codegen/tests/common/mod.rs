//! What the tests of the generator share.

#![allow(dead_code)] // each test file uses a part

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pulldown_cmark::{Event, Options, Parser};
use tempfile::TempDir;

/// A directory of its own for a test, gone afterwards.
pub(crate) fn scratch() -> TempDir {
    TempDir::new().expect("a temporary directory")
}

/// A schema of the repository.
pub(crate) fn schema(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../schemas")
        .join(name)
}

/// Every schema that the repository holds as an example: what a target makes
/// of them must compile.
pub(crate) fn corpus() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["schemas", "shm-schema/tests/corpus"].map(|folder| root.join(folder));
    let entries = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(folder).expect("a folder of schemas");
        entries.map(|entry| entry.expect("an entry").path())
    });
    let mut schemas: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .collect();
    schemas.sort();
    assert!(schemas.len() > 4, "{schemas:?}");
    schemas
}

/// The program, to be run in a directory.
pub(crate) fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shm-codegen"));
    command.current_dir(directory).env_remove("NO_COLOR");
    command
}

/// Runs the program with arguments split at blanks.
pub(crate) fn run(directory: &Path, arguments: &str) -> Ended {
    Ended::of(program(directory).args(arguments.split_whitespace()))
}

/// How a program ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().expect("the program starts");
        Self {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).expect("UTF-8"),
            stderr: String::from_utf8(stderr).expect("UTF-8"),
        }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }
}

/// A schema of one struct with one field, with room for a test's own lines.
pub(crate) fn small(package: &str, more: &str) -> String {
    format!(
        "shm: 1\npackage: {package}\nversion: 1\n{more}\
         structs:\n  - name: Point\n    fields:\n      - {{ name: x, type: i32 }}\n"
    )
}

/// Holds a text against a file of `tests/golden`. With `BLESS=1` in the
/// environment the file becomes the text.
#[track_caller]
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, text).expect("the golden file can be written");
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    let difference = similar::TextDiff::from_lines(wanted.as_str(), text)
        .unified_diff()
        .header(name, "now")
        .to_string();
    assert!(
        difference.is_empty(),
        "run with BLESS=1 if this is right:\n{difference}"
    );
}

/// Whether a tool is there; says which test goes without it when it is not.
#[allow(clippy::print_stderr)] // the one way for a test to say that it was skipped
pub(crate) fn has(tool: &str, test: &str) -> bool {
    let asked = Command::new(tool).arg("--version").output();
    // rustup puts a program there for each of a toolchain's parts, even one
    // that is not installed.
    let there = asked.is_ok_and(|answer| answer.status.success());
    if !there {
        eprintln!("skipped: {test} needs {tool}");
        if let Some(log) = std::env::var_os("SHM_SKIPS") {
            use std::io::Write as _;
            let log = std::fs::OpenOptions::new().append(true).open(log);
            let _ = log.and_then(|mut log| writeln!(log, "{test}: needs {tool}"));
        }
    }
    there
}

/// Every file below a directory, by path, with its bytes.
pub(crate) fn tree(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(next).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let relative = path.strip_prefix(directory).expect("below").to_owned();
                files.push((relative, fs::read(&path).expect("readable")));
            }
        }
    }
    files.sort();
    files
}

/// Compiler, language and standard.
pub(crate) const COMPILERS: [(&str, &str, &str); 3] = [
    ("gcc", "c", "c11"),
    ("gcc", "c", "gnu17"),
    ("g++", "c++", "c++17"),
];

/// Compiles a source text to `program` in the directory.
pub(crate) fn compile(
    directory: &Path,
    source: &str,
    compiler: &str,
    language: &str,
    standard: &str,
) -> Ended {
    let file = directory.join("program.source");
    fs::write(&file, source).unwrap();
    let mut command = Command::new(compiler);
    command
        .args([
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            &format!("-std={standard}"),
        ])
        .args(["-x", language])
        .arg(&file)
        .arg("-o")
        .arg(directory.join("program"));
    if !source.contains("main") {
        command.arg("-fsyntax-only");
    }
    Ended::of(command.env("LC_ALL", "C"))
}

/// Every tag and comment of a page, without the schema's fingerprint.
pub(crate) fn tags(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1);
    tags.map(|rest| rest.split('>').next().unwrap_or_default())
        .filter(|tag| !tag.starts_with("code") && !tag.starts_with("/code"))
        .map(str::to_owned)
        .collect()
}

/// Every event of a page but its words.
pub(crate) fn events(markdown: &str) -> Vec<String> {
    let all = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let events = Parser::new_ext(markdown, all);
    let is_markup = |event: &Event<'_>| !matches!(event, Event::Text(_) | Event::Code(_));
    events.filter(is_markup).map(|e| format!("{e:?}")).collect()
}
