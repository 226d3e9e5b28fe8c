//! Values in and out: cells, tables, fields, keys.

mod support;

use std::fs;
use std::time::Duration;

use shm_runtime::{
    Cell, CellSpec, CreateError, Fingerprint, FixedStr, Order, ReadError, SchemaId, SharedLayout,
    Table, TableSpec, WriteError, unlink,
};
use support::record::{Large, Numbered, Small};
use support::scratch::Scratch;

/// Padding of every kind, a bool, and a size that is no multiple of eight.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Odd {
    flag: bool,
    number: u32,
    pair: [u16; 2],
    last: u8,
}

#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Named {
    symbol: FixedStr<6>,
    price: f64,
}

impl Named {
    fn new(symbol: &str, price: f64) -> Self {
        Self {
            symbol: FixedStr::new(symbol).expect("it fits"),
            price,
        }
    }
}

const ODD: Odd = Odd {
    flag: true,
    number: 0x0102_0304,
    pair: [5, 6],
    last: 7,
};

#[test]
fn a_cell_gives_back_what_was_written() {
    let scratch = Scratch::new("cell");
    let mut writer = Cell::<Odd>::create(scratch.name()).expect("the name is free");
    let reader = Cell::<Odd>::attach(scratch.name()).expect("it is there");

    assert_eq!(reader.version(), 0);
    assert_eq!(reader.read(), Ok(Odd::zeroed()));
    assert_eq!(reader.age(), None);

    assert_eq!(writer.write(&ODD), Ok(1));
    assert_eq!(reader.read(), Ok(ODD));
    assert_eq!(writer.update(|odd| odd.number += 1), Ok(2));
    let snapshot = reader.snapshot().expect("nobody writes");
    assert_eq!(snapshot.value.number, ODD.number + 1);
    assert_eq!((snapshot.version, snapshot.retries), (2, 0));
    assert!(
        reader
            .age()
            .is_some_and(|age| age < Duration::from_secs(60))
    );

    // The writer reads as well, and is alive to both.
    assert_eq!(writer.read(), reader.read());
    assert!(writer.writer_alive() && reader.writer_alive());
    drop(writer);
    assert!(!reader.writer_alive());
    assert_eq!(reader.version(), 2);
}

#[test]
fn a_record_is_read_into_a_place_that_is_there() {
    let scratch = Scratch::new("into");
    let mut writer = Cell::<Odd>::create(scratch.name()).expect("the name is free");
    let reader = Cell::<Odd>::attach(scratch.name()).expect("it is there");
    writer.write(&ODD).expect("nothing hinders");

    let mut to = Odd::zeroed();
    assert_eq!(reader.read_into(&mut to), Ok(1));
    assert_eq!(to, ODD);

    // After an error it holds some record, with a bool that is one.
    writer.unlink().expect("it is ours");
    let read = reader.read_into(&mut to);
    assert!(matches!(read, Err(ReadError::Retired { .. })), "{read:?}");
    assert_eq!(to, ODD);
}

#[test]
fn each_field_is_read_alone() {
    let scratch = Scratch::new("fields");
    let mut writer = Cell::<Odd>::create(scratch.name()).expect("the name is free");
    writer.write(&ODD).expect("it is ours");
    assert_eq!(writer.get(Odd::FLAG), Ok(true));
    assert_eq!(writer.get(Odd::NUMBER), Ok(0x0102_0304));
    assert_eq!(writer.get(Odd::PAIR), Ok([5, 6]));
    assert_eq!(writer.get(Odd::LAST), Ok(7));
}

#[test]
#[allow(unsafe_code)]
fn padding_reaches_the_segment_as_zeros() {
    let scratch = Scratch::new("padding");
    let mut writer = Cell::<Odd>::create(scratch.name()).expect("the name is free");
    // A value whose padding, the 0xaa, was something else before.
    #[repr(C, align(4))]
    struct Dirty([u8; 16]);
    let dirty = Dirty([
        1, 0xaa, 0xaa, 0xaa, 4, 3, 2, 1, 5, 0, 6, 0, 0xff, 0xaa, 0xaa, 0xaa,
    ]);
    // SAFETY: `dirty` has the size and alignment of an `Odd`, outlives `value`
    // and holds a valid byte for its bool; numbers may be anything.
    let value = unsafe { &*(&raw const dirty).cast::<Odd>() };
    for _ in 0..2 {
        writer.write(value).expect("it is ours");
    }
    let segment = fs::read(scratch.path()).expect("it is a file");
    let copies = &segment[segment.len() - 64 + 16..];
    for copy in [&copies[..16], &copies[16..32]] {
        assert_eq!(copy, [1, 0, 0, 0, 4, 3, 2, 1, 5, 0, 6, 0, 0xff, 0, 0, 0]);
    }
}

#[test]
fn a_byte_that_is_no_bool_reads_as_true() {
    let scratch = Scratch::new("bool");
    let mut writer = Cell::<Odd>::create(scratch.name()).expect("the name is free");
    writer.write(&ODD).expect("it is ours");
    let mut segment = fs::read(scratch.path()).expect("it is a file");
    let record = segment.len() - 64 + 16 + 16;
    assert_eq!(segment[record], 1);
    // Its lowest bit is 0, so that a bool of it would be taken for false.
    segment[record] = 0xa4;
    fs::write(scratch.path(), &segment).expect("it is ours");
    assert_eq!(writer.read().map(|odd| odd.flag), Ok(true));
    assert_eq!(writer.get(Odd::FLAG), Ok(true));
}

#[test]
fn a_panic_in_an_update_publishes_nothing() {
    let scratch = Scratch::new("panic");
    let mut writer = Cell::<Odd>::create(scratch.name()).expect("the name is free");
    writer.write(&ODD).expect("it is ours");
    let update = std::panic::AssertUnwindSafe(|| {
        let _ = writer.update(|odd| {
            odd.number = 0;
            panic!("half-way");
        });
    });
    assert!(std::panic::catch_unwind(update).is_err());
    let reader = Cell::<Odd>::attach(scratch.name()).expect("it is there");
    assert_eq!(reader.read(), Ok(ODD));
    assert_eq!(reader.version(), 1);
}

/// Longer than what is changed in registers, with bools and gaps between.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Long {
    flags: [bool; 3],
    number: u32,
    rest: [u64; 40],
}

#[test]
fn an_update_of_a_long_record_changes_what_it_names_and_no_more() {
    let scratch = Scratch::new("long");
    let mut writer = Cell::<Long>::create(scratch.name()).expect("the name is free");
    let reader = Cell::<Long>::attach(scratch.name()).expect("it is there");
    let mut expected = Long {
        flags: [true, false, true],
        number: 7,
        rest: std::array::from_fn(|at| at as u64),
    };
    assert_eq!(writer.write(&expected), Ok(1));
    for version in 2..20 {
        expected.rest[version as usize] += version;
        expected.flags[1] = version % 2 == 0;
        let updated = writer.update(|long| {
            long.rest[version as usize] += version;
            long.flags[1] = version % 2 == 0;
        });
        assert_eq!(updated, Ok(version));
        assert_eq!(reader.read(), Ok(expected));
    }

    let update = std::panic::AssertUnwindSafe(|| {
        let _ = writer.update(|long| {
            long.rest = [0; 40];
            panic!("half-way");
        });
    });
    assert!(std::panic::catch_unwind(update).is_err());
    assert_eq!(reader.read(), Ok(expected));

    // Its lowest bit is 0, so that a bool of it would be taken for false.
    let mut segment = fs::read(scratch.path()).expect("it is a file");
    let flag = segment
        .windows(8)
        .position(|bytes| bytes == [1, 0, 1, 0, 7, 0, 0, 0])
        .expect("the last record is there");
    segment[flag] = 0xa4;
    fs::write(scratch.path(), &segment).expect("it is ours");
    let mut seen = None;
    assert_eq!(writer.update(|long| seen = Some(long.flags[0])), Ok(20));
    assert_eq!(seen, Some(true));
}

#[test]
fn rows_are_records_of_their_own() {
    let scratch = Scratch::new("rows");
    let mut writer = Table::<Small>::create(scratch.name(), 5).expect("the name is free");
    let reader = Table::<Small>::attach(scratch.name()).expect("it is there");
    assert_eq!(reader.rows(), 5);
    for row in [0, 3, 4, 3] {
        let written = writer.row_mut(row).write(&Small::of(row + 10));
        assert!(written.is_ok(), "{written:?}");
    }
    assert_eq!(reader.row(3).version(), Ok(2));
    assert_eq!(reader.row(1).version(), Ok(0));
    assert_eq!(reader.row(4).read(), Ok(Small::of(14)));
    assert_eq!(reader.row(4).index(), 4);

    let expected = [10, 0, 0, 13, 14].map(Small::of);
    assert_eq!(reader.to_vec().as_deref(), Ok(&expected[..]));
    let mut all = [Small::of(9); 5];
    assert_eq!(reader.read_all(&mut all), Ok(0));
    assert_eq!(all, expected);
    let numbers: Vec<_> = reader.iter().map(|row| row.get(Small::WORDS)).collect();
    assert_eq!(numbers[3], Ok([13; 8]));
}

/// So many go past the caches.
#[test]
fn many_rows_are_read_whole_and_each_into_its_place() {
    const ROWS: u64 = 4_500;
    let scratch = Scratch::new("many-rows");
    let mut writer = Table::<Large>::create(scratch.name(), ROWS).expect("the name is free");
    for row in 0..ROWS {
        for _ in 0..row % 3 {
            let written = writer.row_mut(row).write(&Large::of(row));
            assert!(written.is_ok(), "{written:?}");
        }
    }
    let mut all = vec![Large::of(u64::MAX); ROWS as usize];
    assert_eq!(writer.read_all(&mut all), Ok(0));
    for (row, read) in (0..).zip(&all) {
        let written = if row % 3 == 0 { 0 } else { row };
        assert_eq!(read.number(), Some(written), "row {row}");
    }
    // An error too leaves records behind, and those before it read.
    let stale = Table::<Large>::attach(scratch.name()).expect("it is there");
    writer.unlink().expect("it is ours");
    let read = stale.read_all(&mut all);
    assert!(matches!(read, Err(ReadError::Retired { .. })), "{read:?}");
}

/// Large tables are read ahead in ways that differ by the order, the copies
/// and the size of a record, and by whether rows change from copy to copy.
#[test]
fn every_row_of_a_large_table_is_read_in_whichever_copy_it_is() {
    for order in [Order::Rows, Order::Arrays] {
        for copies in [2, 4] {
            large_table::<Small>(40_000, order, copies);
            large_table::<Large>(600, order, copies);
        }
        large_table::<Small>(270_000, order, 2);
    }
}

fn large_table<T: Numbered>(rows: u64, order: Order, copies: u32) {
    let scratch = Scratch::new("large-table");
    let options = Table::<T>::options(scratch.name()).order(order);
    let mut writer = options
        .copies(copies)
        .rows(rows)
        .create()
        .expect("it is free");
    for row in 0..rows {
        // All in the same copy, then each in some other.
        let others = match row < rows / 2 {
            true => 0,
            false => row / 3 % u64::from(copies),
        };
        for other in 1..=others {
            let written = writer.row_mut(row).write(&T::of(rows + other));
            assert!(written.is_ok(), "{written:?}");
        }
        let written = writer.row_mut(row).write(&T::of(row));
        assert!(written.is_ok(), "{written:?}");
    }
    let mut all = vec![T::of(u64::MAX); rows as usize];
    assert_eq!(writer.read_all(&mut all), Ok(0));
    for (row, read) in (0..).zip(&all) {
        let of = (order, copies, size_of::<T>());
        assert_eq!(read.number(), Some(row), "{of:?}, row {row}");
    }
}

#[test]
fn a_row_or_buffer_that_is_not_right_is_an_error_and_no_panic() {
    let scratch = Scratch::new("bad-row");
    let mut writer = Table::<Small>::create(scratch.name(), 3).expect("the name is free");
    for row in [3, 4, u64::MAX, u64::MAX / 64] {
        let read = writer.row(row).read();
        assert!(
            matches!(read, Err(ReadError::NoSuchRow { rows: 3, .. })),
            "{read:?}"
        );
        let written = writer.row_mut(row).write(&Small::of(1));
        assert!(
            matches!(written, Err(WriteError::NoSuchRow { rows: 3, .. })),
            "{written:?}"
        );
    }
    for length in [0, 2, 4] {
        let read = writer.read_all(&mut vec![Small::of(0); length]);
        assert!(
            matches!(read, Err(ReadError::BufferLength { expected: 3, .. })),
            "{read:?}"
        );
    }
    let error = writer.row(3).read().unwrap_err().to_string();
    let expected = format!("no row 3 in `{}`, which has 3", scratch.path().display());
    assert_eq!(error, expected);
}

#[test]
fn the_lowest_row_that_was_written_has_the_key() {
    let scratch = Scratch::new("keys");
    let options = Table::<Named>::options(scratch.name())
        .rows(6)
        .key(Named::SYMBOL);
    let mut writer = options.create().expect("the name is free");
    let reader = options.attach().expect("it is there");
    for (row, symbol) in [(5, "ABC"), (2, "XYZ"), (4, "ABC")] {
        let named = Named::new(symbol, row as f64);
        writer.row_mut(row).write(&named).expect("it is ours");
    }
    let found = |symbol: &str| {
        let key = FixedStr::new(symbol).expect("it fits");
        let row = reader.by_key(&key).expect("nobody writes");
        row.map(|row| row.index())
    };
    assert_eq!(found("ABC"), Some(4));
    assert_eq!(found("XYZ"), Some(2));
    assert_eq!(found("NONE"), None);
    // Rows 0, 1 and 3 are zeros, which is no key of theirs.
    assert_eq!(found(""), None);

    let key = FixedStr::new("ABC").expect("it fits");
    let row = writer.by_key_mut(&key).expect("nobody else writes");
    let mut row = row.expect("it is in row 4");
    row.update(|named| named.price = 99.5).expect("it is ours");
    assert_eq!(reader.row(4).get(Named::PRICE), Ok(99.5));
}

#[test]
fn more_copies_give_the_same_records() {
    for copies in [2, 4, 8] {
        let scratch = Scratch::new("copies");
        let options = Cell::<Small>::options(scratch.name()).copies(copies);
        let mut writer = options.create().expect("the name is free");
        let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
        assert_eq!(reader.info().copies(), copies);
        for number in 1..20 {
            assert_eq!(writer.write(&Small::of(number)), Ok(number));
            assert_eq!(reader.read(), Ok(Small::of(number)));
        }
    }
}

const SCHEMA: SchemaId = SchemaId {
    package: "shm-runtime-test",
    version: 3,
    fingerprint: Fingerprint([7; 32]),
};

/// A new build of a program that wants more of them must be able to go on
/// where the old one stopped.
#[test]
fn the_copies_of_a_schema_are_those_of_a_new_segment_alone() {
    const TWO: CellSpec<Small> = CellSpec::new(SCHEMA, "record");
    const FOUR: CellSpec<Small> = CellSpec::new(SCHEMA, "record").copies(4);
    let scratch = Scratch::new("schema-copies");
    for (spec, other) in [(TWO, FOUR), (FOUR, TWO)] {
        let copies = |spec: &CellSpec<Small>, exist_ok| {
            let options = spec.options_at(scratch.name()).exist_ok(exist_ok);
            let mut writer = options.create().expect("nobody writes");
            writer.write(&Small::of(7)).expect("it is ours");
            writer.info().copies()
        };
        let made = copies(&spec, false);
        assert_eq!(copies(&other, true), made);
        unlink(scratch.name()).expect("nobody writes");
        // What a program asks for itself goes before its schema.
        let asked = spec.options_at(scratch.name()).copies(8).create();
        assert_eq!(asked.expect("the name is free").info().copies(), 8);
        unlink(scratch.name()).expect("nobody writes");
    }
}

#[test]
fn options_that_no_segment_can_have_are_refused() {
    let scratch = Scratch::new("bad-options");
    let cell = || Cell::<Small>::options(scratch.name());
    let table = || Table::<Small>::options(scratch.name());
    let refused = [
        cell().copies(0).create().err(),
        cell().copies(1).create().err(),
        cell().copies(3).create().err(),
        cell().copies(16).create().err(),
        cell().mode(0o4600).create().err(),
        table().create().err(),
        table().rows(u64::MAX).create().err(),
        table().rows(1 << 57).create().err(),
    ];
    for error in refused {
        assert!(
            matches!(error, Some(CreateError::BadOption { .. })),
            "{error:?}"
        );
    }
    assert!(!scratch.path().exists());
}

#[test]
fn a_segment_that_a_schema_names_says_so() {
    const NAMES: TableSpec<Named, FixedStr<6>> =
        TableSpec::new(SCHEMA, "names", 4).key(Named::SYMBOL);
    assert_eq!(NAMES.name(), "shm-runtime-test.names");

    let scratch = Scratch::new("spec");
    let options = NAMES.options_at(scratch.name());
    let writer = options.create().expect("the name is free");
    let info = writer.info();
    assert_eq!((info.rows(), info.schema_version()), (4, 3));
    assert_eq!(info.schema_fingerprint(), SCHEMA.fingerprint);
    let descriptor = info.descriptor();
    let head = format!(
        "shm-descriptor/1\nschema shm-runtime-test 3 {}\nsegment names table 4 key symbol\nrecord Named {}\n\n{}",
        SCHEMA.fingerprint,
        Named::SECTION.fingerprint,
        Named::SECTION.text,
    );
    assert_eq!(descriptor, head);
}

#[test]
fn a_writer_that_leaves_stamps_out_leaves_no_age() {
    let scratch = Scratch::new("unstamped");
    let options = Cell::<Odd>::options(scratch.name()).exist_ok(true);
    let reader = {
        let mut writer = options.clone().create().expect("the name is free");
        writer.write(&ODD).expect("it is ours");
        Cell::<Odd>::attach(scratch.name()).expect("it is there")
    };
    assert!(reader.age().is_some());

    let mut writer = options.stamps(false).create().expect("nobody writes");
    writer.write(&ODD).expect("it is ours");
    assert_eq!(reader.age(), None);
    assert_eq!(reader.version(), 2);
}
