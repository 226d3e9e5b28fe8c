//! Tables whose records lie in arrays: the same records, in other places.

mod support;

use std::fs;
use std::thread;
use std::time::Duration;

use shm_runtime::{
    Cell, CreateError, Fingerprint, Order, ReadError, SchemaId, SharedLayout, Table, TableSpec,
    unlink,
};
use support::record::{Large, Numbered, Small};
use support::scratch::Scratch;
use support::wait_until;

const SCHEMA: SchemaId = SchemaId {
    package: "shm-runtime-test",
    version: 3,
    fingerprint: Fingerprint([7; 32]),
};

/// 24 bytes, so that a copy is on no line of its own.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Level {
    key: u32,
    firm: bool,
    _pad0: shm_runtime::Pad<3>,
    px: f64,
    qty: u64,
}

fn level(key: u32, qty: u64) -> Level {
    Level {
        key,
        firm: qty % 2 == 1,
        px: qty as f64 / 4.0,
        qty,
        ..Level::zeroed()
    }
}

#[test]
fn every_row_holds_what_was_written_to_it() {
    for rows in [1, 3, 4, 5, 100] {
        for copies in [2, 4, 8] {
            let scratch = Scratch::new("arrays");
            let options = || Table::<Level>::options(scratch.name()).key(Level::KEY);
            let options = || options().order(Order::Arrays).copies(copies).rows(rows);
            let mut writer = options().create().expect("the name is free");
            let reader = options().attach().expect("it is there");
            assert_eq!(reader.info().order(), Order::Arrays);
            let mut all = vec![Level::zeroed(); rows as usize];
            for version in 1..20_u64 {
                // Rows in another order each time; some are left as they were.
                for row in (0..rows).map(|row| (row * 7 + version) % rows) {
                    if (row + version) % 3 > 0 {
                        let new = level(row as u32 + 1, 100 * version + row);
                        all[row as usize] = new;
                        writer.row_mut(row).write(&new).expect("it is ours");
                    }
                }
                let mut found = vec![Level::zeroed(); rows as usize];
                assert_eq!(reader.read_all(&mut found), Ok(0));
                assert_eq!(found, all, "{rows} rows, {copies} copies");
                assert_eq!(reader.to_vec().as_ref(), Ok(&all));
                let last = rows - 1;
                assert_eq!(reader.row(last).read(), Ok(all[last as usize]));
                assert_eq!(reader.row(last).get(Level::QTY), Ok(all[last as usize].qty));
            }
            let mut first = writer.row_mut(0);
            let before = first.version().expect("there is a row");
            let version = first.update(|it| it.qty += 1).expect("it is ours");
            assert_eq!(version, before + 1);
            assert!(reader.row(0).age().expect("there is a row").is_some());
            let found = reader.by_key(&(rows as u32)).expect("it is whole");
            assert_eq!(found.map(|row| row.index()), Some(rows - 1));
            assert!(matches!(
                reader.row(rows).read(),
                Err(ReadError::NoSuchRow { .. })
            ));
        }
    }
}

#[test]
fn heads_and_copies_lie_in_arrays() {
    let scratch = Scratch::new("arrays-bytes");
    let options = Table::<Level>::options(scratch.name()).order(Order::Arrays);
    let mut writer = options.rows(5).create().expect("the name is free");
    for row in 0..5 {
        for version in 1..=3 {
            let new = level(row, u64::from(10 * version + row));
            writer.row_mut(row.into()).write(&new).expect("it is ours");
        }
    }
    let bytes = fs::read(scratch.path()).expect("it is a file");
    let word = |at: usize| bytes[at..at + 8].try_into().map(u64::from_le_bytes);
    let word = |at| word(at).expect("eight bytes");
    let records = word(48) as usize;
    let (copies, distance) = (word(384) as usize, word(400) as usize);
    assert_eq!((word(32), word(392)), (16, 24));
    assert_eq!((copies, distance), (records + 128, 128));
    assert_eq!(bytes.len(), copies + 2 * distance);
    for row in 0..5 {
        assert_eq!(word(records + 16 * row), 6, "the sequence of row {row}");
        let qty = |copy: usize| word(copies + copy * distance + 24 * row + 16);
        assert_eq!((qty(0), qty(1)), (20 + row as u64, 30 + row as u64));
    }
}

/// A new build of a program that wants another must be able to go on where
/// the old one stopped.
#[test]
fn the_order_of_a_schema_is_that_of_a_new_segment_alone() {
    const ROWS: TableSpec<Small> = TableSpec::new(SCHEMA, "records", 3);
    const ARRAYS: TableSpec<Small> = TableSpec::new(SCHEMA, "records", 3).order(Order::Arrays);
    let scratch = Scratch::new("schema-order");
    for (spec, other) in [(ROWS, ARRAYS), (ARRAYS, ROWS)] {
        let order = |spec: &TableSpec<Small>, exist_ok| {
            let options = spec.options_at(scratch.name()).exist_ok(exist_ok);
            let mut writer = options.create().expect("nobody writes");
            let version = writer.row_mut(2).write(&Small::of(7)).expect("it is ours");
            (writer.info().order(), version)
        };
        let (made, _) = order(&spec, false);
        assert_eq!(order(&other, true), (made, 2));
        let reader = other.options_at(scratch.name()).attach();
        let reader = reader.expect("readers follow the header");
        assert_eq!(reader.row(2).read(), Ok(Small::of(7)));
        // What a program asks for itself goes before its schema.
        let asked = match made {
            Order::Rows => Order::Arrays,
            _ => Order::Rows,
        };
        let options = spec.options_at(scratch.name()).order(asked);
        let refused = options.clone().exist_ok(true).create().err();
        assert!(
            matches!(refused, Some(CreateError::WrongOrder { found, expected, .. })
                if (found, expected) == (made, asked)),
            "{refused:?}"
        );
        let replaced = options.replace(true).create().expect("nobody writes");
        assert_eq!(replaced.info().order(), asked);
        assert_eq!(
            reader
                .row(2)
                .read()
                .map_err(|error| error.to_string().contains("retired")),
            Err(true)
        );
        drop(replaced);
        unlink(scratch.name()).expect("nobody writes");
    }
}

#[test]
fn every_row_is_retired_and_may_be_kept_warm() {
    let scratch = Scratch::new("arrays-retired");
    let options = || Table::<Small>::options(scratch.name()).order(Order::Arrays);
    let writer = options().rows(9).prefault(true).create();
    let writer = writer.expect("the name is free");
    let reader = options().prefault(true).attach().expect("it is there");
    for row in reader.iter() {
        row.warm().expect("there is such a row");
    }
    let often = Duration::from_micros(100);
    let keeper = reader.row(8).keep_warm(often).expect("there is a thread");
    wait_until("it was touched", || keeper.cost().touches > 3);
    assert!(reader.row(9).keep_warm(often).is_err());
    writer.unlink().expect("it is ours");
    for row in reader.iter() {
        let read = row.read();
        assert!(matches!(read, Err(ReadError::Retired { .. })), "{read:?}");
    }
}

/// A table that is read whole and row by row beside a writer that never
/// pauses.
fn beside_a_writer<T: Numbered + PartialEq + std::fmt::Debug + Send>(rows: u64, reads: u32) {
    let scratch = Scratch::new("arrays-torn");
    let options = || Table::<T>::options(scratch.name()).order(Order::Arrays);
    let mut writer = options().rows(rows).create().expect("the name is free");
    let reader = options().attach().expect("it is there");
    thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            use std::sync::mpsc::TryRecvError::Empty;
            for version in 1.. {
                for row in 0..rows {
                    writer
                        .row_mut(row)
                        .write(&T::of(version))
                        .expect("it is ours");
                }
                if stopped.try_recv() != Err(Empty) {
                    return;
                }
            }
        });
        let mut all = vec![T::zeroed(); rows as usize];
        let mut last = vec![0; rows as usize];
        // So that the writer met the reader as often.
        let (mut read, mut changes) = (0, 0);
        while read.min(changes) < reads {
            read += 1;
            reader.read_all(&mut all).expect("each try can succeed");
            for (row, (record, last)) in all.iter().zip(&mut last).enumerate() {
                let number = record.number().expect("it is whole");
                assert!(number >= *last, "row {row}: {number} after {last}");
                changes += u32::from(number > *last);
                *last = number;
            }
            let one = reader.row(rows - 1).snapshot().expect("it is there");
            assert_eq!(one.value.number(), Some(one.version));
        }
        drop(stop);
    });
}

#[test]
fn no_row_is_torn_beside_a_writer_that_never_pauses() {
    beside_a_writer::<Small>(50, 5_000);
    beside_a_writer::<Large>(5, 5_000);
    // So many are read ahead.
    beside_a_writer::<Small>(40_000, 50);
}

#[test]
fn a_cell_is_a_slot_whatever_a_header_says() {
    let scratch = Scratch::new("arrays-cell");
    drop(Cell::<Small>::create(scratch.name()).expect("the name is free"));
    let mut bytes = fs::read(scratch.path()).expect("it is a file");
    bytes[184] = 2;
    fs::write(scratch.path(), &bytes).expect("it is ours");
    let error = Cell::<Small>::attach(scratch.name()).expect_err("no cell lies so");
    assert!(
        error.to_string().contains("`order` is 2, expected 1"),
        "{error}"
    );
}

/// No header makes a reader look past the end: what is let through is read.
#[test]
fn every_bit_flip_of_a_header_is_refused_or_harmless() {
    let scratch = Scratch::new("arrays-flip");
    let options = Table::<Level>::options(scratch.name()).order(Order::Arrays);
    let mut writer = options.rows(3).create().expect("the name is free");
    let new = level(7, 8);
    writer.row_mut(2).write(&new).expect("it is ours");
    drop(writer);
    let whole = fs::read(scratch.path()).expect("it is a file");
    let mut refused = Vec::new();
    for bit in 0..512 * 8 {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        fs::write(scratch.path(), &bytes).expect("it is ours");
        match Table::<Level>::attach(scratch.name()) {
            Ok(table) => assert_eq!(table.row(2).read(), Ok(new), "bit {bit}"),
            Err(_) => refused.push(bit / 8),
        }
    }
    let refused_at = |at: usize| refused.iter().filter(|byte| **byte / 8 == at / 8).count();
    for (field, at) in [("stride", 32), ("copies_offset", 384), ("copy_stride", 392)] {
        assert_eq!(refused_at(at), 64, "{field}");
    }
    assert_eq!(refused_at(400), 64, "copy_distance");
    assert_eq!(refused_at(184), 32, "order, and room");
}
