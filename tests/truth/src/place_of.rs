//! Where the probes of a run are built.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A run's folder, below the build folder of the workspace.
pub struct Places {
    root: PathBuf,
    target: PathBuf,
}

impl Places {
    /// Empty, for the test of this name; `build` is what cargo gives tests to
    /// write in. What cargo builds for the probes is kept from run to run, and
    /// shared by all of them.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn new(build: &Path, test: &str) -> Result<Self> {
        let root = build.join("truth").join(test);
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| root.display().to_string())?;
        }
        fs::create_dir_all(&root).with_context(|| root.display().to_string())?;
        let target = build.join("truth/target").join(test);
        Ok(Self { root, target })
    }

    /// An empty folder of that name.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.root.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(folder)
    }

    /// What cargo builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }
}
