//! Names that no other test has, and nothing left of them.

#![allow(clippy::disallowed_types)] // a counter; no bytes of a segment

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// A name in `/dev/shm` that is free, and free again afterwards.
pub struct Scratch {
    name: String,
}

impl Scratch {
    pub fn new(test: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("shm-runtime-test.{test}.{}.{number}", process::id());
        let scratch = Self { name };
        scratch.remove();
        scratch
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn path(&self) -> PathBuf {
        Path::new("/dev/shm").join(&self.name)
    }

    pub fn remove(&self) {
        let path = self.path();
        let _ = match path.symlink_metadata() {
            Ok(found) if found.is_dir() => fs::remove_dir(path),
            _ => fs::remove_file(path),
        };
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}
