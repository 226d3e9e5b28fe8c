//! Where it was measured.

use std::fs;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::pin;

/// Where it was measured.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) rustc: String,
    /// Processes that wanted a core in the minute before, on average.
    pub(crate) load: f64,
}

/// This machine, as far as it tells.
pub(crate) fn describe() -> Machine {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let rustc = Command::new("rustc").arg("--version").output();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    Machine {
        processor: name
            .unwrap_or("unknown")
            .trim_start_matches([' ', '\t', ':'])
            .to_owned(),
        cores: pin::cores().len(),
        kernel: rustix::system::uname()
            .release()
            .to_string_lossy()
            .into_owned(),
        rustc: rustc.map_or_else(
            |_| "unknown".to_owned(),
            |said| String::from_utf8_lossy(&said.stdout).trim().to_owned(),
        ),
        load: load
            .split(' ')
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0.0),
    }
}
