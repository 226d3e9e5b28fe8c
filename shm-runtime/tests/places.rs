//! Where a segment may lie: a name or a path, of a regular file.

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use shm_runtime::{AttachError, Cell, CreateError, OpenError, Place, UnlinkError, unlink};
use support::record::{Numbered, Small};
use support::scratch::Scratch;

#[test]
fn what_is_no_regular_file_is_refused_and_left_alone() {
    let scratch = Scratch::new("no-file");
    let path = scratch.path();
    let target = Scratch::new("target");
    drop(Cell::<Small>::create(target.name()).expect("the name is free"));

    let fifo = || {
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0)
            .expect("the name is free");
    };
    let directory = || fs::create_dir(&path).expect("the name is free");
    let link = || symlink(target.path(), &path).expect("the name is free");
    let dangling = || symlink("/nowhere", &path).expect("the name is free");

    let kinds: [(&str, &dyn Fn()); 4] = [
        ("FIFO", &fifo),
        ("directory", &directory),
        ("symbolic link", &link),
        ("symbolic link", &dangling),
    ];
    for (kind, make) in kinds {
        make();
        let before = path.symlink_metadata().expect("it was made").ino();
        let attached = Cell::<Small>::attach(scratch.name());
        match attached {
            Err(AttachError::Open(OpenError::NotAFile { found, .. })) => {
                assert!(found.contains(kind), "{found}");
            }
            other => panic!("{kind}: {other:?}"),
        }
        let options = Cell::<Small>::options(scratch.name());
        let plain = options.create();
        assert!(
            matches!(plain, Err(CreateError::AlreadyExists { .. })),
            "{plain:?}"
        );
        let replaced = options.clone().replace(true).create();
        assert!(
            matches!(replaced, Err(CreateError::Open(OpenError::NotAFile { .. }))),
            "{replaced:?}"
        );
        let unlinked = unlink(scratch.name());
        assert!(
            matches!(unlinked, Err(UnlinkError::Open(OpenError::NotAFile { .. }))),
            "{unlinked:?}"
        );
        assert_eq!(path.symlink_metadata().expect("it is there").ino(), before);
        scratch.remove();
    }
    assert!(
        Cell::<Small>::attach(target.name()).is_ok(),
        "the link's target is untouched"
    );
}

#[test]
fn a_bad_name_is_refused_by_every_operation() {
    for name in ["", "../etc/passwd", "a/b", "-rf", ".hidden", "a..b"] {
        let created = Cell::<Small>::create(name);
        assert!(
            matches!(created, Err(CreateError::BadName(_))),
            "{created:?}"
        );
        let attached = Cell::<Small>::attach(name);
        assert!(
            matches!(attached, Err(AttachError::BadName(_))),
            "{attached:?}"
        );
        let unlinked = unlink(name);
        assert!(
            matches!(unlinked, Err(UnlinkError::BadName(_))),
            "{unlinked:?}"
        );
    }
}

#[test]
fn a_path_is_a_place_too() {
    let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
    let path = directory.path().join("any name at all");
    let mut writer = Cell::<Small>::create(&path).expect("the name is free");
    writer.write(&Small::of(3)).expect("it is ours");
    let reader = Cell::<Small>::attach(Place::File(path.clone())).expect("it is there");
    assert_eq!(reader.read(), Ok(Small::of(3)));
    assert_eq!(reader.info().path(), path);

    let nowhere = Cell::<Small>::create(Path::new("/nowhere/at/all"));
    assert!(
        matches!(nowhere, Err(CreateError::NoDirectory { .. })),
        "{nowhere:?}"
    );
    let proc = Cell::<Small>::create(Path::new("/proc/segment"));
    assert!(
        matches!(
            proc,
            Err(CreateError::Unsupported { .. } | CreateError::NoDirectory { .. })
        ),
        "{proc:?}"
    );
}
