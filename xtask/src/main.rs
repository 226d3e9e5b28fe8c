//! `cargo xtask demo | test | torture | bench | fresh`: what the README promises in
//! one word each, and nothing clever.

#![allow(clippy::print_stdout, clippy::print_stderr)] // a program, not a library

mod bench;
mod demo;
mod fresh;
mod interpreters;
mod project;
mod skips;
mod slow_get;
mod step;
mod test;
mod torture;
mod venv;
mod wheel;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Runs the project's main job and its tests"
)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// A Rust process writes a market, a Python process shows and checks it.
    Demo {
        /// How long to show it.
        #[arg(long, default_value_t = 5.0)]
        seconds: f64,
        /// Records to write each second.
        #[arg(long, default_value_t = 10_000)]
        rate: u64,
    },
    /// Every test: Rust, the model checker, Python, both languages together.
    Test,
    /// Each promise of `docs/promises.md` in its long form, counted.
    #[command(disable_help_flag = true)]
    Torture {
        /// Which promises, and how often; `--help` says what can be counted.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// What reads and writes cost in Rust and Python, beside memcpy and others.
    Bench {
        /// Fewer turns and shorter storms.
        #[arg(long)]
        quick: bool,
        /// Leaves out the peer whose build wants libclang.
        #[arg(long)]
        without_iceoryx2: bool,
        /// Only these measures, as `bench --only help` lists them, or `python`.
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
    },
    /// Why a `get()` in Python is slow after a pause, and what helps.
    #[command(disable_help_flag = true)]
    SlowGet {
        /// What to measure; `--help` says what there is.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Writes the Python wheel to `target/wheels`.
    Wheel {
        /// Also tests it, with the oldest and the newest Python here.
        #[arg(long)]
        test: bool,
    },
    /// Makes the generated files in the tree anew.
    Fresh {
        /// Only say which of them are stale.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Demo { seconds, rate } => demo::run(seconds, rate),
        Task::Test => test::run(),
        Task::Torture { arguments } => torture::run(&arguments, &project::python()),
        Task::Bench {
            quick,
            without_iceoryx2,
            only,
        } => bench::run(quick, without_iceoryx2, &only),
        Task::SlowGet { arguments } => slow_get::run(&arguments),
        Task::Wheel { test: true } => test::wheel_alone(),
        Task::Wheel { test: false } => wheel::build().map(|wheel| println!("{}", wheel.display())),
        Task::Fresh { check } => fresh::run(check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
