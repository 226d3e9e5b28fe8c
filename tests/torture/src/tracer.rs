//! `strace`, which sees the system calls of a part and makes them fail.

use crate::actor::{WATCHDOG, until_state};
use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Instant;

/// What happens to a system call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// It is not made, and says this.
    Fails(&'static str),
    /// The process is killed when it is made.
    Kills,
}

/// A system call that a part makes between one answer and the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// How many of this name came before, and one.
    pub(crate) number: u32,
    /// Its arguments and what it gave, as strace prints them.
    pub(crate) rest: String,
}

/// A running strace; it lets go of the part when it is dropped.
pub(crate) struct Tracer {
    child: Child,
    log: PathBuf,
    // Held, so that strace can go on speaking.
    _said: BufReader<ChildStderr>,
}

impl Tracer {
    /// Whether there is a strace, and if not, why.
    pub(crate) fn missing() -> Option<String> {
        match Command::new("strace").arg("-V").output() {
            Ok(output) if output.status.success() => None,
            Ok(output) => Some(output.status.to_string()),
            Err(error) => Some(format!("strace: {error}")),
        }
    }

    /// Attaches to a part that waits for its next line.
    pub(crate) fn attach(pid: u32, log: PathBuf, fault: Option<(&Call, Fault)>) -> Result<Self> {
        let mut command = Command::new("strace");
        command.arg("-p").arg(pid.to_string()).arg("-o").arg(&log);
        if let Some((call, fault)) = fault {
            let Call { name, number, .. } = call;
            let what = match fault {
                Fault::Fails(errno) => format!("error={errno}"),
                Fault::Kills => "signal=KILL".to_owned(),
            };
            command.arg(format!("--trace={name}"));
            command.arg(format!("--inject={name}:{what}:when={number}"));
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start strace")?;
        let mut said = BufReader::new(child.stderr.take().context("it was piped")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        if !line.contains("attached") {
            let _ = child.wait();
            bail!("{}", line.trim());
        }
        // The read that the part waits in is cut off and begun again, and so
        // is the first call that is seen; a line that came before would be
        // taken without it.
        until_state(pid, 'S')?;
        Ok(Self {
            child,
            log,
            _said: said,
        })
    }

    /// Lets go of the part; what it saw, a call a line.
    pub(crate) fn end(mut self) -> Result<String> {
        if let Some(pid) = Pid::from_raw(self.child.id() as i32) {
            // It may have ended with the part already.
            let _ = kill_process(pid, Signal::INT);
        }
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(began.elapsed() < WATCHDOG, "strace does not end");
            std::thread::yield_now();
        }
        Ok(fs::read_to_string(&self.log)?)
    }
}

impl Drop for Tracer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Call {
    /// The calls of a log, those apart by which a part is told what to do and
    /// answers, and those that do not come back.
    pub(crate) fn all(log: &str) -> Vec<Self> {
        let mut calls: Vec<Self> = Vec::new();
        // Who pauses the whole run cuts off the read that the part waits in; it
        // is begun again and would be counted twice, as in no other run.
        for line in log.lines().filter(|line| !line.contains(" = ? ERESTART")) {
            let Some((name, rest)) = line.split_once('(') else {
                continue;
            };
            let before = calls.iter().filter(|call| call.name == name).count();
            calls.push(Self {
                name: name.to_owned(),
                number: before as u32 + 1,
                rest: rest.to_owned(),
            });
        }
        calls.retain(|call| !call.is_of_the_stage());
        calls
    }

    /// Whether it is the call that the fault of this log came to: the last of
    /// its name that failed or was killed, and of the same first argument.
    pub(crate) fn is_last_in(&self, log: &str) -> bool {
        // Addresses differ from run to run.
        let begins = |rest: &str| match rest.split([',', ')']).next() {
            Some(address) if address.starts_with("0x") => None,
            first => first.map(str::to_owned),
        };
        let mut lines = log.lines().rev();
        let hit = match log.contains("(INJECTED)") {
            true => lines.find(|line| line.contains("(INJECTED)")),
            false if log.contains("killed by SIGKILL") => {
                lines.find(|line| line.starts_with(&self.name))
            }
            false => None,
        };
        let hit = hit.and_then(|line| line.split_once('('));
        hit.is_some_and(|(name, rest)| name == self.name && begins(rest) == begins(&self.rest))
    }

    fn is_of_the_stage(&self) -> bool {
        let speaks = ["read", "write", "poll"].contains(&self.name.as_str())
            && (self.rest.starts_with("0,") || self.rest.starts_with("1,"));
        // What cannot fail, or is the allocator's, which has other ways.
        speaks || ["brk", "futex", "getpid", "---", "+++"].contains(&self.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As strace prints them of a part that is told something.
    const CALLS: &str = "\
read(0, \"create\"..., 8192) = 6
openat(AT_FDCWD, \"/proc/7/stat\", O_RDONLY|O_CLOEXEC) = 4
read(4, \"7 (part)\", 32)     = 8
write(1, \"won 0\\n\", 6)       = 6
";

    #[test]
    fn a_pause_of_the_whole_run_changes_no_number() {
        let paused = format!(
            "read(0, 0x5567ebfebae0, 8192) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)\n\
             --- SIGSTOP {{si_signo=SIGSTOP, si_code=SI_USER, si_pid=8, si_uid=0}} ---\n\
             --- stopped by SIGSTOP ---\n\
             --- SIGCONT {{si_signo=SIGCONT, si_code=SI_USER, si_pid=8, si_uid=0}} ---\n\
             {CALLS}"
        );
        let calls = Call::all(CALLS);
        let named = |call: &Call| (call.name.clone(), call.number);
        let names: Vec<_> = calls.iter().map(named).collect();
        assert_eq!(names, [("openat".to_owned(), 1), ("read".to_owned(), 2)]);
        assert_eq!(Call::all(&paused), calls);
    }
}
