//! Writers and readers in processes of their own: killed, stopped, forked,
//! racing.

#![allow(clippy::disallowed_types)] // a flag that stops threads; no bytes of a segment

mod support;

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use shm_runtime::{AttachError, Cell, CreateError, ReadError, unlink};
use support::puppet::{self, Puppet, tell};
use support::record::{Large, Numbered, Small};
use support::scratch::Scratch;
use support::{WATCHDOG, report, wait_until};

const KILLS: u32 = 200;

/// Numbers that look random and are the same each run.
struct Noise(u64);

impl Noise {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// Ends a reader's loop, also when the test that runs it panics: its scope
/// would wait for ever.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What a reader saw beside writers that came and went.
#[derive(Debug, Default)]
struct Seen {
    reads: u64,
    retries: u64,
    last: u64,
}

/// Reads until told to stop; panics at a torn record, at one that is not of
/// its version, and at a version that goes back.
fn read_on<T: Numbered>(cell: &Cell<T>, stop: &AtomicBool) -> Seen {
    let mut seen = Seen::default();
    while !stop.load(Ordering::Relaxed) {
        let snapshot = cell
            .snapshot()
            .expect("no writer can stall a reader for long");
        assert_eq!(snapshot.value.number(), Some(snapshot.version), "torn");
        assert!(snapshot.version >= seen.last, "versions go on");
        seen.last = snapshot.version;
        seen.reads += 1;
        seen.retries += u64::from(snapshot.retries);
    }
    seen
}

fn sequence(file: &File, at: u64) -> u64 {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, at).expect("it is there");
    u64::from_le_bytes(bytes)
}

#[test]
fn writers_killed_at_any_moment_tear_nothing_and_stop_nobody() {
    let scratch = Scratch::new("kill");
    drop(Cell::<Large>::create(scratch.name()).expect("the name is free"));
    let cell = Cell::<Large>::attach(scratch.name()).expect("it is there");
    let file = File::open(scratch.path()).expect("it is a file");
    let seq_at = cell.info().size_bytes() - (16 + 2 * 4096_u64).next_multiple_of(64);

    let stop = AtomicBool::new(false);
    let mut mid_write = 0;
    let seen = thread::scope(|scope| {
        let running = Stop(&stop);
        let reader = scope.spawn(|| read_on(&cell, &stop));
        let mut noise = Noise(1);
        let mut before = 0;
        for kill in 0..KILLS {
            let mut writer = Puppet::start("writes without pause", scratch.name());
            // Its create succeeded at once, or this would be an error.
            assert_eq!(
                writer.line(),
                format!("goes on after {before}"),
                "kill {kill}"
            );
            thread::sleep(Duration::from_micros(noise.below(3_000)));
            writer.kill();
            let seq = sequence(&file, seq_at);
            mid_write += seq & 1;
            assert!(seq >> 1 >= before, "the last published record stands");
            before = seq >> 1;
            assert_eq!(cell.read().map(|large| large.words[0]), Ok(before));
            assert!(!cell.writer_alive());
        }
        drop(running);
        reader.join().expect("no read was torn")
    });
    report(&format!(
        "{KILLS} kills, {mid_write} of them mid-write: {} reads, {} retries, 0 torn, 0 stuck, \
         last version {}",
        seen.reads, seen.retries, seen.last
    ));
    assert!(mid_write > 0, "no kill met a write");
}

#[test]
fn a_stopped_writer_stops_no_reader() {
    const STOPS: u32 = 50;
    let scratch = Scratch::new("stop");
    let mut writer = Puppet::start("writes without pause", scratch.name());
    assert_eq!(writer.line(), "goes on after 0");
    let cell = Cell::<Large>::attach(scratch.name()).expect("it is there");
    let mut noise = Noise(2);
    for _ in 0..STOPS {
        thread::sleep(Duration::from_micros(noise.below(2_000)));
        writer.signal(Signal::STOP);
        for _ in 0..1_000 {
            let snapshot = cell.snapshot().expect("a stopped writer stalls nobody");
            assert_eq!(snapshot.value.number(), Some(snapshot.version));
        }
        assert!(cell.writer_alive(), "stopped is not dead");
        let second = Cell::<Large>::options(scratch.name())
            .exist_ok(true)
            .create();
        match second {
            Err(CreateError::WriterBusy { pid, .. }) => assert_eq!(pid, writer.id()),
            other => panic!("{other:?}"),
        }
        writer.signal(Signal::CONT);
    }
    report(&format!("{STOPS} stops: 0 readers stuck"));
}

/// A record of 4 KiB that is overwritten without pause by another process.
/// The control copies it as plain shared memory does, by `read`.
#[test]
fn records_are_whole_where_plain_copies_of_them_are_torn() {
    let scratch = Scratch::new("torn");
    let mut writer = Puppet::start("writes without pause", scratch.name());
    assert_eq!(writer.line(), "goes on after 0");
    let cell = Cell::<Large>::attach(scratch.name()).expect("it is there");
    let file = File::open(scratch.path()).expect("it is a file");
    let record_at = cell.info().size_bytes() - 2 * 4096 - 48;
    let seq_at = record_at - 16;

    let (mut torn, mut plain, mut reads, mut retries) = (0_u32, 0_u32, 0_u32, 0_u64);
    let mut bytes = [0; 4096];
    while reads < 20_000 || torn == 0 {
        let snapshot = cell.snapshot().expect("a try can succeed");
        assert_eq!(snapshot.value.number(), Some(snapshot.version), "torn");
        reads += 1;
        retries += u64::from(snapshot.retries);

        let copy = (sequence(&file, seq_at) >> 1) & 1;
        file.read_exact_at(&mut bytes, record_at + copy * 4096)
            .expect("it is there");
        plain += 1;
        torn += u32::from(bytes.chunks_exact(8).any(|word| word != &bytes[..8]));
        assert!(plain < 50_000_000, "the writer never met the reader");
    }
    report(&format!(
        "{reads} reads, {retries} retries, 0 torn; of {plain} plain copies {torn} were torn"
    ));
}

#[test]
fn of_many_creators_exactly_one_wins_and_no_half_made_segment_is_seen() {
    const ROUNDS: u32 = 200;
    const CREATORS: u32 = 4;
    let scratch = Scratch::new("race");
    let mut attached = 0;
    for round in 0..ROUNDS {
        let winners: u32 = thread::scope(|scope| {
            let creators: Vec<_> = (0..CREATORS)
                .map(|_| {
                    scope.spawn(|| match Cell::<Small>::create(scratch.name()) {
                        Ok(mut writer) => {
                            writer.write(&Small::of(1)).expect("it is ours");
                            Some(writer)
                        }
                        Err(CreateError::AlreadyExists { .. }) => None,
                        Err(other) => panic!("{other}"),
                    })
                })
                .collect();
            let reader = Cell::<Small>::options(scratch.name())
                .wait(WATCHDOG)
                .attach();
            let number = reader
                .expect("complete from the start")
                .read()
                .expect("it is sound");
            assert!([0, 1].contains(&number.words[0]));
            attached += 1;
            let results = creators.into_iter().map(|creator| creator.join());
            let writers: Vec<_> = results.filter_map(|made| made.expect("no panic")).collect();
            writers.len() as u32
        });
        assert_eq!(winners, 1, "round {round}");
        unlink(scratch.name()).expect("nobody writes");
    }
    report(&format!(
        "{ROUNDS} rounds of {CREATORS} creators: one winner each, {attached} whole"
    ));
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
fn killed_creators_leave_a_whole_segment_or_none() {
    const CREATORS: u32 = 100;
    let directory = tempfile::tempdir_in("/dev/shm").expect("it can be made");
    let mut noise = Noise(3);
    let (mut whole, mut none) = (0, 0);
    for _ in 0..CREATORS {
        let path = directory.path().join("segment");
        let mut creator = Puppet::start("creates and unlinks without pause", &text(&path));
        assert_eq!(creator.line(), "begins");
        thread::sleep(Duration::from_micros(noise.below(2_000)));
        creator.kill();
        let names = fs::read_dir(directory.path()).expect("it is there");
        let names: Vec<_> = names
            .map(|name| name.expect("it is there").path())
            .collect();
        match &names[..] {
            [] => none += 1,
            [one] => {
                assert_eq!(*one, path, "no other name is ever used");
                match Cell::<Small>::attach(&path) {
                    Ok(cell) => assert_eq!(cell.read(), Ok(Small::of(0))),
                    // Killed after it retired the segment.
                    Err(AttachError::NotFound { .. }) => {}
                    Err(other) => panic!("{other}"),
                }
                whole += 1;
            }
            more => panic!("{more:?}"),
        }
        // Whatever it is, the next creator gets by, and at once.
        let options = Cell::<Small>::options(&path).replace(true);
        let writer = options.create().expect("the one before is dead");
        writer.unlink().expect("it is ours");
    }
    report(&format!(
        "{CREATORS} killed creators: {whole} whole segments, {none} times nothing, 0 half-made"
    ));
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
        "writes without pause" => {
            let options = Cell::<Large>::options(&segment).exist_ok(true);
            let mut writer = options.create().expect("the writer before is dead");
            let mut version = writer.version();
            tell(&format!("goes on after {version}"));
            loop {
                version = writer.write(&Large::of(version + 1)).expect("it is ours");
            }
        }
        "creates and unlinks without pause" => {
            tell("begins");
            loop {
                let writer = Cell::<Small>::create(Path::new(&segment)).expect("nobody else does");
                writer.unlink().expect("it is ours");
            }
        }
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

fn text(path: &Path) -> String {
    path.to_str().expect("the test chose it").to_owned()
}
