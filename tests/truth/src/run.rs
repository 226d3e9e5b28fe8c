//! Running compilers and probes.

use std::env;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// What a program prints.
///
/// # Errors
///
/// When it cannot be started or fails; with what it said.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let ended = command
        .env("LC_ALL", "C.UTF-8")
        .output()
        .with_context(|| format!("cannot start `{name}`"))?;
    let printed = String::from_utf8_lossy(&ended.stdout).into_owned();
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        bail!("`{name}` ended with {}:\n{said}", ended.status);
    }
    Ok(printed)
}

/// The Python to use: `$PYTHON`, else `python3`.
pub(crate) fn python() -> OsString {
    env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}

/// Whether a program is there and succeeds; says so when it is not, to the
/// person and to the test command.
#[allow(clippy::print_stderr)] // the one way for a test to say that it was skipped
pub(crate) fn has(what: &str, command: &mut Command) -> bool {
    let ended = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = ended.is_ok_and(|status| status.success());
    if !there {
        let message = format!("truth: without {what}, which is not there");
        eprintln!("skipped: {message}");
        if let Some(log) = env::var_os("SHM_SKIPS") {
            let log = OpenOptions::new().append(true).open(log);
            let _ = log.and_then(|mut log| writeln!(log, "{message}"));
        }
    }
    there
}
