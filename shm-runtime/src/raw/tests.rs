#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, TryRecvError};
use std::thread;

use super::{MapError, Segment, Slot, Stamp, Unread, Unwritten};
use crate::segment::unlink;
use crate::{Order, SharedLayout, Table, TableWriter};

#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Trade {
    px: f64,
    qty: u32,
    side: u8,
    _pad0: crate::Pad<3>,
}

fn table() -> (tempfile::TempDir, PathBuf, TableWriter<Trade>) {
    let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
    let path = directory.path().join("trades");
    let writer = Table::<Trade>::create(&path, 3).expect("the name is free");
    (directory, path, writer)
}

fn mapped(path: &Path) -> Segment {
    let file = File::open(path).expect("it is there");
    Segment::reader(file, path.to_owned()).expect("it is a segment")
}

fn trade(qty: u32) -> Trade {
    Trade {
        px: 1.5,
        qty,
        side: 7,
        ..Trade::zeroed()
    }
}

#[test]
fn bytes_are_those_of_the_typed_record() {
    let (_directory, path, mut writer) = table();
    writer.row_mut(1).write(&trade(9)).expect("it is ours");
    let segment = mapped(&path);
    assert_eq!((segment.rows(), segment.record_size()), (3, 16));

    let slot = segment.slot(1).expect("there are three");
    assert_eq!(slot.word(0), Ok((1.5_f64.to_bits(), 0)));
    assert_eq!(slot.word(1), Ok((0x07_0000_0009, 0)));
    assert_eq!(slot.version(), Some(1));
    let mut qty = [MaybeUninit::uninit(); 5];
    slot.read(8, &mut qty).expect("it is whole");
    assert_eq!(initialised(&qty), [9, 0, 0, 0, 7]);
    assert!(segment.slot(3).is_none());
}

#[test]
fn a_word_that_was_looked_at_holds_until_its_copy_is_written_again() {
    let (_directory, path, mut writer) = table();
    let mut write = |qty| {
        let written = writer.row_mut(1).write(&trade(qty));
        written.expect("it is ours")
    };
    write(9);
    let segment = mapped(&path);
    let slot = segment.slot(1).expect("there are three");
    let look = || {
        // SAFETY: a record of two words has a second one.
        unsafe { slot.peek(1) }.expect("the segment has not ended")
    };
    let peek = look();
    assert_eq!(peek.word(), 0x07_0000_0009);
    assert!(slot.is_untouched(peek) && slot.still_holds(peek));
    // To the other copy.
    write(10);
    assert!(!slot.is_untouched(peek) && slot.still_holds(peek));
    // And to the one that was looked at.
    write(11);
    assert!(!slot.is_untouched(peek) && !slot.still_holds(peek));
    assert_eq!(look().word(), 0x07_0000_000b);
    writer.unlink().expect("it is ours");
    // SAFETY: as above.
    assert!(unsafe { slot.peek(1) }.is_none());
}

#[test]
fn all_rows_come_one_behind_the_other() {
    let (_directory, path, mut writer) = table();
    for row in 0..3 {
        let written = writer.row_mut(row).write(&trade(row as u32 + 1));
        written.expect("it is ours");
    }
    let mut rows = [MaybeUninit::uninit(); 48];
    let segment = mapped(&path);
    assert_eq!(segment.read_rows(&mut rows), Ok(0));
    let quantities = [8, 24, 40].map(|at| initialised(&rows[at..at + 4])[0]);
    assert_eq!(quantities, [1, 2, 3]);

    unlink::unlink(&path).expect_err("it has a writer");
    writer.unlink().expect("it is ours");
    assert_eq!(segment.read_rows(&mut rows), Err((0, Unread::Retired)));
}

/// What `read_rows` and `read_all` give beside a writer of rows of so many
/// words, each of which is all one number.
macro_rules! rows_are_whole {
    ($words:literal) => {{
        #[derive(SharedLayout, Clone, Copy)]
        #[repr(C)]
        struct Block {
            words: [u64; $words],
        }

        let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
        let path = directory.path().join("blocks");
        let mut writer = Table::<Block>::create(&path, ROWS as u64).expect("it is free");
        let table = Table::<Block>::attach(&path).expect("it is there");
        let segment = mapped(&path);
        thread::scope(|scope| {
            let (stop, stopped) = mpsc::channel::<()>();
            scope.spawn(move || {
                let mut number = 0;
                while stopped.try_recv() == Err(TryRecvError::Empty) {
                    number += 1;
                    let words = [number; $words];
                    let written = writer
                        .row_mut(number / 4096 % ROWS as u64)
                        .write(&Block { words });
                    written.expect("it is ours");
                }
            });
            let (mut raw, mut typed) = ([0; ROWS], [0; ROWS]);
            for _ in 0..300 {
                let mut bytes = vec![MaybeUninit::uninit(); size_of::<Block>() * ROWS];
                segment.read_rows(&mut bytes).expect("they are there");
                let bytes = initialised(&bytes);
                let (words, _) = bytes.as_chunks();
                let words: Vec<u64> = words.iter().map(|&word| u64::from_le_bytes(word)).collect();
                newer_and_whole(&mut raw, words.chunks($words));

                let mut blocks = [Block { words: [0; $words] }; ROWS];
                table.read_all(&mut blocks).expect("they are there");
                newer_and_whole(&mut typed, blocks.iter().map(|block| &block.words[..]));
            }
            drop(stop);
        });
    }};
}

const ROWS: usize = 5;

fn newer_and_whole<'a>(before: &mut [u64; ROWS], rows: impl Iterator<Item = &'a [u64]>) {
    for (before, words) in before.iter_mut().zip(rows) {
        let (first, last) = (words[0], words[words.len() - 1]);
        assert!(
            words.iter().all(|&word| word == first),
            "{first} and {last}"
        );
        assert!(first >= *before, "{first} after {before}");
        *before = first;
    }
}

#[test]
fn rows_of_every_size_are_whole_beside_a_writer() {
    rows_are_whole!(1);
    rows_are_whole!(3);
    rows_are_whole!(5);
    rows_are_whole!(8);
    rows_are_whole!(9);
    rows_are_whole!(32);
    // Long enough that reads meet writers.
    rows_are_whole!(8192);
}

/// What `read_rows` gives of so many bytes of rows of so many words, to places
/// that begin anywhere: each row was written as often as its number says.
macro_rules! large_rows_are_right {
    ($words:literal, $bytes:expr, $copies:literal, $order:expr) => {{
        #[derive(SharedLayout, Clone, Copy)]
        #[repr(C)]
        struct Block {
            words: [u64; $words],
        }

        let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
        let path = directory.path().join("blocks");
        let rows = $bytes / size_of::<Block>();
        let options = Table::<Block>::options(&path).rows(rows as u64);
        let options = options.copies($copies).order($order);
        let mut writer = options.create().expect("the name is free");
        let mut expected: Vec<u8> = Vec::with_capacity($bytes);
        for row in 0..rows as u64 {
            let mut words = [0; $words];
            // Long runs in one copy, and such as no copy follows from the last.
            for version in 0..row.wrapping_mul(row / 1000) % 3 {
                words = [row << 8 | version; $words];
                words[$words - 1] = !row;
                let written = writer.row_mut(row).write(&Block { words });
                written.expect("it is ours");
            }
            expected.extend_from_slice(words.map(u64::to_ne_bytes).as_flattened());
        }
        let segment = mapped(&path);
        let size = rows * size_of::<Block>();
        let mut bytes = vec![MaybeUninit::new(0xaa); size + 32];
        let first = bytes.as_ptr().align_offset(16);
        for start in [first, first + 1] {
            let whole = start..start + size;
            bytes.fill(MaybeUninit::new(0xaa));
            let to = &mut bytes[whole.clone()];
            segment.read_rows(to).expect("they are there");
            let found = initialised(&bytes);
            assert!(found[whole.clone()] == expected, "from {start} on");
            let mut rest = found[..start].iter().chain(&found[whole.end..]);
            assert!(rest.all(|byte| *byte == 0xaa), "from {start} on");
        }
    }};
}

#[test]
fn large_tables_come_out_as_they_are() {
    for order in [Order::Rows, Order::Arrays] {
        large_rows_are_right!(5, 17 << 20, 2, order);
        large_rows_are_right!(8, 3 << 20, 4, order);
        large_rows_are_right!(8, 17 << 20, 2, order);
        large_rows_are_right!(40, 3 << 20, 2, order);
    }
}

#[test]
fn a_reader_does_not_write() {
    let (_directory, path, _writer) = table();
    let segment = mapped(&path);
    let slot = segment.slot(0).expect("there are three");
    assert!(!slot.is_owned());
    assert_eq!(slot.write(&[0; 16], Stamp::now()), Err(Unwritten::NotOwned));
}

#[test]
fn what_a_writer_publishes_is_read_typed() {
    let (_directory, path, typed) = table();
    let file = File::options().read(true).write(true).open(&path);
    let segment = Segment::writer(file.expect("it is ours"), path).expect("it is a segment");
    let slot = segment.slot(2).expect("there are three");
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&2.5_f64.to_le_bytes());
    bytes[8] = 4;
    assert_eq!(slot.write(&bytes, Stamp::now()), Ok(1));
    let found = typed.row(2).read().expect("it is whole");
    assert_eq!((found.px, found.qty, found.side), (2.5, 4, 0));
    typed.unlink().expect("it is ours");
    assert_eq!(slot.write(&bytes, Stamp::now()), Err(Unwritten::Retired));
    assert_eq!(slot.version(), None);
}

/// What the functions for records of two words do with a slot: write and read.
fn whole(slot: &Slot<'_>, bytes: &[u8; 16]) -> (Result<u64, Unwritten>, Option<Vec<u8>>) {
    let mut to = [MaybeUninit::uninit(); 16];
    // SAFETY: the tests ask for slots of such records or nowhere, and no pairs
    // are used.
    let written = unsafe { slot.write_whole::<2, false>(bytes, Stamp::now()) };
    // SAFETY: as above.
    let is_read = unsafe { slot.try_read_whole::<2, false>(&mut to) };
    (written, is_read.then(|| initialised(&to)))
}

#[test]
fn a_whole_record_is_written_and_read_as_any_other() {
    let (_directory, path, typed) = table();
    let reader = mapped(&path);
    let file = File::options().read(true).write(true).open(&path);
    let segment = Segment::writer(file.expect("it is ours"), path).expect("it is a segment");
    let slot = segment.slot(2).expect("there are three");
    assert!(slot.is_whole(2) && !slot.is_whole(1) && !slot.is_whole(3));
    for version in 1..=3 {
        let bytes = [version as u8; 16];
        assert_eq!(whole(&slot, &bytes), (Ok(version), Some(bytes.to_vec())));
        assert_eq!(
            slot.word(1),
            Ok((u64::from_le_bytes([version as u8; 8]), 0))
        );
    }
    assert!(slot.stamp() > 0);
    let other = reader.slot(2).expect("there are three");
    let as_before = Some(vec![3; 16]);
    assert_eq!(
        whole(&other, &[9; 16]),
        (Err(Unwritten::NotOwned), as_before)
    );
    typed.unlink().expect("it is ours");
    assert_eq!(whole(&slot, &[9; 16]), (Err(Unwritten::Retired), None));
    assert_eq!(
        whole(&Slot::nowhere(), &[9; 16]),
        (Err(Unwritten::NotOwned), None)
    );
}

#[test]
fn records_in_more_copies_or_in_arrays_are_not_for_the_functions_of_two() {
    let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
    let is_whole = |name: &str, copies, order| {
        let path = directory.path().join(name);
        let options = Table::<Trade>::options(&path).rows(2);
        let options = options.copies(copies).order(order);
        let _writer = options.create().expect("the name is free");
        mapped(&path).slot(1).expect("there are two").is_whole(2)
    };
    assert!(is_whole("two", 2, Order::Rows));
    assert!(!is_whole("four", 4, Order::Rows));
    assert!(!is_whole("arrays", 2, Order::Arrays));
}

/// Changes one word after the other of a row of so many, in so many copies.
macro_rules! changes_are_published {
    ($words:literal, $copies:literal) => {{
        #[derive(SharedLayout, Clone, Copy)]
        #[repr(C)]
        struct Block {
            words: [u64; $words],
        }

        let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
        let path = directory.path().join("blocks");
        let options = Table::<Block>::options(&path).rows(2).copies($copies);
        let typed = options.create().expect("the name is free");
        let file = File::options().read(true).write(true).open(&path);
        let segment = Segment::writer(file.expect("it is ours"), path).expect("it is a segment");
        let slot = segment.slot(1).expect("there are two");
        assert_eq!(slot.size(), 8 * $words);
        let mut expected = [0; $words];
        for version in 1..=9 {
            let index = version as usize % $words;
            // What is not under the mask stays.
            assert_eq!(
                slot.change(index, 0xff << 8, version << 8 | 1, Stamp::now()),
                Ok(version)
            );
            expected[index] = version << 8;
            let found = typed.row(1).read().expect("it is whole");
            assert_eq!(found.words, expected);
        }
        typed.unlink().expect("it is ours");
        assert_eq!(slot.change(0, !0, 0, Stamp::now()), Err(Unwritten::Retired));
    }};
}

#[test]
fn a_change_publishes_the_rest_as_it_stands() {
    // By words and by vectors.
    changes_are_published!(2, 2);
    changes_are_published!(16, 4);
    let (_directory, path, _writer) = table();
    let segment = mapped(&path);
    let slot = segment.slot(0).expect("there are three");
    assert_eq!(
        slot.change(0, !0, 0, Stamp::now()),
        Err(Unwritten::NotOwned)
    );
}

#[test]
fn nowhere_is_retired() {
    let slot = Slot::nowhere();
    assert_eq!(slot.word(0), Err(Unread::Retired));
    // SAFETY: what is nowhere may be asked for any word.
    assert!(unsafe { slot.peek(9) }.is_none());
    assert_eq!(slot.write(&[], Stamp::now()), Err(Unwritten::NotOwned));
    assert_eq!(slot.version(), None);
    // Who holds it may have a record of any size.
    for bytes in [&[][..], &[1; 8], &[1; 512]] {
        let now = Stamp::now();
        assert_eq!(slot.write(bytes, now), Err(Unwritten::NotOwned));
        let changed = slot.write_changed(bytes, 0, 1, now);
        assert_eq!(changed, Err(Unwritten::NotOwned));
    }
    let change = slot.change(0, u64::MAX, 1, Stamp::now());
    assert_eq!(change, Err(Unwritten::NotOwned));
}

#[test]
fn a_file_that_is_no_segment_is_refused() {
    let directory = tempfile::tempdir().expect("it can be made");
    let path = directory.path().join("text");
    std::fs::write(&path, "hello").expect("it can be written");
    let file = File::open(&path).expect("it is there");
    assert!(matches!(
        Segment::reader(file, path),
        Err(MapError::Open(crate::OpenError::TooShort { .. }))
    ));
}

fn initialised(bytes: &[MaybeUninit<u8>]) -> Vec<u8> {
    let read = |byte: &MaybeUninit<u8>| {
        // SAFETY: every test fills its buffer before it looks.
        unsafe { byte.assume_init() }
    };
    bytes.iter().map(read).collect()
}
