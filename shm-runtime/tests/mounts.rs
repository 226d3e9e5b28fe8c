//! File systems that are mounted otherwise than usual, or not at all: the
//! error says which, and a segment that is there stays.

mod support;

use shm_runtime::{Cell, CreateError, OpenError, UnlinkError, unlink};
use support::puppet::{self, Puppet, tell};
use support::record::{Numbered, Small};
use support::scratch::Scratch;
use support::tmpfs::Tmpfs;
use support::{skip, wait_until};

#[test]
fn a_read_only_mount_lets_readers_in_and_tells_writers() {
    let Some(tmpfs) = Tmpfs::new("the read-only file system", None) else {
        return;
    };
    let path = tmpfs.path();
    let segment = path.join("segment");
    let mut writer = Cell::<Small>::create(&segment).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    drop(writer);
    let flags = rustix::mount::MountFlags::RDONLY;
    // A process that another test has just forked may still have the file.
    wait_until("nobody writes", || {
        rustix::mount::mount_remount(path, flags, c"").is_ok()
    });

    let reader = Cell::<Small>::attach(&segment).expect("it may be read");
    assert_eq!(reader.read(), Ok(Small::of(1)));
    for options in [
        Cell::<Small>::options(path.join("new")),
        Cell::<Small>::options(&segment).exist_ok(true),
        Cell::<Small>::options(&segment).replace(true),
    ] {
        let created = options.create();
        assert!(
            matches!(
                created,
                Err(CreateError::Open(OpenError::ReadOnlyMount { .. }))
            ),
            "{created:?}"
        );
    }
    let unlinked = unlink(&segment);
    assert!(
        matches!(
            unlinked,
            Err(UnlinkError::Open(OpenError::ReadOnlyMount { .. }))
        ),
        "{unlinked:?}"
    );
}

#[test]
fn without_proc_nothing_is_created_and_nothing_is_lost() {
    let scratch = Scratch::new("no-proc");
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    drop(writer);
    if !rustix::process::geteuid().is_root() {
        return skip("a machine without /proc", "needs root to unmount it");
    }

    let mut puppet = Puppet::without_proc("creator", scratch.name());
    let told = puppet.line();
    if told.is_empty() {
        return skip("a machine without /proc", "it cannot be unmounted");
    }
    assert_eq!(told, "read 1");
    assert_eq!(puppet.line(), "not replaced, for /proc");
    assert_eq!(puppet.line(), "not created, for /proc");
    assert_eq!(puppet.line(), "wrote 2");
    drop(puppet);
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there still");
    assert_eq!(reader.read(), Ok(Small::of(2)));
}

#[test]
fn puppet() {
    let Some((_, segment)) = puppet::role() else {
        return;
    };
    let reader = Cell::<Small>::attach(&segment).expect("it is there");
    tell(&format!("read {}", reader.read().unwrap().words[0]));
    match Cell::<Small>::options(&segment).replace(true).create() {
        Err(CreateError::NoProc { .. }) => tell("not replaced, for /proc"),
        other => tell(&format!("{other:?}")),
    }
    match Cell::<Small>::create(format!("{segment}.new").as_str()) {
        Err(CreateError::NoProc { .. }) => tell("not created, for /proc"),
        other => tell(&format!("{other:?}")),
    }
    let options = Cell::<Small>::options(&segment).exist_ok(true);
    let mut writer = options.create().expect("a name is there already");
    let version = writer.write(&Small::of(2)).expect("it is ours");
    tell(&format!("wrote {version}"));
}
