//! The Pythons that tests and tools run in: venvs below the build folder.

use crate::{project, step};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the tests need beside the standard library.
pub(crate) const TESTS: &str = "shm-codegen/python/requirements-test.txt";

/// The Python that the tests run in.
pub(crate) fn python() -> Result<PathBuf> {
    filled("venv", &project::python(), TESTS)
}

/// The Python of the venv `name`; makes the venv and fills it when the
/// requirements have changed since it was last filled.
pub(crate) fn filled(name: &str, base: &Path, requirements: &str) -> Result<PathBuf> {
    let dir = project::target().join(name);
    let python = dir.join("bin/python");
    let requirements = project::root().join(requirements);
    let wanted = fs::read(&requirements).with_context(|| requirements.display().to_string())?;
    let stamp = dir.join("requirements-installed.txt");
    if python.exists() && fs::read(&stamp).is_ok_and(|have| have == wanted) {
        return Ok(python);
    }
    let mut make = Command::new(base);
    make.args(["-m", "venv", "--clear"]).arg(&dir);
    step::run("make a venv", &mut make)?;
    let mut install = pip_install(&python);
    install.arg("-r").arg(&requirements);
    step::run("install Python packages", &mut install)?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
    Ok(python)
}

/// `pip install` into the venv of `python`; what is to be installed comes
/// behind.
pub(crate) fn pip_install(python: &Path) -> Command {
    let mut install = Command::new(python);
    install.args(["-m", "pip", "install", "--quiet"]);
    install.arg("--disable-pip-version-check");
    install
}
