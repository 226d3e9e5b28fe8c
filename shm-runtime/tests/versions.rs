//! Readers of one version of a schema at segments of another one.

mod support;

use std::thread;
use std::time::Duration;

use shm_runtime::{AttachError, CreateError, FixedStr, Order, ReadError, TimestampNs, bytes_of};
use support::scratch::Scratch;

mod v1 {
    shm_runtime::include_schema!("../tests/interop/schemas/v1/evolving.yaml");
}
mod v2 {
    shm_runtime::include_schema!("../tests/interop/schemas/v2/evolving.yaml");
}
mod v3 {
    shm_runtime::include_schema!("../tests/interop/schemas/v3/evolving.yaml");
}

use v1::evolving as one;
use v2::evolving as two;
use v3::evolving as three;

fn first() -> one::Quote {
    one::Quote {
        id: 7,
        phase: one::Phase::Open,
        last: 1.5,
        levels: [1, 2].map(|n| one::Level {
            px: 100 * i64::from(n),
            qty: n,
            ..Default::default()
        }),
        ..Default::default()
    }
}

fn second() -> two::Quote {
    two::Quote {
        id: 7,
        phase: two::Phase::Halted,
        venue: 3,
        last: 1.5,
        levels: [1, 2].map(|n| two::Level {
            px: 100 * i64::from(n),
            qty: n,
            orders: 10 * n,
        }),
        sent: TimestampNs(9),
        ..Default::default()
    }
}

fn third() -> three::Quote {
    let levels = [1, 2].map(|n| three::Level {
        px: 100 * i64::from(n),
        qty: n,
        orders: 10 * n,
    });
    three::Quote {
        id: 7,
        phase: three::Phase::Halted,
        firm: true,
        venue: 3,
        last: 1.5,
        levels,
        sent: TimestampNs(9),
        asks: levels,
        note: FixedStr::new("hello").expect("it fits"),
        heat: [1.0, 2.0, 3.0],
        later: three::Phase::Open,
        ..Default::default()
    }
}

/// Where records lie is told by the header, whatever they are.
#[test]
fn rows_in_arrays_are_seen_by_every_version() {
    let scratch = Scratch::new("version-arrays");
    let options = || one::QUOTES.options_at(scratch.name());
    let mut writer = options().order(Order::Arrays).create().expect("free");
    for row in 0..3 {
        for id in [1, 7 + row as u32] {
            let quote = one::Quote { id, ..first() };
            writer.row_mut(row).write(&quote).expect("it is ours");
        }
    }
    let reader = three::QUOTES.options_at(scratch.name()).attach();
    let reader = reader.expect("it is readable");
    let mut all = vec![third(); 3];
    assert_eq!(reader.read_all(&mut all), Ok(0));
    assert_eq!(reader.to_vec().map(|rows| rows.len()), Ok(3));
    for (row, seen) in (0..).zip(&all) {
        assert_eq!(
            (seen.id, seen.venue(), seen.note.to_string()),
            (7 + row, None, String::new())
        );
        assert_eq!(seen.levels[1].px, 200);
        let found = reader.by_key(&(7 + row)).expect("it is whole");
        assert_eq!(found.map(|found| found.index()), Some(row.into()));
        assert_eq!(reader.row(row.into()).version(), Ok(2));
        assert_eq!(reader.row(row.into()).warm(), Ok(()));
    }
    writer.unlink().expect("it is ours");
    let read = reader.read_all(&mut all);
    assert!(matches!(read, Err(ReadError::Retired { .. })), "{read:?}");
}

#[test]
fn a_new_reader_sees_the_sentinels_of_what_an_old_writer_lacks() {
    let scratch = Scratch::new("sentinels");
    let mut writer = one::BEST.options_at(scratch.name()).create().expect("free");
    let reader = three::BEST
        .options_at(scratch.name())
        .attach()
        .expect("it is only old");
    assert_eq!((reader.version(), reader.age()), (0, None));
    writer.write(&first()).expect("it is ours");
    assert_eq!(reader.version(), 1);
    assert!(reader.age().is_some());

    let seen = reader.read().expect("it is there");
    assert_eq!(
        (seen.id, seen.phase, seen.last),
        (7, three::Phase::Open, 1.5)
    );
    assert_eq!((seen.venue(), seen.sent(), seen.firm), (None, None, false));
    assert_eq!(seen.levels.map(|level| level.qty), [1, 2]);
    assert_eq!(seen.levels.map(|level| level.px()), [Some(1.0), Some(2.0)]);
    assert_eq!(seen.levels.map(|level| level.orders()), [None, None]);
    assert_eq!(seen.asks.map(|level| level.px()), [None, None]);
    assert_eq!(seen.asks.map(|level| level.orders()), [None, None]);
    assert_eq!(seen.asks.map(|level| level.qty), [0, 0]);
    assert_eq!(
        (seen.note.to_string(), seen.later),
        (String::new(), three::Phase::Shut)
    );
    assert_eq!(seen.heat(), [None; 3]);

    // Each way to read sees the same.
    let mut again = third();
    assert_eq!(reader.read_into(&mut again).expect("it is there"), 1);
    assert_eq!(bytes_of(&again), bytes_of(&seen));
    let snapshot = reader.snapshot().expect("it is there");
    assert_eq!(
        (bytes_of(&snapshot.value), snapshot.version),
        (bytes_of(&seen), 1)
    );
    assert_eq!(reader.get(three::Quote::VENUE).expect("so"), 65535);
    assert_eq!(reader.get(three::Quote::ID).expect("so"), 7);
    assert!(reader.get(three::Quote::HEAT).expect("so")[2].is_nan());
    let second = three::Quote::LEVELS.element(1).expect("two");
    assert_eq!(reader.get(second.then(three::Level::QTY)).expect("so"), 2);
    assert_eq!(
        reader.get(second.then(three::Level::ORDERS)).expect("so"),
        u32::MAX
    );
    assert_eq!(
        bytes_of(&reader.get(second).expect("so")),
        bytes_of(&seen.levels[1])
    );

    reader.warm();
    let warm = reader
        .keep_warm(Duration::from_millis(1))
        .expect("a thread");
    while warm.cost().touches == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    assert!(reader.has(three::Quote::ID) && reader.has(three::Quote::LEVELS));
    assert!(!reader.has(three::Quote::VENUE) && !reader.has(three::Quote::ASKS));
    assert!(!reader.has(second.then(three::Level::ORDERS)));

    writer.unlink().expect("it is ours");
    for end in [
        reader.read().map(drop),
        reader.get(three::Quote::VENUE).map(drop),
    ] {
        assert!(matches!(end, Err(ReadError::Retired { .. })), "{end:?}");
    }
}

#[test]
fn an_old_reader_sees_what_it_knows_and_zeros() {
    let scratch = Scratch::new("old");
    let mut writer = three::BEST
        .options_at(scratch.name())
        .create()
        .expect("free");
    writer.write(&third()).expect("it is ours");

    let seen = one::BEST
        .options_at(scratch.name())
        .attach()
        .expect("it is only new");
    let seen = seen.read().expect("it is there");
    // Halted, which this program does not know.
    assert_eq!(seen.phase, one::Phase(2));
    let expected = one::Quote {
        phase: one::Phase(2),
        ..first()
    };
    assert_eq!(bytes_of(&seen), bytes_of(&expected), "room reads as zeros");

    let seen = two::BEST
        .options_at(scratch.name())
        .attach()
        .expect("it is only new");
    assert_eq!(
        bytes_of(&seen.read().expect("it is there")),
        bytes_of(&second())
    );
    assert!(seen.has(two::Quote::SENT));
}

#[test]
fn rows_of_another_version_are_found_and_read_at_once() {
    let scratch = Scratch::new("rows");
    let mut writer = two::QUOTES
        .options_at(scratch.name())
        .create()
        .expect("free");
    for row in 0..2 {
        let quote = two::Quote {
            id: 10 + row,
            ..second()
        };
        writer
            .row_mut(row.into())
            .write(&quote)
            .expect("it is ours");
    }
    let reader = three::QUOTES
        .options_at(scratch.name())
        .attach()
        .expect("it is only old");
    let row = reader
        .by_key(&11)
        .expect("it is there")
        .expect("so is its row");
    assert_eq!((row.index(), row.version().expect("so")), (1, 1));
    assert_eq!(
        row.read().expect("it is there").sent(),
        Some(TimestampNs(9))
    );
    assert!(
        reader.by_key(&0).expect("it is there").is_none(),
        "never written"
    );
    assert!(row.age().expect("so").is_some());

    let mut all = vec![three::Quote::default(); 3];
    assert_eq!(reader.read_all(&mut all).expect("they are there"), 0);
    assert_eq!(
        all.iter().map(|quote| quote.id).collect::<Vec<_>>(),
        [10, 11, 0]
    );
    assert!(all.iter().all(|quote| quote.heat() == [None; 3]));
    assert_eq!(
        bytes_of(&all[1]),
        bytes_of(&row.read().expect("it is there"))
    );
    assert!(matches!(
        reader.row(3).read(),
        Err(ReadError::NoSuchRow { .. })
    ));
    assert!(!reader.has(three::Quote::NOTE) && reader.has(three::Quote::VENUE));
}

#[test]
fn a_writer_goes_on_with_its_own_layout_alone() {
    let scratch = Scratch::new("takeover");
    let mut old = one::BEST.options_at(scratch.name()).create().expect("free");
    old.write(&first()).expect("it is ours");
    drop(old);
    let reader = one::BEST
        .options_at(scratch.name())
        .attach()
        .expect("it is there");

    let options = || two::BEST.options_at(scratch.name());
    let error = options()
        .exist_ok(true)
        .create()
        .expect_err("another layout");
    let said = error.to_string();
    assert!(matches!(error, CreateError::LayoutMismatch(_)), "{said}");
    assert!(
        said.contains("`replace(true)` makes a new segment in its place"),
        "{said}"
    );
    assert!(said.contains("(schema evolving v1, writer"), "{said}");
    assert!(
        said.contains("; this program has schema evolving v2; hint: "),
        "{said}"
    );

    let mut new = options().replace(true).create().expect("nobody writes");
    new.write(&second()).expect("it is ours");
    assert!(matches!(reader.read(), Err(ReadError::Retired { .. })));
    let reader = one::BEST
        .options_at(scratch.name())
        .attach()
        .expect("it is only new");
    assert_eq!(reader.get(one::Quote::LAST).expect("it is there"), 1.5);
}

/// Of versions that do not go together: what the first difference is.
fn refusal(create: impl Fn(&str), attach: impl Fn(&str) -> Result<(), AttachError>) -> String {
    let scratch = Scratch::new("refusal");
    create(scratch.name());
    match attach(scratch.name()) {
        Err(AttachError::LayoutMismatch(mismatch)) => {
            assert!(!mismatch.differences().is_empty());
            mismatch.differences()[0].to_string()
        }
        other => panic!("{other:?}"),
    }
}

mod broken {
    shm_runtime::include_schema!("tests/schemas/broken.yaml");
}

#[test]
fn what_does_not_go_together_is_refused_by_its_name() {
    use broken::evolving as broken;
    let said = refusal(
        |name| drop(one::BEST.options_at(name).create()),
        |name| broken::BEST.options_at(name).attach().map(drop),
    );
    assert_eq!(said, "`Quote.venue` is present here and missing there");
    // The other way round it is only a newer one.
    let scratch = Scratch::new("newer");
    drop(broken::BEST.options_at(scratch.name()).create());
    let attached = one::BEST.options_at(scratch.name()).attach();
    assert!(attached.is_ok(), "{attached:?}");
    // A key that the segment lacks finds nothing.
    let said = refusal(
        |name| drop(one::QUOTES.options_at(name).create()),
        |name| {
            let options = two::QUOTES.options_at(name).key(two::Quote::VENUE);
            options.attach().map(drop)
        },
    );
    assert_eq!(said, "`Quote.venue` is present here and missing there");
}
