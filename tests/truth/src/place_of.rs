//! Where the probes of a run are built.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::fs::{FlockOperation, flock};

/// A run's folder, below the build folder of the workspace.
pub struct Places {
    root: PathBuf,
    target: PathBuf,
    /// Tells its programs from those of other tests.
    pub(crate) test: String,
    /// Held while the folder is in use: another run of the test waits.
    _lock: File,
}

impl Places {
    /// Empty, for the test of this name; `build` is what cargo gives tests to
    /// write in. What cargo builds for the probes is kept from run to run, and
    /// shared by all tests.
    ///
    /// # Errors
    ///
    /// When the folder cannot be made.
    pub fn new(build: &Path, test: &str) -> Result<Self> {
        let all = build.join("truth");
        fs::create_dir_all(&all).with_context(|| all.display().to_string())?;
        let lock = File::create(all.join(format!("{test}.lock")))?;
        flock(&lock, FlockOperation::LockExclusive)?;
        let places = Self {
            root: all.join(test),
            target: all.join("target"),
            test: test.to_owned(),
            _lock: lock,
        };
        places.folder("")?;
        Ok(places)
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
