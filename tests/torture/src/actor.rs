//! A process that plays a part, spoken with by lines.

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Far longer than anything takes on a slow machine: what does not answer for
/// so long is stuck.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(60);

/// A running part, killed at the end.
pub(crate) struct Actor {
    name: String,
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Actor {
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let output = child.stdout.take().context("it was piped")?;
        let (send, lines) = channel();
        // Only a thread can wait for a line and give up waiting.
        thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let Ok(line) = line else { break };
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        Ok(Self {
            name: name.to_owned(),
            child,
            input,
            lines,
        })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.input.as_mut().context("it was told to end")?;
        // At once: who reads it in two pieces makes a system call more, and
        // the tracer counts them.
        let said = input.write_all(format!("{line}\n").as_bytes());
        said.with_context(|| format!("{} is gone", self.name))
    }

    /// The next line; an error when it ends or is stuck.
    pub(crate) fn line(&mut self) -> Result<String> {
        match self.lines.recv_timeout(WATCHDOG) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => bail!("{} is stuck", self.name),
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.child.wait()?;
                bail!("{} ended with {status}", self.name)
            }
        }
    }

    /// A question and its answer.
    pub(crate) fn ask(&mut self, line: &str) -> Result<String> {
        self.tell(line)?;
        self.line()
    }

    pub(crate) fn expect(&mut self, line: &str, answer: &str) -> Result<()> {
        let found = self.ask(line)?;
        ensure!(
            found == answer,
            "{}: `{line}`: found `{found}`, expected `{answer}`",
            self.name
        );
        Ok(())
    }

    /// Closes its input and waits for its end.
    pub(crate) fn end(mut self) -> Result<ExitStatus> {
        self.input = None;
        self.wait()
    }

    /// Waits until it ends by itself.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(began.elapsed() < WATCHDOG, "{} does not end", self.name);
            thread::sleep(Duration::from_micros(100));
        }
    }

    /// SIGKILL, and waits for its end.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a signal to a process, which need not be a child of ours.
pub(crate) fn signal(pid: u32, signal: Signal) -> Result<()> {
    let pid = Pid::from_raw(pid as i32).context("0 is no process")?;
    kill_process(pid, signal).context("the process is gone")
}

/// Waits until a process is in the state of this letter: `T` once it was sent
/// SIGSTOP, `S` while it waits for something.
pub(crate) fn until_state(pid: u32, state: char) -> Result<()> {
    let began = Instant::now();
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // It follows the name, which stands in brackets.
        if stat
            .rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with(state))
        {
            return Ok(());
        }
        ensure!(
            began.elapsed() < WATCHDOG,
            "{pid} does not come to state {state}"
        );
        thread::yield_now();
    }
}
