//! Real processes: the test program itself, started again to play a role.
//!
//! A test program that uses them has a test named `puppet`, which calls
//! [`role`] and does nothing when it is no puppet.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};

const ROLE: &str = "SHM_TEST_ROLE";
const SEGMENT: &str = "SHM_TEST_SEGMENT";

/// What this process shall be, and with which segment.
pub fn role() -> Option<(String, String)> {
    Some((env::var(ROLE).ok()?, env::var(SEGMENT).ok()?))
}

/// Tells the process that pulls the strings. By standard error, for the test
/// harness writes to the other.
#[allow(clippy::print_stderr)]
pub fn tell(line: &str) {
    eprintln!("{line}");
}

/// A running puppet, killed at the end.
pub struct Puppet {
    child: Child,
    lines: BufReader<ChildStderr>,
}

impl Puppet {
    pub fn start(role: &str, segment: &str) -> Self {
        let program = env::current_exe().expect("a test program has a path");
        Self::spawn(Command::new(program), role, segment)
    }

    /// One that has no `/proc`. Needs root, and is silent where that does not
    /// suffice.
    pub fn without_proc(role: &str, segment: &str) -> Self {
        let program = env::current_exe().expect("a test program has a path");
        let mut command = Command::new("unshare");
        command
            .args(["-m", "sh", "-c"])
            .arg("mount -t tmpfs none /proc 2>&- && exec \"$0\" \"$@\"")
            .arg(program);
        Self::spawn(command, role, segment)
    }

    fn spawn(mut command: Command, role: &str, segment: &str) -> Self {
        let mut child = command
            .args(["--exact", "puppet", "--nocapture"])
            .env(ROLE, role)
            .env(SEGMENT, segment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a test program starts");
        let lines = BufReader::new(child.stderr.take().expect("it was piped"));
        Self { child, lines }
    }

    /// The next line that the puppet tells; empty when it has ended.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("a pipe can be read");
        line.trim_end().to_owned()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the puppet is there");
    }

    /// SIGKILL, and waits for its end.
    pub fn kill(mut self) {
        self.end();
    }

    /// Waits for its end; returns how that was, and everything it still told.
    pub fn finish(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.lines
            .read_to_string(&mut rest)
            .expect("a pipe can be read");
        let status = self.child.wait().expect("a child can be waited for");
        (status, rest)
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Puppet {
    fn drop(&mut self) {
        self.end();
    }
}
