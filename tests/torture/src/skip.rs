//! What a machine cannot do is left out by name.

use std::io::Write;

/// Says so, also to `cargo xtask test`, which lists what was skipped.
pub(crate) fn skip(what: &str, why: &str) -> String {
    if let Some(log) = std::env::var_os("SHM_SKIPS") {
        let log = std::fs::File::options().append(true).open(log);
        let _ = log.and_then(|mut log| writeln!(log, "{what}: {why}"));
    }
    format!("skipped {what}: {why}")
}
