//! The main job: a Rust process writes, a Python process reads.

use crate::{project, step};
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Command, ExitStatus, Stdio};

/// Generates the Python bindings, starts the writer, shows the reader.
///
/// # Errors
///
/// When a program cannot be built or started, when the writer does not live
/// through the demo, or when the reader saw one record that is not whole.
pub(crate) fn run(seconds: f64, rate: u64) -> Result<()> {
    let programs = project::release(&["shm-codegen", "market-example"])?;
    let bindings = project::target().join("demo");
    let mut generate = Command::new(programs.join("shm-codegen"));
    generate.current_dir(project::root());
    generate
        .args(["gen", "schemas/market.yaml", "--standalone", "--python"])
        .arg(&bindings)
        .stdout(Stdio::null());
    step::run("generate the bindings", &mut generate)?;
    println!("generated market.py from schemas/market.yaml");

    let prefix = format!("market-demo-{}", std::process::id());
    let mut writer = Command::new(programs.join("market-writer"));
    writer.args(["--prefix", &prefix, "--rate", &rate.to_string()]);
    let writer = Running::start(&mut writer)?;

    let mut reader = Command::new(project::python());
    reader.arg(project::root().join("examples/market/reader.py"));
    reader.args(["--prefix", &prefix, "--seconds", &seconds.to_string()]);
    reader
        .env("PYTHONPATH", &bindings)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let read = step::run("the reader", &mut reader);

    let wrote = writer.stop()?;
    read?;
    if !wrote.success() {
        bail!("the writer ended with {wrote}");
    }
    Ok(())
}

/// A program that is stopped when this goes out of scope.
struct Running {
    child: Child,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", step::shown(command)))?;
        Ok(Self { child })
    }

    /// Asks it to end, as Ctrl-C would, and waits for it.
    fn stop(mut self) -> Result<ExitStatus> {
        self.interrupt();
        Ok(self.child.wait()?)
    }

    fn interrupt(&self) {
        if let Some(pid) = Pid::from_raw(self.child.id() as i32) {
            // It may have ended by itself; then there is nobody to tell.
            let _ = kill_process(pid, Signal::INT);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.interrupt();
            let _ = self.child.wait();
        }
    }
}
