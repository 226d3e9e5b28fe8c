//! The complaint that reads are slow after a pause, measured: `bench/slow_get`.

use crate::{project, step, wheel};
use anyhow::Result;
use std::process::Command;

/// What our bindings are compared with.
const REQUIREMENTS: &str = "bench/slow_get/requirements.txt";

/// Runs the program over the wheel and hands it the arguments as they are: it
/// says by `--help` what there is to measure.
///
/// # Errors
///
/// When something cannot be built or installed, or the program fails.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let wheel = wheel::build()?;
    let python = wheel::beside("venv-slow-get", &project::python(), REQUIREMENTS, &wheel)?;
    let mut program = Command::new(python);
    program.current_dir(project::root()).arg("bench/slow_get");
    program.env("SHM_RUNTIME_BACKEND", "native").args(arguments);
    step::run("measure", &mut program)
}
