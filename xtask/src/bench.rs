//! What reads and writes cost, in Rust and in Python.

use crate::{interpreters, project, step, wheel};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// What the Python package is compared with.
const REQUIREMENTS: &str = "bench/requirements.txt";

/// What `--only` calls all measures of the Python package; each begins so.
const PYTHON: &str = "python";

/// What they are called one by one.
const PYTHON_MEASURES: [&str; 3] = ["python-hot", "python-spin", "python-sleep"];

/// Measures in both languages, or what `only` names. `bench/` does so, which
/// is no member of the workspace.
///
/// # Errors
///
/// When something cannot be built, or a measure fails; the results of those
/// before it are saved.
pub(crate) fn run(quick: bool, without_iceoryx2: bool, only: &[String]) -> Result<()> {
    let programs = project::release(&["shm-codegen"])?;
    let out = project::target().join("bench");
    let mut bench = project::cargo();
    bench.args(["run", "--release", "--quiet"]);
    bench.args(["--manifest-path", "bench/Cargo.toml"]);
    if without_iceoryx2 {
        bench.arg("--no-default-features");
    }
    bench.args(["--", "run"]);
    bench.arg("--out").arg(&out);
    bench.arg("--codegen").arg(programs.join("shm-codegen"));
    if only.is_empty() || only.iter().any(|name| name.starts_with(PYTHON)) {
        bench.arg("--python").arg(python()?);
    }
    if quick {
        bench.arg("--quick");
    }
    if !only.is_empty() {
        bench.args(["--only", &measures(only).join(",")]);
    }
    // Apart from what every other build makes, which it must not wait for.
    bench.env("CARGO_TARGET_DIR", project::target().join("bench-build"));
    step::run("measure", &mut bench)?;
    println!("results and pictures are in {}", out.display());
    Ok(())
}

/// As `bench/` calls what `only` names.
fn measures(only: &[String]) -> Vec<&str> {
    let mut measures = Vec::new();
    for name in only {
        match name.as_str() {
            PYTHON => measures.extend(PYTHON_MEASURES),
            name => measures.push(name),
        }
    }
    measures
}

/// The newest Python here, with the wheel and what it is compared with.
fn python() -> Result<PathBuf> {
    let wheel = wheel::build()?;
    let interpreters = interpreters::oldest_and_newest()?;
    let newest = interpreters.last().context("no Python was found")?;
    wheel::beside("venv-bench", newest.path(), REQUIREMENTS, &wheel)
}
