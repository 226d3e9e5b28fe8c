//! The promises, one file each. What each does and counts stands in
//! `docs/promises.md`.

mod broken;
mod create;
mod faults;
mod files;
mod hostile;
mod kill;
mod lives;
mod stop;
mod torn;
mod vandal;

use crate::counts::Counts;
use crate::stage::Stage;
use anyhow::Result;
use clap::ValueEnum;
use std::fmt::{self, Display};

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Promise {
    /// A reader never gets a torn record.
    Torn,
    /// A writer killed at any moment stops nobody and loses nothing.
    Kill,
    /// A writer that is stopped stops no reader, nor a reader the writer.
    Stop,
    /// One creator wins, and nobody sees half a segment.
    Create,
    /// Full, cut, odd, foreign and forbidden files are errors.
    Files,
    /// Every system call may fail, and may be the last.
    Faults,
    /// Hostile bytes are an error or a value, the same in both languages.
    Hostile,
    /// Bytes that are overwritten while they are read crash nobody.
    Vandal,
    /// Python processes may fork, exit and be interrupted at any moment.
    Lives,
    /// A runtime that is broken on purpose breaks its promise; long form only.
    Broken,
}

impl Promise {
    pub(crate) fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// Puts it to the test; returns the lines with its counts.
    pub(crate) fn run(self, stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
        match self {
            Self::Torn => torn::run(stage, counts),
            Self::Kill => kill::run(stage, counts),
            Self::Stop => stop::run(stage, counts),
            Self::Create => create::run(stage, counts),
            Self::Files => files::run(stage, counts),
            Self::Faults => faults::run(stage, counts),
            Self::Hostile => hostile::run(stage, counts),
            Self::Vandal => vandal::run(stage, counts),
            Self::Lives => lives::run(stage, counts),
            Self::Broken => broken::run(stage, counts),
        }
    }
}

impl Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
