//! The command line of the generator: the only place that prints and exits.

mod cli;
mod run;

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use shm_codegen::problem::Problem;
use shm_codegen::report::{self, Format};
use shm_codegen::show::Paint;
use shm_schema::Style;

use cli::Cli;
use run::{End, Stop};

const FINDINGS: u8 = 1;
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stdout = io::stdout().lock();
    let paint = if colour(&stdout) {
        Paint::Colour
    } else {
        Paint::Plain
    };
    let mut out = BufWriter::new(stdout);
    let mut warnings = Vec::new();
    let ended = run::run(&cli, &mut out, paint, &mut warnings);
    let flushed = out.flush().map_err(Stop::Output);
    if !warnings.is_empty() {
        let (format, style) = (cli.error_format, style());
        let texts = warnings.iter().map(|w| report::render(w, format, style));
        tell(&joined(texts, format));
    }
    match ended.and_then(|end| flushed.map(|()| end)) {
        Ok(End::Fine) => ExitCode::SUCCESS,
        Ok(End::Findings(remedy)) => {
            tell(&format!("{remedy}\n"));
            ExitCode::from(FINDINGS)
        }
        Err(Stop::Problems(problems)) => {
            if !warnings.is_empty() {
                tell(separator(cli.error_format));
            }
            fail(&problems, cli.error_format)
        }
        // Whoever reads has seen enough, as `| head` does.
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Output(error)) => {
            tell(&format!("error: cannot write the output: {error}\n"));
            ExitCode::from(FAILURE)
        }
    }
}

fn fail(problems: &[Problem], format: Format) -> ExitCode {
    let style = style();
    tell(&joined(
        problems.iter().map(|p| p.render(format, style)),
        format,
    ));
    let all_findings = problems.iter().all(Problem::is_finding);
    ExitCode::from(if all_findings { FINDINGS } else { FAILURE })
}

/// How messages are drawn.
fn style() -> Style {
    if colour(&io::stderr()) {
        Style::Colour
    } else {
        Style::Plain
    }
}

/// One text after the other.
fn joined(texts: impl Iterator<Item = String>, format: Format) -> String {
    texts.collect::<Vec<_>>().join(separator(format))
}

/// An empty line sets messages for people apart.
fn separator(format: Format) -> &'static str {
    if format == Format::Human { "\n" } else { "" }
}

/// When even that fails there is nobody left to tell.
fn tell(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// On a terminal that can, unless the user asked for none: <https://no-color.org>
fn colour(stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stream.is_terminal() && !set("NO_COLOR") && !dumb
}
