//! Writers that can be killed by the thousand, in either language.

use crate::actor::{Actor, signal};
use crate::place::Spelled;
use crate::record::Which;
use crate::stage::{Language, Stage};
use anyhow::{Context, Result, ensure};
use rustix::process::Signal;

/// Starts them; the Python ones are forked from one interpreter.
pub(crate) struct Writers<'a> {
    stage: &'a Stage,
    nursery: Actor,
}

/// One that writes without pause, killed at the end.
pub(crate) struct Writer {
    pub(crate) pid: u32,
    /// The version it found, and goes on from.
    pub(crate) found: u64,
    process: Process,
}

enum Process {
    Ours(Actor),
    Forked(Forked),
}

/// A child of the nursery, by its pid. A nursery that is killed leaves it
/// behind, and it would write for ever.
struct Forked(u32);

impl Drop for Forked {
    fn drop(&mut self) {
        // It may have ended by itself; the nursery says so.
        let _ = signal(self.0, Signal::KILL);
    }
}

impl<'a> Writers<'a> {
    pub(crate) fn new(stage: &'a Stage) -> Result<Self> {
        let mut command = stage.python("writer.py", &[]);
        let nursery = Actor::start("the python nursery", &mut command)?;
        Ok(Self { stage, nursery })
    }

    /// `what` is `write` or `create`.
    pub(crate) fn start(
        &mut self,
        language: Language,
        what: &str,
        which: Which,
        place: &Spelled,
    ) -> Result<Writer> {
        let (line, ours) = match language {
            Language::Rust | Language::Emulated => {
                let arguments = [what, which.as_str(), place.as_str()];
                let mut command = self.stage.own(language, &arguments)?;
                let mut actor = Actor::start(&format!("the {language} writer"), &mut command)?;
                (actor.line()?, Some(actor))
            }
            Language::Python => {
                let order = format!("fork-{what} {} {}", which.as_str(), place.as_str());
                (self.nursery.ask(&order)?, None)
            }
        };
        let numbers = line.split_once(' ');
        let (pid, found) = numbers.with_context(|| format!("a writer said `{line}`"))?;
        let parsed = pid.parse().and_then(|pid| Ok((pid, found.parse()?)));
        let (pid, found) = parsed.with_context(|| format!("a writer said `{line}`"))?;
        let process = match ours {
            Some(actor) => Process::Ours(actor),
            None => Process::Forked(Forked(pid)),
        };
        Ok(Writer {
            pid,
            found,
            process,
        })
    }

    /// SIGKILL, and waits for its end.
    pub(crate) fn kill(&mut self, writer: Writer) -> Result<()> {
        match writer.process {
            Process::Ours(actor) => actor.kill(),
            Process::Forked(forked) => {
                drop(forked);
                let line = self.nursery.line()?;
                ensure!(line == "ended", "the python nursery: {line}");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    #[test]
    fn a_forked_writer_ends_with_who_holds_it() -> Result<()> {
        let mut child = Command::new("sleep").arg("1000").spawn()?;
        drop(Forked(child.id()));
        assert_eq!(child.wait()?.signal(), Some(9));
        Ok(())
    }
}
