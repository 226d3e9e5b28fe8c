//! Who may open a segment: its mode says so, whatever the umask, and another
//! user is refused.

use super::{clerks, refused};
use crate::place::Spelled;
use crate::skip::skip;
use crate::stage::Stage;
use anyhow::{Result, ensure};
use rustix::process::geteuid;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

/// The user that nothing belongs to.
const NOBODY: u32 = 65_534;

pub(super) fn modes(stage: &Stage) -> Result<String> {
    let path = stage.path("mode");
    let place = Spelled::path(&path);
    let mut right = 0;
    for (language, clerk) in &mut clerks(stage)? {
        for mask in ["000", "022", "027", "077", "777"] {
            clerk.expect(&format!("umask {mask}"), "umask")?;
            for (how, expected) in [("plain", 0o600), ("shared", 0o664)] {
                let create = format!("create page {} {how}", place.as_str());
                clerk.expect(&create, "won 0")?;
                let found = fs::metadata(&path)?.permissions().mode() & 0o7777;
                ensure!(
                    found == expected,
                    "{language}, umask {mask}: found mode {found:o}, expected {expected:o}"
                );
                clerk.expect("drop", "dropped")?;
                clerk.expect(&format!("unlink {}", place.as_str()), "unlinked")?;
                right += 1;
            }
        }
    }
    Ok(format!(
        "{right} of {right} segments had the mode that was asked for, under 5 umasks in both \
         languages"
    ))
}

pub(super) fn strangers(stage: &Stage) -> Result<String> {
    if !geteuid().is_root() {
        return Ok(skip(
            "another user's segment",
            "only root becomes another user",
        ));
    }
    let paths = ["private", "readable"].map(|name| stage.path(name));
    let [private, readable] = paths.each_ref().map(|path| Spelled::path(path));
    let mut owners = clerks(stage)?;
    let (_, owner) = &mut owners[0];
    for (place, how) in [(&private, "plain"), (&readable, "shared")] {
        owner.expect(&format!("create page {} {how}", place.as_str()), "won 0")?;
        owner.expect("write page 5", "wrote 1")?;
        owner.expect("drop", "dropped")?;
    }
    let inodes = paths
        .each_ref()
        .map(|path| fs::metadata(path).map(|it| it.ino()));
    let mut refusals = 0;
    for (_, stranger) in &mut clerks(stage)? {
        stranger.expect(&format!("become {NOBODY}"), "became")?;
        let denied = &["permission"][..];
        let orders = ["create page @ go-on", "create page @ replace", "unlink @"];
        for place in [&private, &readable] {
            for order in orders {
                refusals += refused(stranger, &order.replace('@', place.as_str()), denied)?;
            }
            // Which of the two it says is no secret.
            let plain = format!("create page {} plain", place.as_str());
            refusals += refused(stranger, &plain, &["permission", "already-exists"])?;
        }
        refusals += refused(
            stranger,
            &format!("attach page {}", private.as_str()),
            denied,
        )?;
        stranger.expect(&format!("attach page {}", readable.as_str()), "attached")?;
        stranger.expect("read", "read 1 5")?;
        refusals += refused(stranger, "write page 6", &["read-only"])?;
    }
    for (path, inode) in paths.iter().zip(inodes) {
        ensure!(
            fs::metadata(path)?.ino() == inode?,
            "a stranger replaced it"
        );
    }
    Ok(format!(
        "another user: {refusals} of {refusals} operations refused in both languages, and what \
         may be read was read"
    ))
}
