//! What the tests left out: they append a line each to a file that the
//! variable `SHM_SKIPS` names, as passing tests print nothing.

use crate::project;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// The variable that names the file.
pub(crate) const VARIABLE: &str = "SHM_SKIPS";

/// The file of this run.
pub(crate) struct Skips(PathBuf);

impl Skips {
    /// An empty file.
    pub(crate) fn begin() -> Result<Self> {
        let path = project::target().join("skipped-tests.txt");
        fs::create_dir_all(project::target())?;
        fs::write(&path, "").with_context(|| path.display().to_string())?;
        Ok(Self(path))
    }

    /// Its path, for the tests.
    pub(crate) fn path(&self) -> &PathBuf {
        &self.0
    }

    /// Each test that was left out and why, in order and once.
    pub(crate) fn lines(&self) -> Result<Vec<String>> {
        let text = fs::read_to_string(&self.0).with_context(|| self.0.display().to_string())?;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines.dedup();
        Ok(lines)
    }
}
