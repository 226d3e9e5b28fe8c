//! What reads and writes cost, in Rust and in Python.

use crate::{interpreters, project, step, wheel};
use anyhow::{Context, Result};
use std::process::Command;

/// What `--only` calls the measures of the Python package.
const PYTHON: &str = "python";

/// Measures in both languages, or what `only` names.
///
/// # Errors
///
/// When something cannot be built, or a measure fails; the results of those
/// before it are saved.
pub(crate) fn run(quick: bool, without_iceoryx2: bool, only: &[String]) -> Result<()> {
    let rust: Vec<&str> = only
        .iter()
        .map(String::as_str)
        .filter(|name| *name != PYTHON)
        .collect();
    if only.is_empty() || !rust.is_empty() {
        measure_rust(quick, without_iceoryx2, &rust)?;
    }
    if only.is_empty() || rust.len() < only.len() {
        measure_python(quick)?;
    }
    Ok(())
}

/// Builds `bench/`, which is no member of the workspace, and runs it.
fn measure_rust(quick: bool, without_iceoryx2: bool, only: &[&str]) -> Result<()> {
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
    if quick {
        bench.arg("--quick");
    }
    if !only.is_empty() {
        bench.args(["--only", &only.join(",")]);
    }
    // Apart from what every other build makes, which it must not wait for.
    bench.env("CARGO_TARGET_DIR", project::target().join("bench-build"));
    step::run("measure", &mut bench)?;
    println!("results and pictures are in {}", out.display());
    Ok(())
}

/// The native backend beside `ctypes`, `multiprocessing` and numpy, in the
/// newest Python here.
fn measure_python(quick: bool) -> Result<()> {
    let wheel = wheel::build()?;
    let interpreters = interpreters::oldest_and_newest()?;
    let newest = interpreters.last().context("no Python was found")?;
    let mut bench = Command::new(wheel::installed(newest, &wheel)?);
    bench.args(["-m", "shm_runtime.bench"]);
    bench.args(["--rounds", if quick { "20" } else { "100" }]);
    step::run("measure Python", &mut bench)
}
