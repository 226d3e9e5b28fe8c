//! Records that are kept warm, and when that ends.

mod support;

use std::time::Duration;

use shm_runtime::{Cell, ReadError, Table, WarmError};
use support::record::{Numbered, Small};
use support::scratch::Scratch;
use support::wait_until;

const OFTEN: Duration = Duration::from_micros(100);

#[test]
fn a_cell_is_touched_until_the_guard_goes() {
    let scratch = Scratch::new("warm");
    let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    let reader = Cell::<Small>::attach(scratch.name()).expect("it is there");
    reader.warm();
    let keeper = reader.keep_warm(OFTEN).expect("there is a thread");
    assert_eq!(keeper.every(), OFTEN);
    wait_until("it was touched", || keeper.cost().touches > 3);
    assert!(keeper.is_running() && keeper.cost().elapsed > Duration::ZERO);
    writer.write(&Small::of(7)).expect("it is ours");
    assert_eq!(reader.read(), Ok(Small::of(7)));
    assert!(keeper.cost().to_string().starts_with("touched "));
    drop(keeper);
}

#[test]
fn the_end_of_the_handle_ends_it() {
    let scratch = Scratch::new("warm-end");
    let writer = Table::<Small>::create(scratch.name(), 3).expect("the name is free");
    let keeper = writer.row(2).keep_warm(OFTEN).expect("there is a thread");
    wait_until("it was touched", || keeper.cost().touches > 0);
    drop(writer);
    wait_until("it noticed", || !keeper.is_running());
    let touches = keeper.cost().touches;
    assert!(touches > 0 && keeper.cost().touches == touches);
}

#[test]
fn one_that_is_not_due_for_an_hour_goes_at_once() {
    let scratch = Scratch::new("warm-hour");
    let writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
    let hour = Duration::from_secs(3600);
    let keeper = writer.keep_warm(hour).expect("there is a thread");
    assert_eq!(keeper.cost().touches, 0);
    drop(keeper);
}

#[test]
fn a_row_that_is_not_there_cannot_be_warm() {
    let scratch = Scratch::new("warm-row");
    let writer = Table::<Small>::create(scratch.name(), 3).expect("the name is free");
    assert_eq!(writer.row(2).warm(), Ok(()));
    let missing = writer.row(3);
    assert!(matches!(
        missing.warm(),
        Err(ReadError::NoSuchRow { rows: 3, .. })
    ));
    assert!(matches!(
        missing.keep_warm(OFTEN),
        Err(WarmError::NoSuchRow {
            row: 3,
            rows: 3,
            ..
        })
    ));
}

#[test]
fn an_option_maps_every_page_at_once() {
    let scratch = Scratch::new("prefault");
    let options = Table::<Small>::options(scratch.name()).prefault(true);
    let writer = options
        .clone()
        .rows(1000)
        .create()
        .expect("the name is free");
    let reader = options.attach().expect("it is there");
    let whole = scratch.path().metadata().expect("it is there").len() / 1024;
    let maps = std::fs::read_to_string("/proc/self/smaps").expect("procfs is mounted");
    let mut lines = maps.lines();
    let mut reader_kib = 0;
    while let Some(line) = lines.next() {
        if line.ends_with(scratch.name()) && line.contains(" r--s ") {
            let rss = lines
                .find_map(|line| line.strip_prefix("Rss:"))
                .expect("it is shown");
            reader_kib = rss
                .trim()
                .trim_end_matches(" kB")
                .parse()
                .expect("a number");
        }
    }
    assert!(
        reader_kib >= whole,
        "{reader_kib} KiB of {whole} are mapped"
    );
    assert_eq!(reader.rows(), writer.rows());
}
