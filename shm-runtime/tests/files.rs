//! Creating, attaching, unlinking: each thing that can be in the way has its
//! own error, and nothing half-made stays behind.

mod support;

use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::thread;
use std::time::{Duration, Instant};

use shm_runtime::{
    AttachError, Cell, CreateError, ReadError, Table, UnlinkError, WriteError, unlink,
};
use support::record::{Large, Numbered, Small};
use support::scratch::Scratch;
use support::tmpfs::Tmpfs;
use support::{WATCHDOG, wait_until};

#[test]
fn a_name_that_is_in_use_is_not_created_again() {
    let scratch = Scratch::new("exists");
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    drop(writer);
    let again = Cell::<Small>::create(scratch.name());
    assert!(
        matches!(again, Err(CreateError::AlreadyExists { .. })),
        "{again:?}"
    );
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there still");
    assert_eq!(reader.read(), Ok(Small::of(1)));
}

#[test]
fn a_table_is_no_larger_than_a_file_can_be() {
    let scratch = Scratch::new("too-large");
    for rows in [1 << 57, u64::MAX] {
        let table = Table::<Small>::options(scratch.name()).rows(rows).create();
        assert!(
            matches!(table, Err(CreateError::BadOption { option: "rows", .. })),
            "{table:?}"
        );
    }
    let found = Table::<Small>::attach(scratch.name());
    assert!(
        matches!(found, Err(AttachError::NotFound { .. })),
        "{found:?}"
    );
}

#[test]
fn a_file_that_was_removed_is_read_on_and_says_so() {
    let scratch = Scratch::new("removed");
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
    assert!(reader.is_linked() && writer.is_linked());

    fs::remove_file(reader.info().path()).expect("it has its name");
    assert!(!reader.is_linked() && !writer.is_linked());
    assert!(!reader.is_retired(), "nobody told it so");
    writer
        .write(&Small::of(2))
        .expect("its pages are there still");
    assert_eq!(reader.read(), Ok(Small::of(2)));

    let next = Cell::<Small>::create(scratch.name()).expect("the name is free");
    assert!(next.is_linked() && !reader.is_linked(), "another has it");
    next.unlink().expect("it is ours");
    let table = Table::<Small>::options(scratch.name()).rows(2).create();
    let table = table.expect("the name is free");
    assert!(table.is_linked());
    let reader = Table::<Small>::attach(scratch.name()).expect("it is there");
    table.unlink().expect("it is ours");
    assert!(!reader.is_linked() && reader.is_retired());
}

#[test]
fn a_segment_that_is_not_there_is_not_found() {
    let scratch = Scratch::new("absent");
    let attached = Cell::<Small>::attach(scratch.name());
    assert!(
        matches!(attached, Err(AttachError::NotFound { .. })),
        "{attached:?}"
    );
    let unlinked = unlink(scratch.name());
    assert!(
        matches!(unlinked, Err(UnlinkError::NotFound { .. })),
        "{unlinked:?}"
    );

    let start = Instant::now();
    let wait = Duration::from_millis(50);
    let attached = Cell::<Small>::options(scratch.name()).wait(wait).attach();
    assert!(
        matches!(attached, Err(AttachError::NotFound { .. })),
        "{attached:?}"
    );
    assert!(start.elapsed() >= wait);
}

#[test]
fn an_attach_waits_for_a_segment_that_comes_late() {
    let scratch = Scratch::new("late");
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let options = Cell::<Small>::options(scratch.name());
            let reader = options.wait(WATCHDOG).attach().expect("it comes");
            reader.version()
        });
        thread::sleep(Duration::from_millis(20));
        let _writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
        assert_eq!(reader.join().expect("it does not panic"), 0);
    });
}

#[test]
fn a_second_writer_is_told_who_the_first_is() {
    let scratch = Scratch::new("busy");
    let _first = Cell::<Small>::create(scratch.name()).expect("the name is free");
    let options = Cell::<Small>::options(scratch.name());
    for second in [
        options.clone().exist_ok(true).create(),
        options.clone().replace(true).create(),
    ] {
        match second {
            Err(CreateError::WriterBusy { pid, .. }) => assert_eq!(pid, std::process::id()),
            other => panic!("{other:?}"),
        }
    }
    let unlinked = unlink(scratch.name());
    assert!(
        matches!(unlinked, Err(UnlinkError::WriterBusy { .. })),
        "{unlinked:?}"
    );
}

#[test]
fn a_segment_without_a_writer_is_taken_over() {
    let scratch = Scratch::new("takeover");
    let mut first = Cell::<Small>::create(scratch.name()).expect("the name is free");
    first.write(&Small::of(7)).expect("it is ours");
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
    drop(first);

    let options = Cell::<Small>::options(scratch.name()).exist_ok(true);
    let mut second = options.create().expect("nobody writes");
    assert_eq!(second.read(), Ok(Small::of(7)));
    assert_eq!(second.write(&Small::of(8)), Ok(2));
    assert_eq!(reader.read(), Ok(Small::of(8)));
    assert_eq!(reader.info().generation(), 0);

    // Where nothing is there, it is a plain create.
    drop(second);
    unlink(scratch.name()).expect("nobody writes");
    let third = options.create().expect("the name is free");
    assert_eq!(third.version(), 0);
}

#[test]
fn a_takeover_asks_for_the_very_same_segment() {
    let scratch = Scratch::new("not-the-same");
    drop(Table::<Small>::create(scratch.name(), 3).expect("the name is free"));
    let table = || Table::<Small>::options(scratch.name()).exist_ok(true);

    let rows = table().rows(4).create().err();
    assert!(
        matches!(
            rows,
            Some(CreateError::WrongRows {
                found: 3,
                expected: 4,
                ..
            })
        ),
        "{rows:?}"
    );
    let copies = table().rows(3).copies(4).create().err();
    assert!(
        matches!(
            copies,
            Some(CreateError::WrongCopies {
                found: 2,
                expected: 4,
                ..
            })
        ),
        "{copies:?}"
    );
    let kind = Cell::<Small>::options(scratch.name())
        .exist_ok(true)
        .create();
    assert!(
        matches!(kind, Err(CreateError::WrongKind { .. })),
        "{kind:?}"
    );
    let layout = Table::<Large>::options(scratch.name())
        .exist_ok(true)
        .rows(3)
        .create();
    assert!(
        matches!(layout, Err(CreateError::LayoutMismatch(_))),
        "{layout:?}"
    );
    assert!(table().rows(3).create().is_ok());
}

#[test]
fn a_replaced_segment_tells_its_readers() {
    let scratch = Scratch::new("replace");
    let mut old = Table::<Small>::create(scratch.name(), 3).expect("the name is free");
    old.row_mut(1).write(&Small::of(1)).expect("it is ours");
    let reader = Table::<Small>::attach(scratch.name()).expect("it is there");
    drop(old);

    // Whatever the layout is.
    let options = Cell::<Large>::options(scratch.name()).replace(true);
    let mut new = options.create().expect("nobody writes");
    assert_eq!(new.write(&Large::of(5)), Ok(1));
    assert_eq!(new.info().generation(), 1);
    for row in 0..3 {
        let read = reader.row(row).read();
        assert!(matches!(read, Err(ReadError::Retired { .. })), "{read:?}");
    }
    assert!(reader.is_retired() && !new.is_retired());
    let attached = Cell::<Large>::attach(scratch.name()).expect("the new one is there");
    assert_eq!(attached.read(), Ok(Large::of(5)));
}

#[test]
fn exist_ok_and_replace_together_replace_only_what_does_not_fit() {
    let scratch = Scratch::new("both");
    let table = |rows| {
        let options = Table::<Small>::options(scratch.name()).rows(rows);
        options.exist_ok(true).replace(true).create()
    };
    let mut first = table(3).expect("the name is free");
    first.row_mut(0).write(&Small::of(1)).expect("it is ours");
    drop(first);
    assert_eq!(table(3).expect("it fits").row(0).read(), Ok(Small::of(1)));
    assert_eq!(
        table(4).expect("it is replaced").row(0).read(),
        Ok(Small::of(0))
    );
}

#[test]
fn an_unlinked_segment_tells_its_readers() {
    let scratch = Scratch::new("unlink");
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
    writer.unlink().expect("it is ours");
    assert!(!scratch.path().exists());
    let read = reader.read();
    assert!(matches!(read, Err(ReadError::Retired { .. })), "{read:?}");
    assert_eq!(
        read.unwrap_err().to_string(),
        format!(
            "segment `{}` is retired: it was unlinked or replaced; hint: attach again",
            scratch.path().display()
        )
    );

    // The same without the writer.
    drop(Cell::<Small>::create(scratch.name()).expect("the name is free"));
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
    unlink(scratch.name()).expect("nobody writes");
    assert!(reader.is_retired());
}

#[test]
fn a_name_taken_by_rm_is_not_taken_twice() {
    let scratch = Scratch::new("rm");
    let old = Cell::<Small>::create(scratch.name()).expect("the name is free");
    scratch.remove();
    let mut new = Cell::<Small>::create(scratch.name()).expect("the name is free again");
    old.unlink().expect("there is nothing to do");
    assert_eq!(new.write(&Small::of(1)), Ok(1));
    assert!(Cell::<Small>::attach(scratch.name()).is_ok());
}

/// What a process leaves that is killed after it retired a segment and before
/// it unlinked it.
#[test]
fn a_retired_segment_that_has_its_name_still_is_in_nobodys_way() {
    let scratch = Scratch::new("corpse");
    drop(Cell::<Small>::create(scratch.name()).expect("the name is free"));
    let file = fs::File::options().write(true).open(scratch.path());
    let retired = 256;
    file.and_then(|file| file.write_all_at(&[1], retired))
        .expect("it is ours");

    let attached = Cell::<Small>::attach(scratch.name());
    assert!(
        matches!(attached, Err(AttachError::NotFound { .. })),
        "{attached:?}"
    );
    assert!(Cell::<Small>::create(scratch.name()).is_ok());
    assert!(Cell::<Small>::attach(scratch.name()).is_ok());
}

#[test]
fn a_cell_is_not_a_table() {
    let scratch = Scratch::new("kind");
    drop(Cell::<Small>::create(scratch.name()).expect("the name is free"));
    let error = Table::<Small>::attach(scratch.name()).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` is a cell, expected a table; hint: attach with `Cell`",
            scratch.path().display()
        )
    );
}

#[test]
fn the_mode_is_what_was_asked_for_whatever_the_umask() {
    // The umask is the whole process's; other tests do not look at modes.
    for mask in [0o000, 0o022, 0o077] {
        let before = rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask));
        let scratch = Scratch::new("mode");
        let plain = Cell::<Small>::create(scratch.name()).map(drop);
        let shared = Scratch::new("mode");
        let options = Cell::<Small>::options(shared.name()).mode(0o664);
        let open = options.create().map(drop);
        rustix::process::umask(before);
        assert!(plain.is_ok() && open.is_ok());
        let mode = |scratch: &Scratch| {
            let found = fs::metadata(scratch.path()).expect("it is there");
            found.permissions().mode() & 0o7777
        };
        assert_eq!(mode(&scratch), 0o600, "under umask {mask:o}");
        assert_eq!(mode(&shared), 0o664, "under umask {mask:o}");
    }
}

#[test]
fn more_than_there_is_room_for_is_an_error_and_leaves_nothing() {
    let scratch = Scratch::new("huge");
    // 2^46 bytes: more than any machine's memory, and no overflow.
    let created = Table::<Small>::create(scratch.name(), 1 << 38);
    match created {
        Err(CreateError::NoSpace { size, .. }) => assert!(size > 1 << 45),
        other => panic!("{other:?}"),
    }
    assert!(!scratch.path().exists());
}

#[test]
fn a_full_file_system_is_an_error_each_time_and_leaves_nothing() {
    let Some(tmpfs) = Tmpfs::new("the full file system", Some(c"size=256k")) else {
        return;
    };
    let path = tmpfs.path();
    let fits = path.join("fits");
    let _writer = Table::<Small>::create(&fits, 500).expect("96 KiB fit");
    for round in 0..100 {
        let created = Table::<Small>::create(path.join("full"), 1_500);
        assert!(
            matches!(created, Err(CreateError::NoSpace { .. })),
            "round {round}: {created:?}"
        );
    }
    // Each failure gave its room back, and left no name.
    let names = fs::read_dir(path).expect("it is there").count();
    assert_eq!(names, 1);
    assert!(Table::<Small>::create(path.join("also fits"), 500).is_ok());
    // A replace that has no room leaves the old one alone.
    drop(_writer);
    let options = Table::<Small>::options(&fits).rows(1_500).replace(true);
    let replaced = options.create();
    assert!(
        matches!(replaced, Err(CreateError::NoSpace { .. })),
        "{replaced:?}"
    );
    assert!(
        !Table::<Small>::attach(&fits)
            .expect("it is there")
            .is_retired()
    );
}

#[test]
fn a_writer_that_was_retired_by_force_may_not_write() {
    let scratch = Scratch::new("forced");
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    let file = fs::File::options().write(true).open(scratch.path());
    let file = file.expect("it is ours");
    // Bit 63 of the only record's sequence.
    let seq = writer.info().size_bytes() - 192;
    file.write_all_at(&[0x80], seq + 7).expect("it is ours");
    let written = writer.write(&Small::of(1));
    assert!(
        matches!(written, Err(WriteError::Retired { .. })),
        "{written:?}"
    );
    let updated = writer.update(|small| small.words[0] = 1);
    assert!(
        matches!(updated, Err(WriteError::Retired { .. })),
        "{updated:?}"
    );
}

#[test]
fn waiting_ends_when_the_right_thing_comes_and_not_before() {
    let scratch = Scratch::new("wrong-then-right");
    // A wrong segment is an error at once, however long the wait.
    drop(Cell::<Large>::create(scratch.name()).expect("the name is free"));
    let options = Cell::<Small>::options(scratch.name()).wait(WATCHDOG);
    let attached = options.attach();
    assert!(
        matches!(attached, Err(AttachError::LayoutMismatch(_))),
        "{attached:?}"
    );
    wait_until("the scratch name is gone", || {
        scratch.remove();
        !scratch.path().exists()
    });
}
