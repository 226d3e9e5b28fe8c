//! What is left of many samples.

use serde::{Deserialize, Serialize};

/// Minimum, median and 99th percentile.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) minimum: f64,
    pub(crate) median: f64,
    pub(crate) p99: f64,
    /// How many there were.
    pub(crate) samples: usize,
}

impl Summary {
    /// Of at least one sample.
    pub(crate) fn of(mut samples: Vec<f64>) -> Self {
        assert!(!samples.is_empty(), "nothing was measured");
        samples.sort_by(f64::total_cmp);
        let at = |part: f64| samples[((samples.len() - 1) as f64 * part).round() as usize];
        Self {
            minimum: at(0.0),
            median: at(0.5),
            p99: at(0.99),
            samples: samples.len(),
        }
    }
}
