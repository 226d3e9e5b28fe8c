//! Where things are, and how they are built.

use crate::step;
use anyhow::Result;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."))
}

/// Cargo's build folder, wherever the caller has put it.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The Python to use: `$PYTHON`, else `python3`.
pub(crate) fn python() -> PathBuf {
    env::var_os("PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from)
}

/// A cargo command in the project's folder.
pub(crate) fn cargo() -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root());
    command
}

/// Builds packages in release mode and returns the folder of their programs.
pub(crate) fn release(packages: &[&str]) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "--release", "--quiet"]);
    for package in packages {
        build.args(["--package", package]);
    }
    step::run("build the programs", &mut build)?;
    Ok(target().join("release"))
}
