//! The Pythons of this machine.

use crate::project;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest minor version of Python 3 that is served.
const OLDEST: u32 = 9;

/// Past the newest that could be there.
const PAST_NEWEST: u32 = 30;

/// What an interpreter must be able to import for a venv with tests.
const NEEDED: &str = "import ctypes, ensurepip, mmap, venv";

/// A Python that works.
#[derive(Clone, Debug)]
pub(crate) struct Interpreter {
    minor: u32,
    path: PathBuf,
}

impl Interpreter {
    /// `3.13`.
    pub(crate) fn version(&self) -> String {
        format!("3.{}", self.minor)
    }

    /// Its program.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// The oldest and the newest; one where there is one.
///
/// # Errors
///
/// When there is none.
pub(crate) fn oldest_and_newest() -> Result<Vec<Interpreter>> {
    let found: Vec<Interpreter> = all()?;
    match found.as_slice() {
        [] => bail!("no Python 3.{OLDEST} or later was found"),
        [only] => Ok(vec![only.clone()]),
        [oldest, .., newest] => Ok(vec![oldest.clone(), newest.clone()]),
    }
}

/// Every version once, the oldest first: those on the path, and those that
/// are installed beside the one that is used.
fn all() -> Result<Vec<Interpreter>> {
    let mut found = BTreeMap::new();
    for folder in folders()? {
        for minor in OLDEST..PAST_NEWEST {
            let path = folder.join(format!("python3.{minor}"));
            // A version manager's stand-in may lead nowhere.
            if !found.contains_key(&minor) && path.exists() && works(&path) {
                found.insert(minor, path);
            }
        }
    }
    let made = found.into_iter();
    Ok(made
        .map(|(minor, path)| Interpreter { minor, path })
        .collect())
}

fn works(python: &Path) -> bool {
    let run = Command::new(python).args(["-c", NEEDED]).output();
    run.is_ok_and(|run| run.status.success())
}

fn folders() -> Result<Vec<PathBuf>> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut ask = Command::new(project::python());
    ask.args(["-c", "import sys; print(sys.base_prefix)"]);
    let said = ask.output().context("cannot ask Python where it is")?;
    let prefix = PathBuf::from(String::from_utf8(said.stdout)?.trim());
    // Others often lie beside it, each in a folder of its own.
    if let Some(beside) = prefix.parent() {
        for entry in fs::read_dir(beside).into_iter().flatten().flatten() {
            folders.push(entry.path().join("bin"));
        }
    }
    Ok(folders)
}
