//! Records that are kept warm, and when that ends.

mod support;

use std::panic::{self, AssertUnwindSafe};
use std::time::Duration;

use rustix::process::{Pid, WaitOptions, waitpid};
use shm_runtime::{Cell, KeepWarm, ReadError, Table, WarmError};
use support::puppet::{self, Puppet, tell};
use support::record::{Numbered, Small};
use support::scratch::Scratch;
use support::{WATCHDOG, wait_until};

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
fn a_forked_child_has_no_thread_and_may_have_one_of_its_own() {
    let scratch = Scratch::new("warm-fork");
    let puppet = Puppet::start("forks", scratch.name());
    let (status, told) = puppet.finish();
    assert!(status.success(), "{told}");
    assert!(told.contains("the parent's goes on after 30"), "{told}");
}

#[test]
fn puppet() {
    if let Some((role, segment)) = puppet::role() {
        assert_eq!(role, "forks");
        fork_beside_a_thread(&segment);
    }
}

/// Forks again and again, as the thread may be at any point of its work.
fn fork_beside_a_thread(segment: &str) {
    const FORKS: u32 = 30;
    let writer = Cell::<Small>::create(segment).expect("the name is free");
    let reader = Cell::<Small>::attach(segment).expect("it is there");
    let keeper = reader.keep_warm(OFTEN).expect("there is a thread");
    for _ in 0..FORKS {
        let touches = keeper.cost().touches;
        wait_until("it was touched", || keeper.cost().touches > touches);
        assert!(keeper.is_running());
        let Some(child) = fork() else {
            let done = panic::catch_unwind(AssertUnwindSafe(|| in_the_child(&reader, keeper)));
            drop(writer);
            exit(done.is_err().into());
        };
        let (_, status) = waitpid(Some(child), WaitOptions::empty())
            .expect("it is ours")
            .expect("it has ended");
        assert_eq!(status.exit_status(), Some(0), "{status:?}");
    }
    let touches = keeper.cost().touches;
    wait_until("it is touched still", || keeper.cost().touches > touches);
    drop(keeper);
    tell(&format!("the parent's goes on after {FORKS}"));
}

/// What a child has of its parent's `keeper`; returns, or it would hang.
fn in_the_child(reader: &Cell<Small>, keeper: KeepWarm) {
    assert!(!keeper.is_running());
    assert_eq!(keeper.every(), OFTEN);
    let cost = keeper.cost();
    assert_eq!((cost.touches, cost.touching), (0, Duration::ZERO));
    let own = reader.keep_warm(OFTEN).expect("a child may have threads");
    assert!(own.is_running());
    wait_until("the child's was touched", || own.cost().touches > 0);
    drop(keeper);
    assert!(own.is_running());
    drop(own);
}

/// The child in the parent and none in the child, which is killed when it
/// hangs.
#[allow(unsafe_code)]
fn fork() -> Option<Pid> {
    // SAFETY: the other threads of this program are the test harness, which
    // waits, and one that touches a record; the C library lets a child
    // allocate, and the child ends without going back to the harness.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "there is room for a process");
    if child == 0 {
        let seconds = WATCHDOG.as_secs().try_into().expect("a minute");
        // SAFETY: sets a timer; its signal ends the process.
        unsafe { libc::alarm(seconds) };
    }
    Pid::from_raw(child)
}

/// Ends a child.
#[allow(unsafe_code)]
fn exit(status: i32) -> ! {
    // SAFETY: ends the process; nothing is left to be run.
    unsafe { libc::_exit(status) }
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
