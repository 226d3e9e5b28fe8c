//! Foreign, damaged and hostile files: a typed error or a valid value, never
//! a crash.

mod support;

use std::fs;
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};

use shm_runtime::{
    AttachError, Cell, CreateError, OpenError, ReadError, Table, UnlinkError, unlink,
};
use support::puppet::{self, Puppet, tell};
use support::record::{Large, Numbered, Small};
use support::report;
use support::scratch::Scratch;

/// Bytes of the header that are written once and looked at.
const CONSTANT: [Range<usize>; 2] = [0..192, 384..408];
const HEADER: usize = 512;

/// A sound segment's bytes, with one record written.
fn sound(scratch: &Scratch) -> Vec<u8> {
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    writer.write(&Small::of(42)).expect("it is ours");
    fs::read(scratch.path()).expect("it is a file")
}

fn attach(scratch: &Scratch, bytes: &[u8]) -> Result<Cell<Small>, AttachError> {
    fs::write(scratch.path(), bytes).expect("it is ours");
    Cell::attach(scratch.name())
}

#[test]
fn every_bit_flip_of_the_constant_header_is_refused_or_harmless() {
    let scratch = Scratch::new("flip");
    let whole = sound(&scratch);
    // The fields that decide nothing: schema fingerprint and version,
    // creation, creator, generation, room.
    let harmless = |byte: usize| matches!(byte, 96..132 | 152..172 | 176..184 | 188..192);
    // A descriptor may be a few bytes longer without its line ending elsewhere.
    let either = |byte: usize| byte == 144;
    let (mut refused, mut read) = (0, 0);
    let bits = |bytes: Range<usize>| bytes.start * 8..bytes.end * 8;
    for bit in CONSTANT.into_iter().flat_map(bits) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        match attach(&scratch, &bytes) {
            Ok(cell) => {
                assert!(
                    harmless(bit / 8) || either(bit / 8),
                    "bit {bit} was let through"
                );
                assert_eq!(cell.read(), Ok(Small::of(42)), "bit {bit}");
                read += 1;
            }
            Err(error) => {
                assert!(!harmless(bit / 8), "bit {bit}: {error}");
                refused += 1;
            }
        }
    }
    report(&format!(
        "{} bit flips: {refused} refused, {read} harmless",
        refused + read
    ));
}

#[test]
fn every_bit_flip_after_the_constant_header_reads_or_is_an_error() {
    let scratch = Scratch::new("flip-rest");
    let whole = sound(&scratch);
    for bit in CONSTANT[0].end * 8..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if let Ok(cell) = attach(&scratch, &bytes) {
            let _ = cell.read();
            let _ = (cell.version(), cell.age(), cell.writer_alive());
            let _ = cell.info().descriptor();
        }
    }
}

#[test]
fn every_length_is_refused_but_the_right_one() {
    let scratch = Scratch::new("length");
    let whole = sound(&scratch);
    for length in 0..whole.len() + 200 {
        let mut bytes = whole.clone();
        bytes.resize(length, 0);
        match attach(&scratch, &bytes) {
            Ok(_) => assert_eq!(length, whole.len()),
            Err(AttachError::Open(OpenError::TooShort { found, .. })) => {
                assert_eq!(found, length as u64);
                assert!(length < HEADER);
            }
            Err(AttachError::Open(OpenError::WrongSize {
                found, expected, ..
            })) => {
                assert_eq!((found, expected), (length as u64, whole.len() as u64));
                assert!(length >= HEADER);
            }
            Err(other) => panic!("{length} bytes: {other}"),
        }
    }
}

#[test]
fn each_wrong_field_has_its_own_error() {
    let scratch = Scratch::new("fields");
    let whole = sound(&scratch);
    let with = |at: usize, value: &[u8]| {
        let mut bytes = whole.clone();
        bytes[at..at + value.len()].copy_from_slice(value);
        attach(&scratch, &bytes).unwrap_err()
    };
    assert!(matches!(
        with(0, b"\x7fELF"),
        AttachError::Open(OpenError::NotASegment { .. })
    ));
    assert!(matches!(
        with(8, &[9]),
        AttachError::Open(OpenError::WrongAbi {
            found: 9,
            expected: 3,
            ..
        })
    ));
    assert!(matches!(
        with(132, &[7]),
        AttachError::Open(OpenError::WrongProtocol {
            found: 7,
            expected: 1,
            ..
        })
    ));
    assert!(matches!(with(16, &[2]), AttachError::WrongKind { .. }));
    assert!(matches!(with(64, &[0; 32]), AttachError::LayoutMismatch(_)));
    let damaged = |at, name| match with(at, &[0xff; 4]) {
        AttachError::Open(OpenError::Damaged { field, .. }) => assert_eq!(field, name),
        other => panic!("{name}: {other}"),
    };
    damaged(12, "header_size");
    damaged(16, "kind");
    damaged(20, "copies");
    damaged(24, "stride");
    damaged(32, "stride");
    damaged(40, "rows");
    damaged(48, "records_offset");
    damaged(56, "total_size");
    damaged(136, "descriptor_offset");
    damaged(144, "records_offset");
    damaged(172, "clock_id");
    damaged(184, "order");
    damaged(384, "copies_offset");
    damaged(392, "copy_stride");
    damaged(400, "copy_distance");
}

#[test]
fn what_a_header_may_say_depends_on_its_kind() {
    let scratch = Scratch::new("kinds");
    let cell = sound(&scratch);
    let options = Table::<Small>::options(scratch.name()).rows(2);
    drop(options.replace(true).create().expect("it is ours"));
    let table = fs::read(scratch.path()).expect("it is a file");
    let told = |sound: &[u8], at: usize, value: u8| {
        let mut bytes = sound.to_vec();
        bytes[at..at + 4].copy_from_slice(&u32::from(value).to_le_bytes());
        fs::write(scratch.path(), &bytes).expect("it is ours");
        match Table::<Small>::attach(scratch.name()) {
            Err(AttachError::Open(OpenError::Damaged {
                field,
                found,
                expected,
                ..
            })) => (field, found, expected),
            other => panic!("{other:?}"),
        }
    };
    const ROWS: usize = 40;
    const ORDER: usize = 184;
    assert_eq!(told(&table, ROWS, 0), ("rows", 0, "at least 1".into()));
    assert_eq!(told(&table, ORDER, 3), ("order", 3, "1 or 2".into()));
    assert_eq!(told(&cell, ROWS, 2), ("rows", 2, "1".into()));
    assert_eq!(told(&cell, ORDER, 2), ("order", 2, "1".into()));
}

#[test]
fn a_header_that_lies_consistently_about_the_record_is_refused() {
    let scratch = Scratch::new("liar");
    // A sound segment of another record under this record's fingerprint.
    let other = Scratch::new("liar");
    let whole = sound(&scratch);
    drop(Cell::<Large>::create(other.name()).expect("the name is free"));
    let mut bytes = fs::read(other.path()).expect("it is a file");
    bytes[64..96].copy_from_slice(&whole[64..96]);
    match attach(&scratch, &bytes) {
        Err(AttachError::Open(OpenError::Damaged { field, found, .. })) => {
            assert_eq!((field, found), ("record_size", 4096));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn garbage_is_no_segment_and_never_removed() {
    let scratch = Scratch::new("garbage");
    for garbage in [&b"#!/bin/sh\n"[..], &[0; 4096], &[0xff; 600], b""] {
        fs::write(scratch.path(), garbage).expect("it is ours");
        let inode = fs::metadata(scratch.path()).expect("it is there").ino();
        assert!(Cell::<Small>::attach(scratch.name()).is_err());
        let options = Cell::<Small>::options(scratch.name());
        let plain = options.create();
        assert!(
            matches!(plain, Err(CreateError::AlreadyExists { .. })),
            "{plain:?}"
        );
        for forced in [
            options.clone().exist_ok(true),
            options.clone().replace(true),
        ] {
            let created = forced.create();
            assert!(matches!(created, Err(CreateError::Open(_))), "{created:?}");
        }
        let unlinked = unlink(scratch.name());
        assert!(
            matches!(unlinked, Err(UnlinkError::Open(_))),
            "{unlinked:?}"
        );
        assert_eq!(
            fs::metadata(scratch.path()).expect("it is there").ino(),
            inode
        );
        assert_eq!(fs::read(scratch.path()).expect("it is there"), garbage);
    }
}

#[test]
fn a_sequence_of_any_value_gives_a_record_or_an_error() {
    let scratch = Scratch::new("sequence");
    drop(sound(&scratch));
    let cell = Cell::<Small>::attach(scratch.name()).expect("it is sound");
    let file = fs::File::options().write(true).open(scratch.path());
    let file = file.expect("it is ours");
    let at = cell.info().size_bytes() - 192;
    for shift in 0..64 {
        for seq in [1_u64 << shift, (1 << shift) - 1, !(1 << shift)] {
            file.write_all_at(&seq.to_le_bytes(), at)
                .expect("it is ours");
            let read = cell.read();
            match seq >> 63 {
                0 => assert!(read.is_ok(), "{seq:#x}: {read:?}"),
                _ => assert!(matches!(read, Err(ReadError::Retired { .. })), "{seq:#x}"),
            }
        }
    }
}

#[test]
fn a_damaged_descriptor_spoils_the_message_alone() {
    let scratch = Scratch::new("descriptor");
    let mut whole = sound(&scratch);
    whole[HEADER..HEADER + 40].fill(0xff);
    let cell = attach(&scratch, &whole).expect("fingerprints decide");
    assert_eq!(cell.read(), Ok(Small::of(42)));
    assert_eq!(cell.info().descriptor(), "");
    let error = Cell::<Large>::attach(scratch.name())
        .unwrap_err()
        .to_string();
    assert!(error.contains("whose descriptor cannot be read"), "{error}");
}

#[test]
fn another_users_segment_is_refused() {
    if !rustix::process::geteuid().is_root() {
        return support::skip(
            "another user's segment",
            "needs root to become another user",
        );
    }
    let private = Scratch::new("private");
    let readable = Scratch::new("readable");
    let mut writer = Cell::<Small>::create(private.name()).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    let options = Cell::<Small>::options(readable.name()).mode(0o644);
    let mut writer = options.create().expect("the name is free");
    writer.write(&Small::of(2)).expect("it is ours");

    for (scratch, reads) in [(&private, false), (&readable, true)] {
        let mut puppet = Puppet::start("nobody", scratch.name());
        let expected = if reads {
            "read 2"
        } else {
            "no permission to read"
        };
        assert_eq!(puppet.line(), expected);
        assert_eq!(puppet.line(), "already exists");
        assert_eq!(puppet.line(), "no permission to write");
        assert_eq!(puppet.line(), "no permission to unlink");
        let found = fs::metadata(scratch.path()).expect("it is there still");
        assert_ne!(found.permissions().mode(), 0);
    }
    drop(writer);
}

#[test]
fn a_shared_segment_that_may_not_be_unlinked_lives_on() {
    if !rustix::process::geteuid().is_root() {
        return support::skip(
            "unlink in a sticky directory",
            "needs root to become another user",
        );
    }
    let scratch = Scratch::new("sticky");
    let options = Cell::<Small>::options(scratch.name()).mode(0o666);
    let mut writer = options.create().expect("the name is free");
    writer.write(&Small::of(2)).expect("it is ours");
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
    drop(writer);

    let mut puppet = Puppet::start("stranger who may write", scratch.name());
    assert_eq!(puppet.line(), "cannot unlink");
    assert_eq!(puppet.line(), "cannot replace");
    assert_eq!(puppet.line(), "wrote 2");
    drop(puppet);
    assert!(!reader.is_retired());
    assert_eq!(reader.read(), Ok(Small::of(3)));
}

#[test]
fn puppet() {
    let Some((role, segment)) = puppet::role() else {
        return;
    };
    become_nobody();
    match &*role {
        "nobody" => {
            match Cell::<Small>::attach(&segment) {
                Ok(cell) => tell(&format!("read {}", cell.read().unwrap().words[0])),
                Err(AttachError::Open(OpenError::PermissionDenied { doing, .. })) => {
                    tell(&format!("no permission to {doing}"));
                }
                Err(other) => tell(&other.to_string()),
            }
            let options = Cell::<Small>::options(&segment);
            match options.create() {
                Err(CreateError::AlreadyExists { .. }) => tell("already exists"),
                other => tell(&format!("{other:?}")),
            }
            match options.clone().replace(true).create() {
                Err(CreateError::Open(OpenError::PermissionDenied { doing, .. })) => {
                    tell(&format!("no permission to {doing}"));
                }
                other => tell(&format!("{other:?}")),
            }
            match unlink(&segment) {
                Err(UnlinkError::Open(OpenError::PermissionDenied { .. })) => {
                    tell("no permission to unlink");
                }
                other => tell(&format!("{other:?}")),
            }
        }
        "stranger who may write" => {
            match unlink(&segment) {
                Err(UnlinkError::Open(OpenError::NotOwner { .. })) => tell("cannot unlink"),
                other => tell(&format!("{other:?}")),
            }
            let options = Cell::<Small>::options(&segment);
            match options.clone().replace(true).create() {
                Err(CreateError::Open(OpenError::NotOwner { .. })) => tell("cannot replace"),
                other => tell(&format!("{other:?}")),
            }
            let options = options.exist_ok(true);
            let mut writer = options.create().expect("it may be written");
            let version = writer.write(&Small::of(3)).expect("it is ours");
            tell(&format!("wrote {version}"));
        }
        other => panic!("no role {other}"),
    }
}

/// Only this thread, which is all that the puppet does anything in.
fn become_nobody() {
    let nobody = 65_534;
    let gid = rustix::process::Gid::from_raw(nobody);
    rustix::thread::set_thread_groups(&[gid]).expect("root may");
    rustix::thread::set_thread_gid(gid).expect("root may");
    let uid = rustix::process::Uid::from_raw(nobody);
    rustix::thread::set_thread_uid(uid).expect("root may");
}

#[test]
fn a_table_of_hostile_rows_reads_or_is_an_error() {
    let scratch = Scratch::new("rows");
    let writer = Table::<Small>::create(scratch.name(), 10).expect("the name is free");
    let size = writer.info().size_bytes() as usize;
    drop(writer);
    let mut bytes = fs::read(scratch.path()).expect("it is a file");
    // Noise over all records, the same each run.
    let mut noise = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in &mut bytes[size - 10 * 192..] {
        noise = noise
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        *byte = (noise >> 56) as u8;
    }
    fs::write(scratch.path(), &bytes).expect("it is ours");
    let table = Table::<Small>::attach(scratch.name()).expect("the header is sound");
    for row in table.iter() {
        let _ = (row.read(), row.age(), row.version());
    }
}
