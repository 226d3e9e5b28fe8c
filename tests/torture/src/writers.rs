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

/// One that writes without pause.
pub(crate) struct Writer {
    pub(crate) pid: u32,
    /// The version it found, and goes on from.
    pub(crate) found: u64,
    /// The process, unless it is the nursery's.
    actor: Option<Actor>,
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
        let (line, actor) = match language {
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
        Ok(Writer { pid, found, actor })
    }

    /// SIGKILL, and waits for its end.
    pub(crate) fn kill(&mut self, writer: Writer) -> Result<()> {
        match writer.actor {
            Some(actor) => actor.kill(),
            None => {
                signal(writer.pid, Signal::KILL)?;
                let line = self.nursery.line()?;
                ensure!(line == "ended", "the python nursery: {line}");
                Ok(())
            }
        }
    }
}
