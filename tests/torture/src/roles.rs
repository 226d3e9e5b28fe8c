//! The parts that this program plays in processes of its own.

mod clerk;
mod plain;
mod reader;
mod rows;
mod word;
mod writer;

use crate::place::Spelled;
use crate::record::{Which, with_record};
use crate::torture::{LINES, PAGES};
use anyhow::{Result, bail};
use clap::Subcommand;
use reader::read_on;
use std::io::BufRead;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use writer::{create_on, write_on};

pub(crate) use clerk::now_ns;
pub(crate) use plain::{PLAIN_AT, PLAIN_SIZE};

/// See `python/` for the same in Python.
#[derive(Subcommand)]
pub(crate) enum Role {
    /// Writes until it is killed.
    Write { which: Which, place: Spelled },
    /// Creates and unlinks until it is killed.
    Create { which: Which, place: Spelled },
    /// Reads until its input ends.
    Read {
        which: Which,
        place: Spelled,
        /// Takes any record.
        careless: Option<String>,
    },
    /// Writes each row of a table in turn until it is killed.
    WriteRows { which: Which, place: Spelled },
    /// Reads whole tables until its input ends.
    ReadRows { which: Which, place: Spelled },
    /// Does what it is told.
    Clerk,
    /// The control: a seqlock of one copy, written until it is killed.
    PlainWrite { place: Spelled },
    /// The control: a segment that gets its name first.
    PlainCreate { template: Spelled, place: Spelled },
}

impl Role {
    pub(crate) fn play(self) -> Result<()> {
        match self {
            Self::Write { which, place } => with_record!(which, write_on(place.place()?)),
            Self::Create { which, place } => with_record!(which, create_on(place.place()?)),
            Self::Read {
                which,
                place,
                careless,
            } => with_record!(which, read_on(place.place()?, careless.is_some())),
            Self::WriteRows { which, place } => match which {
                Which::Line => rows::write_rows_on(&LINES, place.place()?),
                Which::Page => rows::write_rows_on(&PAGES, place.place()?),
                Which::Block => bail!("there is no table of these"),
            },
            Self::ReadRows { which, place } => match which {
                Which::Line => rows::read_rows_on(&LINES, place.place()?),
                Which::Page => rows::read_rows_on(&PAGES, place.place()?),
                Which::Block => bail!("there is no table of these"),
            },
            Self::Clerk => clerk::serve(),
            Self::PlainWrite { place } => plain::write(&place),
            Self::PlainCreate { template, place } => plain::create(&template, &place),
        }
    }
}

/// A question for each line of the input, until that ends.
fn questions() -> Receiver<()> {
    let (send, asked) = channel();
    // Only a thread can wait for a line while another one reads records.
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            if line.is_err() || send.send(()).is_err() {
                break;
            }
        }
    });
    asked
}

/// One line, at once.
fn say(line: &str) -> Result<()> {
    use std::io::Write;
    let mut output = std::io::stdout().lock();
    output.write_all(format!("{line}\n").as_bytes())?;
    Ok(output.flush()?)
}
