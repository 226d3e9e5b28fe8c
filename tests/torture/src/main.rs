//! Each promise of `docs/promises.md`, put to the test and counted.
//!
//! The program plays every part itself: the one that pulls the strings
//! (`promises/`), and in processes of their own the writers and readers that
//! are killed, stopped and fed with garbage (`roles/`). The Python parts are
//! in `python/`.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a program, not a library

mod actor;
mod counts;
mod noise;
mod place;
mod promises;
mod record;
mod roles;
mod skip;
mod stage;
mod tally;
mod tracer;
mod writers;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use counts::Counts;
use promises::Promise;
use stage::Stage;

shm_runtime::include_schema!("torture.yaml");

#[derive(Parser)]
#[command(
    name = "cargo xtask torture",
    about = "Puts each promise to the test and prints its count"
)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,

    /// Only these.
    #[arg(value_enum)]
    promises: Vec<Promise>,
    #[command(flatten)]
    counts: Counts,
    /// Where the generated `torture.py` lies, and the runtime beside it.
    #[arg(long)]
    bindings: Option<PathBuf>,
    /// The Python of the Python parts.
    #[arg(long, default_value = "python3")]
    python: PathBuf,
    /// `torn` alone: an emulator and this program for its processor, each
    /// word of the command parted by a space.
    #[arg(long, value_name = "COMMAND")]
    emulated: Option<String>,
}

#[derive(Subcommand)]
enum Part {
    /// A part that this program plays for itself.
    #[command(hide = true)]
    Play {
        #[command(subcommand)]
        role: roles::Role,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.part {
        Some(Part::Play { role }) => role.play(),
        None => torture(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Every promise that was asked for, also after one that was broken.
fn torture(arguments: &Arguments) -> Result<()> {
    let stage = Stage::new(
        &arguments.python,
        arguments.bindings.as_deref(),
        arguments.emulated.as_deref(),
    )?;
    let all = Promise::all();
    let asked = match arguments.promises.as_slice() {
        [] => all.as_slice(),
        some => some,
    };
    let mut broken = Vec::new();
    for promise in asked {
        let began = Instant::now();
        match promise.run(&stage, &arguments.counts) {
            Ok(lines) => {
                for line in lines {
                    println!("{promise}: {line}");
                }
            }
            Err(error) => {
                eprintln!("{promise}: broken: {error:#}");
                broken.push(promise.to_string());
            }
        }
        println!("{promise}: {:.1} s", began.elapsed().as_secs_f64());
    }
    if !broken.is_empty() {
        bail!("broken: {}", broken.join(", "));
    }
    Ok(())
}
