//! The command line of the generator: the only place that prints and exits.

mod cli;
mod messages;
mod run;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use shm_codegen::problem::Problem;
use shm_codegen::show::Paint;
use shm_schema::Style;

use cli::{Cli, Color};
use messages::Messages;
use run::{End, Stop};

const FINDINGS: u8 = 1;
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stdout = io::stdout().lock();
    let paint = match colour(cli.color, &stdout) {
        true => Paint::Colour,
        false => Paint::Plain,
    };
    let style = match colour(cli.color, &io::stderr()) {
        true => Style::Colour,
        false => Style::Plain,
    };
    let messages = Messages::new(cli.error_format, style);
    let mut out = BufWriter::new(stdout);
    let mut warnings = Vec::new();
    let ended = run::run(&cli, &mut out, paint, messages, &mut warnings);
    let flushed = out.flush().map_err(Stop::Output);
    messages.tell(&messages.reports(&warnings));
    match ended.and_then(|end| flushed.map(|()| end)) {
        Ok(End::Fine) => ExitCode::SUCCESS,
        Ok(End::Findings(remedy)) => {
            messages.tell(&messages.closing(&remedy));
            ExitCode::from(FINDINGS)
        }
        Err(Stop::Problems(problems)) => {
            if !warnings.is_empty() {
                messages.tell(messages.separator());
            }
            messages.tell(&messages.problems(&problems));
            let all_findings = problems.iter().all(Problem::is_finding);
            ExitCode::from(if all_findings { FINDINGS } else { FAILURE })
        }
        // Whoever reads has seen enough, as `| head` does.
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            messages.tell(&messages.problems(&[Problem::Output(error)]));
            ExitCode::from(FAILURE)
        }
    }
}

/// Left to us: on a terminal that can, unless the user asked for none, as
/// <https://no-color.org> has it.
fn colour(when: Color, stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    match when {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => stream.is_terminal() && !set("NO_COLOR") && !dumb(),
    }
}
