//! A writer that is stopped stops no reader, and a reader that is stopped
//! does not stop the writer.

use super::kill::sequence;
use crate::actor::{signal, until_state};
use crate::counts::Counts;
use crate::noise::Noise;
use crate::place::Spelled;
use crate::record::{Numbered, Which};
use crate::stage::{Language, Stage};
use crate::tally::Tally;
use crate::torture::Block;
use crate::writers::Writers;
use anyhow::{Result, ensure};
use rustix::process::Signal;
use shm_runtime::{Cell, CreateError};
use std::fs::File;
use std::thread;
use std::time::Duration;

/// Records that take long to write, so that many stops meet a write.
const WHICH: Which = Which::Block;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for language in Language::BOTH {
        lines.push(writers_stopped(stage, counts, language)?);
    }
    for language in Language::BOTH {
        lines.push(readers_stopped(stage, counts, language)?);
    }
    Ok(lines)
}

/// How long the n-th stop lasts: some of them seconds.
fn pause(counts: &Counts, stop: u64) -> Duration {
    match stop {
        1 if counts.is_short() => Duration::from_millis(300),
        n if n % 250 == 1 && !counts.is_short() => Duration::from_secs(3),
        _ => Duration::from_millis(2),
    }
}

fn writers_stopped(stage: &Stage, counts: &Counts, language: Language) -> Result<String> {
    let path = stage.path(&format!("stop-{language}-writer"));
    let place = Spelled::path(&path);
    let mut writers = Writers::new(stage)?;
    let writer = writers.start(language, "write", WHICH, &place)?;
    let cell = Cell::<Block>::attach(&path)?;
    let file = File::open(&path)?;
    let row = cell.info().size_bytes() - WHICH.stride();
    let mut readers = Vec::new();
    for reads in Language::BOTH {
        readers.push(stage.reader(reads, WHICH, &place, false)?);
    }
    let mut noise = Noise::new(counts.seed);
    let (stops, mut mid_write) = (counts.stops() / 2, 0);
    for stop in 0..stops {
        thread::sleep(Duration::from_micros(noise.below(2_000)));
        signal(writer.pid, Signal::STOP)?;
        until_state(writer.pid, 'T')?;
        mid_write += sequence(&file, row)? & 1;
        let before: Result<Vec<_>> = readers.iter_mut().map(Tally::of).collect();
        thread::sleep(pause(counts, stop));
        for (reader, before) in readers.iter_mut().zip(before?) {
            let mut now = Tally::of(reader)?;
            // On a busy machine it may not have had its turn.
            while now.reads <= before.reads {
                now = Tally::of(reader)?;
            }
        }
        let snapshot = cell.snapshot()?;
        ensure!(snapshot.value.number() == Some(snapshot.version), "torn");
        ensure!(cell.writer_alive(), "stopped is not dead");
        match Cell::<Block>::options(&path).exist_ok(true).create() {
            Err(CreateError::WriterBusy { pid, .. }) if pid == writer.pid => {}
            other => anyhow::bail!("a second writer beside a stopped one: {other:?}"),
        }
        signal(writer.pid, Signal::CONT)?;
    }
    let mut reads = 0;
    for reader in readers {
        let tally = Tally::at_end(reader)?;
        ensure!(tally.stalled == 0, "{} reads were given up", tally.stalled);
        reads += tally.reads;
    }
    writers.kill(writer)?;
    Ok(format!(
        "{language} writer stopped {stops} times, {mid_write} of them mid-write: both languages \
         read on each time, {reads} reads, 0 torn, 0 stuck"
    ))
}

fn readers_stopped(stage: &Stage, counts: &Counts, language: Language) -> Result<String> {
    let path = stage.path(&format!("stop-{language}-reader"));
    let place = Spelled::path(&path);
    let mut writers = Writers::new(stage)?;
    let by = match language {
        Language::Rust => Language::Python,
        Language::Python | Language::Emulated => Language::Rust,
    };
    let writer = writers.start(by, "write", WHICH, &place)?;
    let cell = Cell::<Block>::attach(&path)?;
    let reader = stage.reader(language, WHICH, &place, false)?;
    let mut noise = Noise::new(counts.seed);
    let stops = counts.stops() / 2;
    for stop in 0..stops {
        thread::sleep(Duration::from_micros(noise.below(2_000)));
        signal(reader.pid(), Signal::STOP)?;
        until_state(reader.pid(), 'T')?;
        let before = cell.version();
        thread::sleep(pause(counts, stop));
        while cell.version() <= before {
            ensure!(cell.writer_alive(), "the writer ended");
            thread::yield_now();
        }
        signal(reader.pid(), Signal::CONT)?;
    }
    let tally = Tally::at_end(reader)?;
    let written = cell.version();
    writers.kill(writer)?;
    Ok(format!(
        "{language} reader stopped {stops} times: the {by} writer went on each time, {written} \
         versions; then {} reads, 0 torn",
        tally.reads
    ))
}
