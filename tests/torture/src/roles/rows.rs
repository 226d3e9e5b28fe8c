//! Tables that are written and read without pause, by those who read them
//! whole.

use super::{questions, say};
use crate::actor::WATCHDOG;
use crate::record::Numbered;
use anyhow::{Result, bail};
use shm_runtime::{Place, ReadError, TableSpec};
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

/// Writes each row in turn until it is killed; every word of a row is its
/// version.
pub(super) fn write_rows_on<T: Numbered>(spec: &TableSpec<T>, place: Place) -> Result<()> {
    let mut table = spec.options_at(place).exist_ok(true).create()?;
    // A writer that was killed may have left rows of two versions.
    let found = table.row(0).version()?;
    say(&format!("{} {found}", std::process::id()))?;
    loop {
        for row in 0..table.rows() {
            let version = table.row(row).version()?;
            table.row_mut(row).write(&T::of(version + 1))?;
        }
    }
}

/// Answers each line with `reads retries stalled slowest last`: reads of whole
/// tables, the slowest in microseconds, the newest row.
pub(super) fn read_rows_on<T: Numbered>(spec: &TableSpec<T>, place: Place) -> Result<()> {
    let table = spec.options_at(place).wait(WATCHDOG).attach()?;
    let asked = questions();
    let mut rows = vec![T::zeroed(); table.rows() as usize];
    let mut last = vec![0; rows.len()];
    let (mut reads, mut retries, mut stalled) = (0_u64, 0_u64, 0_u64);
    let mut slowest = Duration::ZERO;
    say("reading")?;
    loop {
        let began = Instant::now();
        match table.read_all(&mut rows) {
            Ok(again) => retries += again,
            Err(ReadError::Stalled { .. }) => {
                stalled += 1;
                continue;
            }
            Err(other) => return Err(other.into()),
        }
        slowest = slowest.max(began.elapsed());
        reads += 1;
        for (row, (record, last)) in rows.iter().zip(&mut last).enumerate() {
            match record.number() {
                Some(version) if version >= *last => *last = version,
                found => {
                    say("torn")?;
                    bail!("row {row} is {found:?} after {last}");
                }
            }
        }
        match asked.try_recv() {
            Ok(()) => say(&format!(
                "{reads} {retries} {stalled} {} {}",
                slowest.as_micros(),
                last.iter().max().unwrap_or(&0)
            ))?,
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}
