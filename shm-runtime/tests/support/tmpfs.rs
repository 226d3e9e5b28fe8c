//! A file system of a test's own.

use core::ffi::CStr;
use std::path::Path;
use std::thread;

use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use tempfile::TempDir;

use super::skip;

/// A tmpfs that nobody else uses; gone when it is dropped.
pub struct Tmpfs {
    directory: TempDir,
}

impl Tmpfs {
    /// One with these options of mount(8); none, and `test` is skipped, where
    /// this user may not mount it.
    pub fn new(test: &str, options: Option<&CStr>) -> Option<Self> {
        let directory = tempfile::tempdir().expect("it can be made");
        match mount(
            "tmpfs",
            directory.path(),
            "tmpfs",
            MountFlags::empty(),
            options,
        ) {
            Ok(()) => Some(Self { directory }),
            Err(errno) => {
                skip(test, &format!("cannot mount a tmpfs: {errno}"));
                None
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let unmounted = unmount(self.path(), UnmountFlags::DETACH);
        if !thread::panicking() {
            unmounted.expect("it was mounted");
        }
    }
}
