//! Which process wrote: a pid and when it started.

use core::fmt;
use std::fs;

/// A process by its pid and its start.
///
/// It is for messages only; the kernel's lock decides who may write. The pair
/// names one process of this machine since it booted, whereas a pid alone may
/// be reused within a minute. A process in another pid namespace appears under
/// the pid that it has in its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    pid: u32,
    start: u64,
}

impl Process {
    pub(crate) const fn new(pid: u32, start: u64) -> Self {
        Self { pid, start }
    }

    /// The calling process.
    pub(crate) fn current() -> Self {
        let pid = std::process::id();
        Self {
            pid,
            // Without /proc the pid has to do.
            start: start_of(pid).unwrap_or(0),
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// When it started, in clock ticks since boot; 0 when unknown.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// Whether it is still running.
    pub fn is_running(&self) -> bool {
        match start_of(self.pid) {
            Some(start) => start == self.start || self.start == 0,
            None => false,
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)
    }
}

/// Field 22 of `/proc/<pid>/stat`; none for a process that is gone or a
/// zombie.
fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Field 2 is the command in parentheses and may itself contain spaces
    // and parentheses; what follows the last one is plain.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_runs_and_one_with_another_start_does_not() {
        let here = Process::current();
        assert_eq!(here.pid(), std::process::id());
        assert_ne!(here.start(), 0);
        assert!(here.is_running());
        assert!(!Process::new(here.pid(), here.start() + 1).is_running());
    }

    #[test]
    fn a_child_that_was_waited_for_is_gone() {
        let mut child = std::process::Command::new("true")
            .spawn()
            .expect("true runs");
        let pid = child.id();
        child.wait().expect("it ends");
        assert!(!Process::new(pid, 0).is_running());
    }
}
