//! Writers and readers that fork, succeed each other and follow. The ones
//! that are killed, stopped and raced by the thousand, in both languages, are
//! `tests/torture`.

#![allow(clippy::disallowed_types)] // a flag that stops threads; no bytes of a segment

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use shm_runtime::{Cell, CreateError, ReadError};
use support::puppet::{self, Puppet, tell};
use support::record::{Numbered, Small};
use support::scratch::Scratch;
use support::{WATCHDOG, report, wait_until};

/// Ends a reader's loop, also when the test that runs it panics: its scope
/// would wait for ever.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn of_many_successors_exactly_one_takes_over() {
    let scratch = Scratch::new("succeed");
    drop(Cell::<Small>::create(scratch.name()).expect("the name is free"));
    for round in 0..200 {
        for replace in [false, true] {
            let options = Cell::<Small>::options(scratch.name()).exist_ok(!replace);
            let options = options.replace(replace);
            thread::scope(|scope| {
                let contenders: Vec<_> = (0..4)
                    .map(|_| {
                        scope.spawn(|| match options.create() {
                            Ok(writer) => Some(writer),
                            Err(CreateError::WriterBusy { .. }) => None,
                            Err(other) => panic!("round {round}: {other}"),
                        })
                    })
                    .collect();
                let made: Vec<_> = contenders
                    .into_iter()
                    .filter_map(|contender| contender.join().expect("no panic"))
                    .collect();
                assert_eq!(made.len(), 1, "round {round}, replace {replace}");
            });
        }
    }
}

#[test]
fn a_forked_child_may_read_and_not_write() {
    let scratch = Scratch::new("fork");
    let mut puppet = Puppet::start("forks", scratch.name());
    assert_eq!(puppet.line(), "child reads 1");
    let refused = puppet.line();
    assert!(
        refused.ends_with("which forked this one; hint: create the writer after the fork"),
        "{refused}"
    );
    assert_eq!(puppet.line(), "child may not unlink");
    assert_eq!(puppet.line(), "child writes one of its own");
    assert_eq!(puppet.line(), "parent writes 2");
    // The child let go of the writer; the parent holds the lock still.
    let cell = Cell::<Small>::attach(scratch.name()).expect("it is there");
    assert!(cell.writer_alive());
    puppet.kill();
    wait_until("the lock is free", || !cell.writer_alive());
    assert_eq!(cell.read(), Ok(Small::of(2)));
}

#[test]
fn a_reader_follows_a_segment_that_is_replaced_again_and_again() {
    const REPLACEMENTS: u64 = 200;
    let scratch = Scratch::new("follow");
    let stop = AtomicBool::new(false);
    let options = Cell::<Small>::options(scratch.name()).replace(true);
    let mut writer = options.create().expect("the name is free");
    let generations = thread::scope(|scope| {
        let running = Stop(&stop);
        let reader = scope.spawn(|| {
            let attach = || {
                let options = Cell::<Small>::options(scratch.name()).wait(WATCHDOG);
                options.attach().expect("it comes back")
            };
            let mut cell = attach();
            let mut generations = 1_u64;
            while !stop.load(Ordering::Relaxed) {
                match cell.read() {
                    Ok(small) => assert!(small.number().is_some()),
                    Err(ReadError::Retired { .. }) => {
                        let before = cell.info().generation();
                        cell = attach();
                        assert!(cell.info().generation() > before);
                        generations += 1;
                    }
                    Err(other) => panic!("{other}"),
                }
            }
            generations
        });
        for number in 1..=REPLACEMENTS {
            writer.write(&Small::of(number)).expect("it is ours");
            drop(writer);
            writer = options.create().expect("nobody else writes");
            assert_eq!(writer.info().generation(), number);
        }
        drop(running);
        reader.join().expect("no panic")
    });
    report(&format!(
        "{REPLACEMENTS} replacements, {generations} of them read"
    ));
}

#[test]
fn puppet() {
    let Some((role, segment)) = puppet::role() else {
        return;
    };
    match &*role {
        "forks" => fork(&segment),
        other => panic!("no role {other}"),
    }
}

#[allow(unsafe_code)]
fn fork(segment: &str) {
    let mut writer = Cell::<Small>::create(segment).expect("the name is free");
    writer.write(&Small::of(1)).expect("it is ours");
    // SAFETY: the other thread of this program, the test harness, waits; the
    // child ends without going back to it.
    match unsafe { libc::fork() } {
        0 => {
            child_of(writer, segment);
            // SAFETY: ends the process; nothing is left to be run.
            unsafe { libc::_exit(0) }
        }
        child => {
            let pid = rustix::process::Pid::from_raw(child);
            let options = rustix::process::WaitOptions::empty();
            rustix::process::waitpid(pid, options).expect("it is ours");
            let version = writer.write(&Small::of(2)).expect("it is ours");
            tell(&format!("parent writes {version}"));
            thread::sleep(WATCHDOG);
        }
    }
}

fn child_of(mut writer: shm_runtime::CellWriter<Small>, segment: &str) {
    let number = writer.read().expect("reading is for all").words[0];
    tell(&format!("child reads {number}"));
    let refused = writer.write(&Small::of(9)).expect_err("it is the parent's");
    tell(&refused.to_string());
    assert!(writer.writer_alive(), "the parent lives");
    match writer.unlink() {
        Err(shm_runtime::UnlinkError::Forked { .. }) => tell("child may not unlink"),
        other => tell(&format!("{other:?}")),
    }
    let own = format!("{segment}.child");
    let mut writer = Cell::<Small>::create(&own).expect("the name is free");
    writer
        .write(&Small::of(1))
        .expect("this one is the child's");
    writer.unlink().expect("this one is the child's");
    tell("child writes one of its own");
}
