//! The other side: C programs, compiled, run and killed.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// A compiled program and a folder for what it shares.
pub(crate) struct Program {
    pub(crate) folder: TempDir,
    path: PathBuf,
}

impl Program {
    /// Compiles `<name>.c`; none where there is no compiler, which is noted.
    pub(crate) fn compiled(name: &str, test: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("{name}.c"));
        let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let mut compile = Command::new(compiler);
        compile.args(["-O2", "-Wall", "-Wextra", "-Werror", "-std=gnu11", "-o"]);
        match compile.arg(&path).arg(source).status() {
            Ok(status) => assert!(status.success(), "{name}.c does not compile"),
            Err(error) => {
                skip(test, &format!("no C compiler: {error}"));
                return None;
            }
        }
        Some(Self { folder, path })
    }

    /// Runs it to its end; its status and what it printed.
    pub(crate) fn output(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new(&self.path).args(arguments).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    }

    /// Starts it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        let mut command = Command::new(&self.path);
        let mut child = command
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Running { child, lines }
    }

    /// A file of its own.
    pub(crate) fn file(&self) -> String {
        self.folder.path().join("shared").display().to_string()
    }
}

/// A program that runs, until this is dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Running {
    /// The next line that it prints; empty when it ended.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Kills it, as SIGKILL does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Notes that `test` did not run.
pub(crate) fn skip(test: &str, why: &str) {
    if let Some(path) = env::var_os("SHM_SKIPS") {
        let log: Option<File> = OpenOptions::new().append(true).open(path).ok();
        if let Some(mut log) = log {
            let _ = writeln!(log, "{test}: {why}");
        }
    }
}
