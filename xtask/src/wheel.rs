//! The Python wheel: made, installed and tested as a user would.

use crate::interpreters::{self, Interpreter};
use crate::{project, step, venv};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What builds it.
const REQUIREMENTS: &str = "shm-py/requirements-build.txt";

/// Its Python: the pure backend.
const PACKAGE: &str = "shm-codegen/python/shm_runtime";

/// Files of the package, by how their names end; all else is a tool's.
const KINDS: [&str; 3] = ["py", "pyi", "typed"];

/// Tests of generated text, to which the backend makes no difference.
const NOT_OF_THE_BACKEND: [&str; 2] = ["test_generated.py", "test_hostile.py"];

/// Writes the wheel to `target/wheels`.
///
/// # Errors
///
/// When it cannot be built.
pub(crate) fn build() -> Result<PathBuf> {
    let python = venv::filled("venv-wheel", &project::python(), REQUIREMENTS)?;
    let source = project::target().join("wheel");
    stage(&source)?;
    let wheels = project::target().join("wheels");
    // What was built before would be found as well.
    match fs::remove_dir_all(&wheels) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| wheels.display().to_string());
        }
        _ => {}
    }
    let mut build = Command::new(&python);
    build.current_dir(&source);
    build.args(["-m", "maturin", "build", "--release", "--quiet", "--out"]);
    build.arg(&wheels);
    // Its builds and those by hand use one folder.
    build.env("CARGO_TARGET_DIR", project::target());
    step::run("build the wheel", &mut build)?;
    only_wheel(&wheels)
}

/// Installs the wheel into a fresh venv of the oldest and of the newest Python
/// here, without Rust, and runs the Python tests over it.
///
/// # Errors
///
/// Names the Python whose tests failed.
pub(crate) fn test(mut configure: impl FnMut(&mut Command)) -> Result<()> {
    let wheel = build()?;
    println!("wheel: {}", wheel.display());
    let mut failed = Vec::new();
    for interpreter in interpreters::oldest_and_newest()? {
        let python = installed(&interpreter, &wheel)?;
        println!("python {}:", interpreter.version());
        for folder in ["shm-codegen/python/tests", "tests/interop", "shm-py/tests"] {
            let mut tests = Command::new(&python);
            tests.current_dir(project::root());
            tests.args(["-m", "pytest", "-q", folder]);
            for file in NOT_OF_THE_BACKEND {
                tests.arg(format!("--ignore={folder}/{file}"));
            }
            tests.env("SHM_RUNTIME_BACKEND", "native");
            configure(&mut tests);
            let name = format!("python {} over the wheel", interpreter.version());
            // What fails with one Python only says more than what fails first.
            if let Err(error) = step::run(&name, &mut tests) {
                eprintln!("error: {error:#}");
                failed.push(format!("{folder} with {}", interpreter.version()));
            }
        }
    }
    if !failed.is_empty() {
        bail!("tests failed over the wheel: {}", failed.join(", "));
    }
    Ok(())
}

/// Lays out what the build tool wants in one place: the project's file, the
/// package, the licences.
fn stage(source: &Path) -> Result<()> {
    let root = project::root();
    let package = source.join("python/shm_runtime");
    if source.exists() {
        fs::remove_dir_all(source).with_context(|| source.display().to_string())?;
    }
    fs::create_dir_all(&package).with_context(|| package.display().to_string())?;
    let from = root.join(PACKAGE);
    for entry in fs::read_dir(&from).with_context(|| from.display().to_string())? {
        let path = entry?.path();
        let kind = path.extension().and_then(|kind| kind.to_str());
        if kind.is_some_and(|kind| KINDS.contains(&kind)) {
            copy(&path, &package)?;
        }
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&root.join(licence), source)?;
    }
    let project = root.join("shm-py/pyproject.toml");
    let text = fs::read_to_string(&project).with_context(|| project.display().to_string())?;
    let manifest = root.join("shm-py/Cargo.toml");
    let text = text.replace(
        "manifest-path = \"Cargo.toml\"",
        &format!("manifest-path = {:?}", manifest.display().to_string()),
    );
    fs::write(source.join("pyproject.toml"), text)?;
    Ok(())
}

fn copy(file: &Path, folder: &Path) -> Result<()> {
    let name = file.file_name().context("a file has a name")?;
    fs::copy(file, folder.join(name)).with_context(|| file.display().to_string())?;
    Ok(())
}

fn only_wheel(folder: &Path) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        found.push(entry?.path());
    }
    match found.as_slice() {
        [wheel] => Ok(wheel.clone()),
        _ => bail!(
            "expected one wheel in `{}`, found {found:?}",
            folder.display()
        ),
    }
}

/// A venv with the wheel and the tests' packages; its Python.
pub(crate) fn installed(interpreter: &Interpreter, wheel: &Path) -> Result<PathBuf> {
    let name = format!("venv-{}", interpreter.version());
    beside(&name, interpreter.path(), venv::TESTS, wheel)
}

/// The venv `name` with the wheel and what the requirements list; its Python.
pub(crate) fn beside(name: &str, base: &Path, requirements: &str, wheel: &Path) -> Result<PathBuf> {
    let python = venv::filled(name, base, requirements)?;
    let mut install = venv::pip_install(&python);
    install
        .args(["--no-deps", "--no-index", "--force-reinstall"])
        .arg(wheel);
    step::run("install the wheel", &mut install)?;
    Ok(python)
}
