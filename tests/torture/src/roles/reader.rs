//! Readers that never pause.

use super::{questions, say};
use crate::actor::WATCHDOG;
use crate::record::Numbered;
use anyhow::{Result, bail};
use shm_runtime::{Cell, Place, ReadError};
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

/// Answers each line with `reads retries stalled slowest last`, the slowest
/// read in microseconds.
pub(super) fn read_on<T: Numbered>(place: Place, careless: bool) -> Result<()> {
    let cell = Cell::<T>::options(place).wait(WATCHDOG).attach()?;
    let asked = questions();
    let (mut reads, mut retries, mut stalled, mut last) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut slowest = Duration::ZERO;
    say("reading")?;
    loop {
        for _ in 0..100 {
            let began = Instant::now();
            let snapshot = match cell.snapshot() {
                Ok(snapshot) => snapshot,
                Err(ReadError::Stalled { .. }) => {
                    stalled += 1;
                    continue;
                }
                Err(ReadError::Retired { .. }) if careless => continue,
                Err(other) => return Err(other.into()),
            };
            slowest = slowest.max(began.elapsed());
            reads += 1;
            retries += u64::from(snapshot.retries);
            if careless {
                continue;
            }
            if snapshot.value.number() != Some(snapshot.version) {
                say("torn")?;
                bail!("version {} is torn", snapshot.version);
            }
            if snapshot.version < last {
                say(&format!("version {} after {last}", snapshot.version))?;
                bail!("version {} was read after {last}", snapshot.version);
            }
            last = snapshot.version;
        }
        match asked.try_recv() {
            Ok(()) => say(&format!(
                "{reads} {retries} {stalled} {} {last}",
                slowest.as_micros()
            ))?,
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Ok(()),
        }
    }
}
