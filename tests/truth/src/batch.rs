//! Many cases, looked at together: a compiler's start costs more than a case.

use std::collections::HashMap;
use std::fmt;
use std::process::Command;
use std::thread;

use anyhow::{Result, anyhow};

use crate::case::Case;
use crate::expect::Voice;
use crate::place_of::Places;
use crate::{c, python, run, rust};

/// The languages that can be asked on this machine. Rust always can.
#[derive(Debug, Clone, Copy)]
pub struct Languages {
    c: bool,
    cpp: bool,
    python: bool,
    numpy: bool,
}

impl Languages {
    /// Says which are not there.
    pub fn at_hand() -> Self {
        let has = |tool: &str| run::has(tool, Command::new(tool).arg("--version"));
        let python = || {
            let mut python = Command::new(run::python());
            python.arg("-c");
            python
        };
        let has_python = run::has("Python", python().arg("pass"));
        Self {
            c: has("gcc"),
            cpp: has("g++"),
            python: has_python,
            numpy: has_python && run::has("numpy", python().arg("import numpy")),
        }
    }
}

impl Languages {
    /// Those that say what they lay out, in order.
    pub fn names(self) -> Vec<&'static str> {
        let all = [
            (self.c, "C"),
            (self.python, "Ctypes"),
            (self.numpy, "Numpy"),
            (true, "Rust"),
        ];
        all.iter().filter(|(has, _)| *has).map(|l| l.1).collect()
    }

    /// How many programs read generated text.
    pub fn compilers(self) -> usize {
        1 + usize::from(self.c) + usize::from(self.cpp) + usize::from(self.python)
    }
}

/// What a language says otherwise than the layout.
#[derive(Debug)]
pub struct Difference {
    /// Index in the batch; none when all that is known is that a program about
    /// the whole of it failed.
    pub case: Option<usize>,
    /// Of it or of a compiler's message.
    pub said: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

/// Asks every language about every case: the first difference of each case
/// with each, or nothing.
pub fn check(cases: &[&Case], places: &Places, languages: Languages) -> Vec<Difference> {
    // Cargo keeps one processor busy for most of its time.
    let answers = thread::scope(|scope| {
        let rust = scope.spawn(|| rust::say(cases, places));
        let mut answers = others(cases, places, languages);
        let rust = rust.join();
        let rust = rust.unwrap_or_else(|_| Err(anyhow!("a thread of the test panicked")));
        answers.push((rust, vec![Voice::Rust]));
        answers
    });
    let mut differences = Vec::new();
    for (answer, voices) in answers {
        match answer {
            Err(error) => differences.push(Difference {
                case: None,
                said: format!("{error:#}"),
            }),
            Ok(said) => differences.extend(
                voices
                    .into_iter()
                    .flat_map(|voice| heard(cases, voice, &said)),
            ),
        }
    }
    differences
}

/// What a program printed, and who speaks in it.
type Answer = (Result<String>, Vec<Voice>);

fn others(cases: &[&Case], places: &Places, has: Languages) -> Vec<Answer> {
    let mut answers = Vec::new();
    if has.c {
        answers.push((c::say(cases, places), vec![Voice::C]));
    }
    if has.cpp {
        answers.push((c::also_cpp(cases, places), vec![]));
    }
    if has.python {
        let voices = match has.numpy {
            true => vec![Voice::Ctypes, Voice::Numpy],
            false => vec![Voice::Ctypes],
        };
        answers.push((python::say(cases, places), voices));
    }
    answers
}

/// The first difference of each case with a voice.
fn heard(cases: &[&Case], voice: Voice, said: &str) -> Vec<Difference> {
    let mut said = by_case(said, voice);
    let heard = cases.iter().enumerate().filter_map(|(index, case)| {
        let found = said.remove(case.name.as_str()).unwrap_or_default();
        let said = differs(voice, &case.lines(voice), &found)?;
        let case = Some(index);
        Some(Difference { case, said })
    });
    heard.collect()
}

/// The lines after `== c7`, or `== c7 numpy` where two speak by turns.
fn by_case(said: &str, voice: Voice) -> HashMap<&str, Vec<&str>> {
    let mine = match voice {
        Voice::Rust | Voice::C => None,
        Voice::Ctypes => Some("ctypes"),
        Voice::Numpy => Some("numpy"),
    };
    let mut cases: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut current = None;
    for line in said.lines() {
        if let Some(head) = line.strip_prefix("== ") {
            let mut words = head.split(' ');
            let name = words.next().unwrap_or_default();
            current = (words.next() == mine).then_some(name);
        } else if let Some(name) = current {
            cases.entry(name).or_default().push(line);
        }
    }
    cases
}

fn differs(voice: Voice, expected: &[String], found: &[&str]) -> Option<String> {
    let longest = expected.len().max(found.len());
    let at =
        (0..longest).find(|at| expected.get(*at).map(String::as_str) != found.get(*at).copied())?;
    Some(format!(
        "{voice:?} disagrees with the layout:\n  expected {}\n     found {}",
        expected.get(at).map_or("nothing more", |line| line),
        found.get(at).unwrap_or(&"nothing more"),
    ))
}
