//! What the protocol's tests share: scratch names, records, processes.

// Each test program uses a part of it, and none is a library.
#![allow(dead_code, unreachable_pub)]

pub mod puppet;
pub mod record;
pub mod scratch;
pub mod tmpfs;

use std::time::{Duration, Instant};

/// Far longer than anything takes on a slow machine: a test that waits so
/// long hangs.
pub const WATCHDOG: Duration = Duration::from_secs(60);

/// Waits for `what` to happen.
pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < WATCHDOG, "waited in vain until {what}");
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// Prints a count that a promise is about.
#[allow(clippy::print_stderr)]
pub fn report(line: &str) {
    eprintln!("{line}");
}

/// Says why a test was left out.
#[allow(clippy::print_stderr)]
pub fn skip(test: &str, why: &str) {
    eprintln!("skipped {test}: {why}");
    if let Some(log) = std::env::var_os("SHM_SKIPS") {
        use std::io::Write as _;
        let log = std::fs::OpenOptions::new().append(true).open(log);
        let _ = log.and_then(|mut log| writeln!(log, "{test}: {why}"));
    }
}
