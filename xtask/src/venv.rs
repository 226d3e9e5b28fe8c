//! The Python that the tests run in: a venv below the build folder.

use crate::{project, step};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What the tests need beside the standard library.
const REQUIREMENTS: &str = "shm-codegen/python/requirements-test.txt";

/// The venv's Python; makes the venv and fills it when the requirements have
/// changed since it was last filled.
pub(crate) fn python() -> Result<PathBuf> {
    let dir = project::target().join("venv");
    let python = dir.join("bin/python");
    let requirements = project::root().join(REQUIREMENTS);
    let wanted = fs::read(&requirements).with_context(|| requirements.display().to_string())?;
    let stamp = dir.join("requirements-installed.txt");
    if python.exists() && fs::read(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(python);
    }
    let mut make = Command::new(project::python());
    make.args(["-m", "venv", "--clear"]).arg(&dir);
    step::run("make a venv", &mut make)?;
    let mut install = Command::new(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ]);
    install.arg(&requirements);
    step::run("install the Python test packages", &mut install)?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
    Ok(python)
}
