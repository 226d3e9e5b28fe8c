//! No room: an error when the segment is made, never a SIGBUS when it is
//! written, and nothing left behind.

use super::{clerks, refused};
use crate::actor::Actor;
use crate::counts::Counts;
use crate::place::Spelled;
use crate::skip::skip;
use crate::stage::{Language, Stage};
use anyhow::{Result, ensure};
use rustix::mount::{MountFlags, UnmountFlags, mount, unmount};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mount that ends with this.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = unmount(&self.0, UnmountFlags::DETACH);
    }
}

/// A file system that one block fits in and two do not.
pub(super) fn file_system(stage: &Stage, counts: &Counts) -> Result<String> {
    let folder = stage.path("small");
    fs::create_dir(&folder)?;
    if let Err(errno) = mount("tmpfs", &folder, "tmpfs", MountFlags::empty(), c"size=200k") {
        return Ok(skip(
            "a full file system",
            &format!("a tmpfs cannot be mounted: {errno}"),
        ));
    }
    let _mounted = Mounted(folder.clone());
    let [first, second] = ["first", "second"].map(|name| Spelled::path(&folder.join(name)));
    let (mut refusals, mut made) = (0, 0);
    for (_, clerk) in &mut clerks(stage)? {
        for _ in 0..counts.mishaps() {
            let create = format!("create block {} plain", first.as_str());
            clerk.expect(&create, "won 0")?;
            let create = format!("create block {} plain", second.as_str());
            // Each failure gives its room back, or what follows fails.
            for _ in 0..3 {
                refusals += refused(clerk, &create, &["no-space"])?;
            }
            // What is there already is as it was.
            clerk.expect("write block 7", "wrote 1")?;
            clerk.expect("read", "read 1 7")?;
            ensure!(left_in(&folder)? == 1, "a creator without room left a file");
            clerk.expect("drop", "dropped")?;
            clerk.expect(&format!("unlink {}", first.as_str()), "unlinked")?;
            made += 1;
        }
    }
    Ok(format!(
        "full file system: {refusals} of {refusals} creates were told, in both languages, 0 files \
         left; {made} segments beside them unharmed"
    ))
}

/// The same by a limit on the size of files, which needs no rights.
pub(super) fn size_limit(stage: &Stage, counts: &Counts) -> Result<String> {
    let folder = stage.path("limited");
    fs::create_dir(&folder)?;
    let place = Spelled::path(&folder.join("segment"));
    let mut refusals = 0;
    for language in Language::BOTH {
        let mut clerk = limited(stage, language)?;
        for _ in 0..counts.mishaps() {
            let create = format!("create block {} plain", place.as_str());
            refusals += refused(&mut clerk, &create, &["no-space"])?;
        }
        let create = format!("create page {} plain", place.as_str());
        clerk.expect(&create, "won 0")?;
        clerk.expect(&format!("unlink {}", place.as_str()), "busy")?;
        clerk.expect("drop", "dropped")?;
        clerk.expect(&format!("unlink {}", place.as_str()), "unlinked")?;
    }
    ensure!(left_in(&folder)? == 0, "a creator without room left a file");
    Ok(format!(
        "limit on file sizes: {refusals} of {refusals} creates were told, in both languages, 0 \
         files left"
    ))
}

/// A clerk that may write files of 64 KiB at most.
fn limited(stage: &Stage, language: Language) -> Result<Actor> {
    let clerk = stage.clerk_command(language)?;
    let mut command = Command::new("sh");
    // In units of 512 bytes. The signal would end the clerk before its
    // system call could fail.
    command.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""]);
    command.arg(clerk.get_program()).args(clerk.get_args());
    for (key, value) in clerk.get_envs() {
        if let Some(value) = value {
            command.env(key, value);
        }
    }
    Actor::start(&format!("the limited {language} clerk"), &mut command)
}

fn left_in(folder: &Path) -> Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}
