//! Random steps of a schema: what `shm-codegen breaking` says of one, what
//! readers of either version do at run time, and both languages.

#![allow(unsafe_code)]

use std::cell::RefCell;
use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write as _;
use std::mem::MaybeUninit;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};
use serde_json::{Value as Json, json};
use shm_schema::evolution::{self, Verdict};
use shm_schema::layout::{Home, StructLayout, Type};
use shm_schema::{Layout, compile};

use super::steps::{Schema, step};
use crate::fingerprint::Fingerprint;
use crate::layout::{Absent, SchemaId, Section};
use crate::segment::described::Described;
use crate::segment::descriptor::Descriptor;
use crate::segment::fit;
use crate::segment_header::SegmentKind;

/// Steps of one run; `SHM_FIT_CASES` says otherwise.
const CASES: u32 = 300;

/// What the Python runtime is asked, and how it is to answer.
const JUDGE: &str = include_str!("judge.py");

/// A version of a schema, as a program is built with it.
struct Program {
    layout: Layout,
    record: &'static Section,
    descriptor: String,
    size: usize,
}

impl Program {
    /// None when the schema is none.
    fn of(schema: &Schema) -> Option<Self> {
        let layout = compile("s.yaml", schema.to_string().as_bytes()).ok()?;
        let record = layout.structs.iter().find(|s| s.name.as_str() == "S")?;
        let size = record.size.try_into().ok()?;
        let record = section(&layout, record);
        let descriptor = Descriptor {
            schema: SchemaId {
                package: leaked(layout.package.as_str()),
                version: layout.version,
                fingerprint: Fingerprint::from_hex(&layout.fingerprint.to_string()),
            },
            segment: "s",
            kind: SegmentKind::Cell,
            rows: 1,
            key: None,
            record: "S",
            section: record,
        };
        Some(Self {
            descriptor: descriptor.to_string(),
            layout,
            record,
            size,
        })
    }

    /// What a reader that is built with `self` makes of a segment of `other`.
    fn reads(&self, other: &Self) -> Json {
        let theirs = Described::parse(&other.descriptor).expect("we wrote it");
        let found = fit::compare(self.record, &theirs, other.size as u64);
        let (view, found) = found.expect("both make sense");
        let is_same = self.record.fingerprint == other.record.fingerprint;
        assert!(!is_same || found.breaking.is_empty() && found.harmless.is_empty());
        let mut seen = vec![MaybeUninit::new(0); self.size];
        for (at, byte) in seen[..view.shared].iter_mut().enumerate() {
            *byte = MaybeUninit::new(noise(at));
        }
        view.complete(0, &mut seen);
        // SAFETY: every byte was written when the vector was made.
        let seen = seen.iter().map(|byte| unsafe { byte.assume_init() });
        let attaches = found.breaking.is_empty();
        json!({
            "breaking": found.breaking.len(),
            "harmless": found.harmless.len(),
            "seen": attaches.then(|| seen.map(|byte| format!("{byte:02x}")).collect::<String>()),
        })
    }

    /// The module that Python programs import.
    fn module(&self) -> String {
        let made = shm_codegen::python::generate(&self.layout, &shm_codegen::Options::default());
        made.expect("the names are plain").swap_remove(0).text
    }
}

/// A byte of a record, never zero.
fn noise(at: usize) -> u8 {
    (at % 251) as u8 + 1
}

fn leaked(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// As the derive makes it.
fn section(layout: &Layout, of: &StructLayout) -> &'static Section {
    assert_eq!(of.home, Home::Own);
    let plain = |text: &str| -> &'static Section { leak(Section::of(leaked(text), &[])) };
    let parts = of.fields().filter_map(|field| match field.ty {
        Type::Struct(i) => Some(section(layout, &layout.structs[i])),
        Type::Enum(i) => Some(plain(&layout.enums[i].text)),
        Type::Flags(i) => Some(plain(&layout.flags[i].text)),
        _ => None,
    });
    let absent = of.fields().map(|field| Absent {
        field: leaked(field.name.as_str()),
        since: field.since.unwrap_or(0),
        sentinel: 0,
    });
    let (parts, absent): (Vec<_>, Vec<_>) = (parts.collect(), absent.collect());
    let schema = SchemaId::new(leaked(layout.package.as_str()), layout.version);
    leak(Section::of(leaked(&of.text), parts.leak()).from(schema, absent.leak()))
}

fn leak(section: Section) -> &'static Section {
    Box::leak(Box::new(section))
}

fn verdict(old: &Layout, new: &Layout) -> Option<Verdict> {
    let verdicts = evolution::compare(old, new).verdicts;
    let judged = verdicts
        .iter()
        .find(|j| j.what == "struct" && j.name == "S");
    judged.and_then(|judged| judged.verdict)
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().expect("a whole number"))
}

#[test]
#[allow(clippy::print_stdout)] // the count and the seed belong into the log
fn the_verdict_is_what_readers_do_in_both_languages() {
    let seed = number("SHM_FIT_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    let cases = number("SHM_FIT_CASES").map_or(CASES, |n| n as u32);
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(
        Config {
            cases,
            max_global_rejects: cases * 20,
            failure_persistence: None,
            ..Config::default()
        },
        TestRng::from_seed(RngAlgorithm::ChaCha, &bytes),
    );

    let asked = RefCell::new(Vec::new());
    let said = RefCell::new([0_u32; 3]);
    let outcome = runner.run(&step(), |(old, new)| {
        let programs = Program::of(&old).zip(Program::of(&new));
        let Some((before, after)) = programs else {
            return Err(TestCaseError::reject("no schema"));
        };
        let (forward, back) = (after.reads(&before), before.reads(&after));
        let verdict = verdict(&before.layout, &after.layout).expect("both have it");
        let attach = [&forward, &back].map(|found| found["breaking"] == 0);
        let steps = format!("{old}---\n{new}{verdict}, and attach is {attach:?}");
        let is_readable = verdict != Verdict::Breaking;
        // Versions of two packages are not compared: a field with `since` may
        // be lost between them, and no reader knows.
        if is_readable || before.layout.package == after.layout.package {
            prop_assert_eq!(is_readable, attach == [true; 2], "{}", steps);
        }
        let is_same = before.record.fingerprint == after.record.fingerprint;
        prop_assert_eq!(verdict == Verdict::Compatible, is_same, "{}", steps);
        said.borrow_mut()[verdict as usize] += 1;
        let side = |program: &Program| {
            json!({
                "module": program.module(),
                "descriptor": program.descriptor,
                "size": program.size,
            })
        };
        asked.borrow_mut().push((
            json!([side(&before), side(&after)]),
            json!([forward, back]),
            steps,
        ));
        Ok(())
    });
    if let Err(error) = outcome {
        let why = match error {
            TestError::Fail(why, (old, new)) => format!("{why}\n{old}---\n{new}"),
            TestError::Abort(why) => why.to_string(),
        };
        panic!("SHM_FIT_SEED={seed} SHM_FIT_CASES={cases}: {why}");
    }
    let [same, readable, breaking] = said.into_inner();
    println!(
        "{cases} steps, SHM_FIT_SEED={seed}: {same} compatible, {readable} reader-compatible, \
         {breaking} breaking"
    );
    if cases >= CASES {
        assert!(same.min(readable).min(breaking) > cases / 50, "seed {seed}");
    }

    let asked = asked.into_inner();
    let Some(answers) = python(asked.iter().map(|(question, ..)| question)) else {
        return;
    };
    assert_eq!(answers.len(), asked.len(), "seed {seed}");
    for ((_, rust, steps), python) in asked.iter().zip(&answers) {
        assert_eq!(
            rust, python,
            "left rust, right python, seed {seed}:\n{steps}"
        );
    }
    println!("{} steps: Python does the same, to the byte", answers.len());
}

/// What the Python runtime says to each question; none without a Python.
fn python<'a>(questions: impl Iterator<Item = &'a Json>) -> Option<Vec<Json>> {
    let python = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shm-codegen/python");
    let child = Command::new(python)
        .args(["-B", "-c", JUDGE])
        .env("PYTHONPATH", runtime)
        .env("SHM_RUNTIME_BACKEND", "pure")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skip();
        return None;
    };
    let mut input = child.stdin.take().expect("it is piped");
    let questions = Json::from_iter(questions.cloned()).to_string();
    input.write_all(questions.as_bytes()).expect("Python reads");
    drop(input);
    let said = child.wait_with_output().expect("it was started");
    assert!(said.status.success(), "Python ended with {}", said.status);
    Some(serde_json::from_slice(&said.stdout).expect("it is JSON"))
}

#[allow(clippy::print_stderr)] // the one way for a test to say that it was skipped
fn skip() {
    let message = "steps of schemas: without Python, which is not there";
    eprintln!("skipped: {message}");
    if let Some(log) = env::var_os("SHM_SKIPS") {
        let log = std::fs::OpenOptions::new().append(true).open(log);
        let _ = log.and_then(|mut log| writeln!(log, "{message}"));
    }
}
