//! Every test, in the order in which a failure says most.

use crate::skips::{self, Skips};
use crate::{demo, fresh, project, step, torture, venv, wheel};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

/// Runs every test to its end, also after a failure.
///
/// # Errors
///
/// Names the steps that failed.
pub(crate) fn run() -> Result<()> {
    let skips = Skips::begin()?;
    let steps: &[(&str, &dyn Fn() -> Result<()>)] = &[
        ("rust", &|| rust(&skips)),
        ("generated files are fresh", &|| fresh::run(true)),
        ("memory model", &|| memory_model(&skips)),
        ("python", &|| python(&skips)),
        ("truth", &|| truth(&skips)),
        ("promises", &promises),
        ("wheel", &|| wheel(&skips)),
        ("demo", &|| demo::run(2.0, 10_000)),
    ];
    let mut failed = Vec::new();
    for (name, step) in steps {
        println!("\n=== {name}");
        let began = Instant::now();
        if let Err(error) = step() {
            eprintln!("error: {error:#}");
            failed.push(*name);
        }
        println!("=== {name}: {:.0} s", began.elapsed().as_secs_f64());
    }
    let skipped = skips.lines()?;
    match skipped.as_slice() {
        [] => println!("\nskipped: nothing"),
        lines => println!("\nskipped: {}", lines.join("; ")),
    }
    println!(
        "steps: {} passed, {} failed",
        steps.len() - failed.len(),
        failed.len()
    );
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn rust(skips: &Skips) -> Result<()> {
    let mut tests = project::cargo();
    tests
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(["--exclude", "shm-truth"])
        .env(skips::VARIABLE, skips.path());
    step::run("rust tests", &mut tests)
}

/// The latch under loom, in a build folder of its own: `--cfg loom` swaps the
/// atomics of the whole crate.
fn memory_model(skips: &Skips) -> Result<()> {
    let mut tests = project::cargo();
    tests.args([
        "test",
        "--release",
        "--package",
        "shm-runtime",
        "--lib",
        "loom",
    ]);
    tests
        .env("RUSTFLAGS", "--cfg loom")
        .env("CARGO_TARGET_DIR", project::target().join("loom"));
    tests.env(skips::VARIABLE, skips.path());
    step::run("memory model", &mut tests)
}

/// The Python runtime by itself, then both languages together.
fn python(skips: &Skips) -> Result<()> {
    let programs = project::release(&["shm-codegen", "market-example", "shm-interop"])?;
    let python = venv::python()?;
    // One run each: both folders have a `conftest` that their tests import.
    for folder in ["shm-codegen/python/tests", "tests/interop"] {
        let mut tests = Command::new(&python);
        tests.current_dir(project::root());
        tests.args(["-m", "pytest", "-q", folder]);
        tests
            .env("SHM_CODEGEN", programs.join("shm-codegen"))
            .env("SHM_PROGRAMS", &programs)
            .env(skips::VARIABLE, skips.path());
        step::run("python tests", &mut tests)?;
    }
    Ok(())
}

/// Random schemas against every compiler and against numpy, which only the
/// venv is sure to have.
fn truth(skips: &Skips) -> Result<()> {
    let mut tests = project::cargo();
    // A run that passes says its seed too.
    tests.args(["test", "--package", "shm-truth", "--", "--nocapture"]);
    tests
        .env("PYTHON", venv::python()?)
        .env(skips::VARIABLE, skips.path());
    step::run("truth", &mut tests)
}

/// Each promise with a count that takes seconds.
fn promises() -> Result<()> {
    torture::run(&["--short".to_owned()], &venv::python()?)
}

/// The step of the wheel by itself.
///
/// # Errors
///
/// Names what failed.
pub(crate) fn wheel_alone() -> Result<()> {
    wheel(&Skips::begin()?)
}

/// The wheel, with the oldest and the newest Python.
fn wheel(skips: &Skips) -> Result<()> {
    let programs = project::release(&["shm-codegen", "market-example", "shm-interop"])?;
    wheel::test(|tests| {
        tests
            .env("SHM_CODEGEN", programs.join("shm-codegen"))
            .env("SHM_PROGRAMS", &programs)
            .env(skips::VARIABLE, skips.path());
    })
}
