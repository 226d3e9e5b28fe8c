//! What the Python package measures of itself: `python -m shm_runtime.bench`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::measure::{Measured, Plan};
use crate::results::{Goal, Interpreter, Line};
use crate::summary::Summary;

const ROUNDS: usize = 100;

/// Of the pauses before single accesses, in milliseconds.
const PAUSE_MS: u64 = 10;

/// What happens before an access is timed, as the package calls it.
#[derive(Clone, Copy)]
pub(super) enum Mode {
    Hot,
    Spin,
    Sleep,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Spin => "spin",
            Self::Sleep => "sleep",
        }
    }

    /// Stands where other lines have the size of a record.
    fn pause_ms(self) -> u64 {
        match self {
            Self::Hot => 0,
            Self::Spin | Self::Sleep => PAUSE_MS,
        }
    }
}

/// What the package writes.
#[derive(Deserialize)]
struct Figures {
    python: String,
    backend: String,
    modes: BTreeMap<String, Figured>,
}

/// One mode of it.
#[derive(Deserialize)]
struct Figured {
    cases: Vec<Case>,
    goals: Vec<Goal>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(flatten)]
    summary: Summary,
}

pub(super) fn run(plan: &Plan, mode: Mode) -> Result<Measured> {
    let Some(python) = &plan.python else {
        bail!("the figures of Python need `--python`: one in which `shm_runtime` is installed");
    };
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("figures.json");
    bench(python, mode, plan.turns(ROUNDS), &file)?;
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut figures: Figures = serde_json::from_str(&text)?;
    let figured = figures
        .modes
        .remove(mode.name())
        .with_context(|| format!("the package measured no mode `{}`", mode.name()))?;
    let line = |case: Case| Line::new(&case.name, mode.pause_ms(), "ns", case.summary);
    Ok(Measured {
        lines: figured.cases.into_iter().map(line).collect(),
        goals: figured.goals,
        interpreter: Some(Interpreter {
            version: figures.python,
            backend: figures.backend,
        }),
    })
}

/// Lets the package measure, and write its figures to `file`.
fn bench(python: &Path, mode: Mode, rounds: usize, file: &Path) -> Result<()> {
    let mut command = Command::new(python);
    command.args(["-m", "shm_runtime.bench", "--mode", mode.name()]);
    command.args(["--rounds", &rounds.to_string()]);
    command.args(["--pause", &PAUSE_MS.to_string()]);
    command.arg("--json").arg(file);
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let output = command
        .output()
        .with_context(|| python.display().to_string())?;
    if !output.status.success() {
        bail!(
            "`{} -m shm_runtime.bench` failed: {}",
            python.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
