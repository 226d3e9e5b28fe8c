//! Files that are cut under readers that the program guards, and faults that
//! are none of the guard's. The thousands are in `tests/torture`.

mod support;

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::thread;

use rustix::process::Signal;
use shm_runtime::{Cell, ReadError, Table, guard_truncation};
use support::puppet::{self, Puppet, tell};
use support::record::{Large, Numbered, Small};
use support::scratch::Scratch;

/// Rows of a table of more than a megabyte, so that one piece of memory does
/// not take its place.
const ROWS: u64 = 200;

fn cut(path: &Path, length: u64) {
    let file = File::options().write(true).open(path).expect("it is there");
    file.set_len(length).expect("it can be cut");
}

fn table(scratch: &Scratch) -> Table<Large> {
    let mut writer = Table::<Large>::create(scratch.name(), ROWS).expect("the name is free");
    for row in 0..ROWS {
        let mut row = writer.row_mut(row);
        row.write(&Large::of(7)).expect("it is ours");
    }
    Table::<Large>::attach(scratch.name()).expect("it is there")
}

fn is_truncated<T>(read: &Result<T, ReadError>) -> bool {
    matches!(read, Err(ReadError::Truncated { .. }))
}

#[test]
fn a_cut_file_is_an_error_of_its_readers_wherever_it_was_cut() {
    guard_truncation().expect("there is memory");
    let sound = Scratch::new("sound");
    let sound = table(&sound);
    let page = rustix::param::page_size() as u64;
    for pages in [0, 1, 2, 3, 100, 255, 256, 257, 380] {
        let scratch = Scratch::new("cut");
        let (table, other) = (table(&scratch), Table::<Large>::attach(scratch.name()));
        let other = other.expect("it is there");
        cut(&scratch.path(), pages * page);

        let lost = (0..ROWS).filter(|row| match table.row(*row).read() {
            // Of what is left, as long as nothing else was touched.
            Ok(record) => {
                assert_eq!(record.number(), Some(7), "cut after {pages} pages");
                false
            }
            read => {
                assert!(is_truncated(&read), "cut after {pages} pages");
                true
            }
        });
        assert!(lost.count() > 0, "cut after {pages} pages");
        // From the first error on the whole of it is gone.
        for row in [0, ROWS - 1] {
            let row = table.row(row);
            assert!(is_truncated(&row.read()) && is_truncated(&row.snapshot()));
            assert!(is_truncated(&row.get(Large::WORDS)));
            assert_eq!((row.version(), row.age()), (Ok(0), Ok(None)));
        }
        assert!(is_truncated(&table.to_vec()));
        assert!(table.is_retired() && !table.writer_alive());
        // Each map has a guard of its own.
        assert!(is_truncated(&other.row(ROWS - 1).read()));
        assert_eq!(
            sound.row(1).read().map(|record| record.number()),
            Ok(Some(7))
        );
    }
}

#[test]
fn threads_that_read_while_the_file_is_cut_see_whole_records_or_none() {
    guard_truncation().expect("there is memory");
    for round in 0..50 {
        let scratch = Scratch::new("threads");
        let table = table(&scratch);
        thread::scope(|scope| {
            for first in 0..4 {
                let table = &table;
                scope.spawn(move || {
                    for row in (first * 50..).map(|row| row % ROWS) {
                        match table.row(row).read() {
                            Ok(record) => assert_eq!(record.number(), Some(7)),
                            read => return assert!(is_truncated(&read)),
                        }
                    }
                });
            }
            thread::yield_now();
            cut(&scratch.path(), round % 7 * 50_000 / 4096 * 4096);
        });
    }
}

#[test]
fn maps_that_come_and_go_leave_the_others_their_guard() {
    guard_truncation().expect("there is memory");
    let scratch = Scratch::new("come-and-go");
    let old = table(&scratch);
    let others: Vec<_> = (0..20)
        .map(|_| Table::<Large>::attach(scratch.name()).expect("it is there"))
        .collect();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let table = Table::<Large>::attach(scratch.name()).expect("it is there");
                    assert!(table.row(0).read().is_ok());
                }
            });
        }
    });
    drop(others);
    let new = Table::<Large>::attach(scratch.name()).expect("it is there");
    cut(&scratch.path(), 0);
    assert!(is_truncated(&old.row(0).read()));
    assert!(is_truncated(&new.row(0).read()));
}

#[test]
fn what_is_not_the_guards_ends_as_without_it() {
    let (dies, exits) = (
        || (Some(Signal::BUS.as_raw()), None),
        |code| (None, Some(code)),
    );
    for (role, end) in [
        // The control: without a guard the reader ends.
        ("unguarded", dies()),
        // Of what it wrote last nobody knows, so it may not go on.
        ("writes", dies()),
        ("is sent the signal", dies()),
        ("is sent what it ignores", exits(0)),
        // A handler that was there before, and ends its process.
        ("has a handler", exits(HANDLED)),
        ("has a handler of one argument", exits(HANDLED)),
    ] {
        let scratch = Scratch::new("foreign");
        let mut writer = Cell::<Small>::create(scratch.name()).expect("the name is free");
        writer.write(&Small::of(7)).expect("it is ours");
        drop(writer);
        let mut puppet = Puppet::start(role, scratch.name());
        assert_eq!(puppet.line(), "ready", "{role}");
        let (status, rest) = puppet.finish();
        assert_eq!((status.signal(), status.code()), end, "{role}: {rest}");
    }
}

#[test]
fn puppet() {
    let Some((role, segment)) = puppet::role() else {
        return;
    };
    let (fault, signal) = (
        on_fault as extern "C" fn(_, _, _),
        on_signal as extern "C" fn(_),
    );
    match &*role {
        "has a handler" => handle(fault as usize, libc::SA_SIGINFO),
        "has a handler of one argument" => handle(signal as usize, 0),
        // In the place of the standard library's, which lets the first pass.
        "is sent the signal" => handle(libc::SIG_DFL, 0),
        "is sent what it ignores" => handle(libc::SIG_IGN, 0),
        _ => {}
    }
    if role != "unguarded" {
        guard_truncation().expect("there is memory");
    }
    tell("ready");
    let path = Path::new("/dev/shm").join(&segment);
    match &*role {
        "unguarded" => {
            let cell = Cell::<Small>::attach(&*segment).expect("it is there");
            cut(&path, 0);
            tell(&format!("{:?}", cell.read()));
        }
        "is sent the signal" | "is sent what it ignores" => {
            let own = rustix::process::getpid();
            rustix::process::kill_process(own, Signal::BUS).expect("to oneself");
        }
        _ => {
            let writer = Cell::<Small>::options(&*segment).exist_ok(true).create();
            let mut writer = writer.expect("nobody writes");
            cut(&path, 0);
            tell(&format!("{:?}", writer.write(&Small::of(8))));
        }
    }
}

/// How a puppet ends whose own handler was called.
const HANDLED: i32 = 77;

#[allow(unsafe_code)]
extern "C" fn on_fault(_: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    assert!(!info.is_null());
    on_signal(libc::SIGBUS);
}

#[allow(unsafe_code)]
extern "C" fn on_signal(_: libc::c_int) {
    // SAFETY: ends the process; a handler may call it.
    unsafe { libc::_exit(HANDLED) }
}

#[allow(unsafe_code)]
fn handle(handler: usize, flags: libc::c_int) {
    // SAFETY: plain integers and a signal set, all of whose bytes may be zero.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = flags;
    // SAFETY: one of the handlers above, with the flag that it asks for.
    let done = unsafe { libc::sigaction(libc::SIGBUS, &raw const action, std::ptr::null_mut()) };
    assert_eq!(done, 0);
}
