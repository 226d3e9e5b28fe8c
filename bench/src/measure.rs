//! The measures, one file each.

mod attach;
mod cold;
mod derive;
mod generate;
mod made;
mod pause;
mod python;
mod readers;
mod row;
mod spread;
pub(crate) mod storm;
mod table;
mod warm;

use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;

use crate::measure::python::Mode;
use crate::pin;
use crate::results::{Goal, Interpreter, Line};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// A record that is in the reader's cache.
    Read,
    /// Publishing a record again and again.
    Write,
    /// Publishing a record that was just made.
    Fresh,
    /// One field of a record.
    Get,
    /// A record that another core has just written.
    Cold,
    /// A record that was not read for a while.
    Pause,
    /// Readers beside a writer that never pauses, in one process.
    Storm,
    /// The same between two processes.
    StormAcross,
    /// Readers beside 10,000 writes a second from another process.
    Paced,
    /// The same beside 1,000,000 writes a second, which the slowest writer of
    /// the peers can keep up: so all of them are read beside as many.
    PacedFast,
    /// Two readers beside one.
    Readers,
    /// How single reads are spread, hot and after pauses.
    Spread,
    /// Attaching to a segment.
    Attach,
    /// A whole table of 64-byte records.
    Table,
    /// One row of a table.
    Row,
    /// Generating code for large schemas.
    Generate,
    /// What the derive adds to a build.
    Derive,
    /// Python, again and again.
    PythonHot,
    /// Python, once after other work.
    PythonSpin,
    /// Python, once after a sleep.
    PythonSleep,
}

/// What a measure found.
pub(crate) struct Measured {
    pub(crate) lines: Vec<Line>,
    /// Of a measure that knows its goals itself.
    pub(crate) goals: Vec<Goal>,
    /// The Python that it ran in.
    pub(crate) interpreter: Option<Interpreter>,
}

impl From<Vec<Line>> for Measured {
    fn from(lines: Vec<Line>) -> Self {
        Self {
            lines,
            goals: Vec::new(),
            interpreter: None,
        }
    }
}

/// How thoroughly.
pub(crate) struct Plan {
    pub(crate) quick: bool,
    pub(crate) codegen: Option<PathBuf>,
    /// A Python in which the package is installed.
    pub(crate) python: Option<PathBuf>,
}

impl Plan {
    /// `full`, or a part of it.
    fn turns(&self, full: usize) -> usize {
        if self.quick { (full / 5).max(6) } else { full }
    }
}

impl Measure {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Read,
        Self::Write,
        Self::Fresh,
        Self::Get,
        Self::Cold,
        Self::Pause,
        Self::Storm,
        Self::StormAcross,
        Self::Paced,
        Self::PacedFast,
        Self::Readers,
        Self::Spread,
        Self::Attach,
        Self::Table,
        Self::Row,
        Self::Generate,
        Self::Derive,
        Self::PythonHot,
        Self::PythonSpin,
        Self::PythonSleep,
    ];

    /// As results and tables name it.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Read => "warm read",
            Self::Write => "warm write",
            Self::Fresh => "write of what was just made",
            Self::Get => "one field",
            Self::Cold => "cold read",
            Self::Pause => "read after a sleep",
            Self::Storm => "read beside a writer without pause, threads",
            Self::StormAcross => "read beside a writer without pause, processes",
            Self::Paced => "read beside 10,000 writes a second, processes",
            Self::PacedFast => "read beside 1,000,000 writes a second, processes",
            Self::Readers => "two readers",
            Self::Spread => "single reads, hot and after pauses",
            Self::Attach => "attach",
            Self::Table => "whole table",
            Self::Row => "one row of a table",
            Self::Generate => "generate",
            Self::Derive => "derive",
            Self::PythonHot => "Python, hot",
            Self::PythonSpin => "Python, after 10 ms of other work",
            Self::PythonSleep => "Python, after 10 ms of sleep",
        }
    }

    pub(crate) fn run(self, plan: &Plan) -> Result<Measured> {
        pin::free();
        let lines = match self {
            Self::Read => warm::read(plan),
            Self::Write => warm::write(plan),
            Self::Fresh => warm::fresh(plan),
            Self::Get => warm::get(plan),
            Self::Cold => cold::run(plan),
            Self::Pause => pause::run(plan),
            Self::Storm => storm::threads(plan),
            Self::StormAcross => storm::processes(plan, None),
            Self::Paced => storm::processes(plan, Some(10_000)),
            Self::PacedFast => storm::processes(plan, Some(1_000_000)),
            Self::Readers => readers::run(plan),
            Self::Spread => spread::run(plan),
            Self::Attach => attach::run(plan),
            Self::Table => table::run(plan),
            Self::Row => row::run(plan),
            Self::Generate => generate::run(plan),
            Self::Derive => derive::run(plan),
            Self::PythonHot => return python::run(plan, Mode::Hot),
            Self::PythonSpin => return python::run(plan, Mode::Spin),
            Self::PythonSleep => return python::run(plan, Mode::Sleep),
        };
        lines.map(Measured::from)
    }

    /// Whether it is the Python package that measures.
    pub(crate) fn is_python(self) -> bool {
        matches!(self, Self::PythonHot | Self::PythonSpin | Self::PythonSleep)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}
