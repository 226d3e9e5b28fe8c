//! Running a program and saying what went wrong.

use anyhow::{Context, Result, bail};
use std::process::Command;

/// Runs `command` to its end; its output is the caller's.
///
/// # Errors
///
/// When it cannot be started or does not succeed; the message holds the
/// command, so that it can be run again by hand.
pub(crate) fn run(name: &str, command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{name}: cannot start `{}`", shown(command)))?;
    if !status.success() {
        bail!("{name}: `{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    for (key, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!(
                "{}={}",
                key.to_string_lossy(),
                value.to_string_lossy()
            ));
        }
    }
    words.push(command.get_program().to_string_lossy().into_owned());
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}
