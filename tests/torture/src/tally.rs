//! What a reader says of itself.

use crate::actor::Actor;
use anyhow::{Result, bail, ensure};
use std::thread;
use std::time::Duration;

/// The answer of a reader.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) reads: u64,
    pub(crate) retries: u64,
    pub(crate) stalled: u64,
    /// In microseconds.
    pub(crate) slowest: u64,
    pub(crate) last: u64,
}

impl Tally {
    /// Asks a reader, which answers within the watchdog's time and ends at
    /// a torn record.
    pub(crate) fn of(reader: &mut Actor) -> Result<Self> {
        let line = reader.ask("?")?;
        let numbers: Vec<u64> = line.split(' ').flat_map(str::parse).collect();
        let [reads, retries, stalled, slowest, last] = numbers[..] else {
            bail!("a reader said `{line}`");
        };
        Ok(Self {
            reads,
            retries,
            stalled,
            slowest,
            last,
        })
    }

    /// The last answer of a reader, after so many reads.
    pub(crate) fn after(mut reader: Actor, reads: u64) -> Result<Self> {
        while Self::of(&mut reader)?.reads < reads {
            thread::sleep(Duration::from_millis(10));
        }
        Self::at_end(reader)
    }

    /// The last answer of a reader, which then ends well.
    pub(crate) fn at_end(mut reader: Actor) -> Result<Self> {
        let tally = Self::of(&mut reader)?;
        let status = reader.end()?;
        ensure!(status.success(), "a reader ended with {status}");
        Ok(tally)
    }
}
