//! What the runtime costs, beside memcpy and beside its peers.
//!
//! `cargo xtask bench` builds and runs this. A measure is one file in
//! `measure/`, a peer one file in `peer/`; every measure adds lines to one
//! list, which becomes `results.json`, tables and pictures.

mod block;
mod draw;
mod machine;
mod measure;
mod peer;
mod pin;
mod report;
mod results;
mod summary;
mod ticks;
mod turns;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::measure::Measure;
use crate::results::Results;

#[derive(Parser)]
#[command(about = "What the runtime costs, beside memcpy and beside its peers")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measures, and writes `results.json`, `results.md` and pictures.
    Run(Run),
    /// Tables and pictures anew from a `results.json`.
    Draw {
        /// Where `results.json` is and the rest goes.
        folder: PathBuf,
    },
    /// The other process of a measure; ends when its standard input does.
    #[command(hide = true)]
    Write(measure::storm::Child),
}

#[derive(Args)]
struct Run {
    /// Fewer turns and shorter storms.
    #[arg(long)]
    quick: bool,
    /// Only these measures; results of the others are kept.
    #[arg(long, value_delimiter = ',')]
    only: Vec<Measure>,
    /// Where `results.json` and the pictures go.
    #[arg(long)]
    out: PathBuf,
    /// The code generator, for the measures of generation.
    #[arg(long)]
    codegen: Option<PathBuf>,
    /// A Python in which `shm_runtime` is installed, for its measures.
    #[arg(long)]
    python: Option<PathBuf>,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Run(run) => measure_all(&run),
        Task::Draw { folder } => {
            Results::load(&folder).and_then(|results| present(&results, &folder))
        }
        Task::Write(child) => child.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure_all(run: &Run) -> Result<()> {
    let mut results = Results::load(&run.out).unwrap_or_default();
    results.machine = machine::describe();
    let chosen = if run.only.is_empty() {
        Measure::ALL
    } else {
        &run.only
    };
    let plan = measure::Plan {
        quick: run.quick,
        codegen: run.codegen.clone(),
        python: run.python.clone(),
    };
    for &measure in chosen {
        eprintln!("{measure} ...");
        results.replace(measure.title(), measure.run(&plan)?);
        // After each, so that a measure that fails loses no other.
        results.save(&run.out)?;
    }
    present(&results, &run.out)
}

/// Tables on the screen and in a file, pictures.
fn present(results: &Results, folder: &std::path::Path) -> Result<()> {
    let text = report::markdown(results);
    println!("{text}");
    std::fs::write(folder.join("results.md"), &text)?;
    draw::pictures(results, folder)
}
