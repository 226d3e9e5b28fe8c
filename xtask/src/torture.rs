//! Each promise, put to the test and counted: `tests/torture`.

use crate::{project, step};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// Builds the program and the Python modules it needs, and hands it the
/// arguments as they are: it says by `--help` what it can count.
///
/// # Errors
///
/// When a promise was broken.
pub(crate) fn run(arguments: &[String], python: &Path) -> Result<()> {
    let programs = project::release(&["shm-codegen", "shm-torture"])?;
    let bindings = project::target().join("torture");
    let mut generate = Command::new(programs.join("shm-codegen"));
    generate
        .current_dir(project::root())
        .args([
            "gen",
            "tests/torture/torture.yaml",
            "--standalone",
            "--python",
        ])
        .arg(&bindings)
        .stdout(std::process::Stdio::null());
    step::run("generate the bindings", &mut generate)?;

    let mut torture = Command::new(programs.join("shm-torture"));
    torture.current_dir(project::root());
    torture.arg("--bindings").arg(&bindings);
    torture.arg("--python").arg(python).args(arguments);
    step::run("torture", &mut torture)
}
