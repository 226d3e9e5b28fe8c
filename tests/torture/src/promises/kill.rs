//! A writer killed at any moment tears nothing, stops nobody and loses no
//! version, whichever languages write and read.

use crate::actor::Actor;
use crate::counts::Counts;
use crate::noise::Noise;
use crate::place::Spelled;
use crate::record::{Numbered, Which, with_record};
use crate::roles::{PLAIN_AT, PLAIN_SIZE};
use crate::stage::{Language, Stage};
use crate::tally::Tally;
use crate::writers::Writers;
use anyhow::{Context, Result, ensure};
use shm_runtime::Cell;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// A writer is killed this soon at the latest.
const LIFE_US: u64 = 3_000;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for which in Which::ALL {
        lines.push(with_record!(which, kill(stage, counts, which))?);
    }
    lines.push(control(stage, counts)?);
    Ok(lines)
}

fn kill<T: Numbered>(stage: &Stage, counts: &Counts, which: Which) -> Result<String> {
    let path = stage.path(&format!("kill-{}", which.as_str()));
    let place = Spelled::path(&path);
    drop(Cell::<T>::create(&path)?);
    let cell = Cell::<T>::attach(&path)?;
    let file = File::open(&path)?;
    let mut readers = Vec::new();
    for language in Language::BOTH {
        readers.push((language, stage.reader(language, which, &place, false)?));
    }

    let mut writers = Writers::new(stage)?;
    let mut noise = Noise::new(counts.seed);
    let kills = counts.kills() / Which::ALL.len() as u64;
    let (mut mid_write, mut by_python, mut slowest) = (0, 0, Duration::ZERO);
    let mut before = 0;
    for kill in 0..kills {
        let language = noise.pick(&Language::BOTH);
        // Its create succeeds at once, or this is an error.
        let writer = writers.start(language, "write", which, &place)?;
        ensure!(
            writer.found == before,
            "kill {kill}: {language} goes on after {}, not {before}",
            writer.found
        );
        thread::sleep(Duration::from_micros(noise.below(LIFE_US)));
        writers.kill(writer)?;
        by_python += u64::from(language == Language::Python);

        let sequence = sequence(&file, cell.info().size_bytes() - which.stride())?;
        mid_write += sequence & 1;
        ensure!(sequence >> 1 >= before, "kill {kill}: a version is lost");
        before = sequence >> 1;
        let snapshot = cell.snapshot().context("the published record is gone")?;
        ensure!(
            (snapshot.version, snapshot.value.number()) == (before, Some(before)),
            "kill {kill}: the published record is torn"
        );
        ensure!(!cell.writer_alive(), "kill {kill}: the dead hold the lock");

        let began = Instant::now();
        let mut next = Cell::<T>::options(&path).exist_ok(true).create()?;
        slowest = slowest.max(began.elapsed());
        before = next.write(&T::of(before + 1))?;
    }
    let mut told = Vec::new();
    for (language, reader) in readers {
        told.push(at_end(language, reader)?);
    }
    if kills >= 20 {
        ensure!(mid_write > 0, "no kill met a write");
    }
    Ok(format!(
        "{which:?}: {kills} writers killed ({} rust, {by_python} python), {mid_write} of them \
         mid-write; {}; 0 torn, 0 stuck; the next writer went on {kills} times, at the latest \
         after {} us; version {before}",
        kills - by_python,
        told.join(", "),
        slowest.as_micros()
    ))
}

fn at_end(language: Language, reader: Actor) -> Result<String> {
    let tally = Tally::at_end(reader)?;
    ensure!(tally.stalled == 0, "{} reads were given up", tally.stalled);
    Ok(format!(
        "{} {language} reads, {} retries, slowest {} us",
        tally.reads, tally.retries, tally.slowest
    ))
}

pub(super) fn sequence(file: &File, at: u64) -> Result<u64> {
    let mut bytes = [0; 8];
    file.read_exact_at(&mut bytes, at)?;
    Ok(u64::from_le_bytes(bytes))
}

/// A seqlock of one copy under the same kills: it must be found stuck and
/// torn, or the test above could not find that either.
fn control(stage: &Stage, counts: &Counts) -> Result<String> {
    let path = stage.path("kill-plain");
    fs::write(&path, vec![0; PLAIN_AT as usize + PLAIN_SIZE])?;
    let place = Spelled::path(&path);
    let mut noise = Noise::new(counts.seed);
    let kills = (counts.kills() / 10).max(20);
    let (mut stuck, mut torn) = (0, 0);
    for _ in 0..kills {
        let arguments = ["plain-write", place.as_str()];
        let mut writer = Actor::start("the plain writer", &mut stage.rust(&arguments))?;
        writer.line()?;
        thread::sleep(Duration::from_micros(noise.below(LIFE_US)));
        writer.kill()?;
        let (is_stuck, is_torn) = plain_read(&path)?;
        stuck += u64::from(is_stuck);
        torn += u64::from(is_torn);
    }
    ensure!(stuck > 0 && torn > 0, "a seqlock of one copy passed unseen");
    Ok(format!(
        "control, a seqlock of one copy: after {kills} kills readers were stuck {stuck} times, \
         over a torn record {torn} times"
    ))
}

/// Whether a reader would wait for ever, and whether the record is torn.
fn plain_read(path: &Path) -> Result<(bool, bool)> {
    let file = File::open(path)?;
    let is_stuck = sequence(&file, 0)? & 1 == 1;
    let mut record = vec![0; PLAIN_SIZE];
    file.read_exact_at(&mut record, PLAIN_AT)?;
    let is_torn = record.chunks_exact(8).any(|word| word != &record[..8]);
    Ok((is_stuck, is_torn))
}
