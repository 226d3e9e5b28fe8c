//! Everything that was measured, as a file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::summary::Summary;

/// Everything that was measured.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) lines: Vec<Line>,
}

/// One figure.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Line {
    /// The measure: `warm read`.
    pub(crate) measure: String,
    /// What was measured: `seqlock`.
    pub(crate) who: String,
    /// How large: bytes of a record, or what the measure says.
    pub(crate) size: u64,
    /// Of the summary: `ns`, `us`, `ms`.
    pub(crate) unit: String,
    #[serde(flatten)]
    pub(crate) summary: Summary,
    /// Median over the turns of the ratio to the measure's yardstick in the
    /// same turn.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ratio: Option<f64>,
    /// The percentiles 1 to 99, of a measure that is about them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) percentiles: Vec<f64>,
    /// Tries a read that met a writer and were thrown away.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) retries: Option<f64>,
}

impl Line {
    pub(crate) fn new(who: &str, size: u64, unit: &str, summary: Summary) -> Self {
        Self {
            measure: String::new(),
            who: who.to_owned(),
            size,
            unit: unit.to_owned(),
            summary,
            ratio: None,
            percentiles: Vec::new(),
            retries: None,
        }
    }

    /// Of samples whose distribution matters.
    pub(crate) fn distribution(who: &str, size: u64, unit: &str, mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let at = |percent: usize| samples[(samples.len() - 1) * percent / 100];
        Self {
            percentiles: (1..100).map(at).collect(),
            ..Self::new(who, size, unit, Summary::of(samples.clone()))
        }
    }
}

const FILE: &str = "results.json";

impl Results {
    pub(crate) fn load(folder: &Path) -> Result<Self> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        serde_json::from_str(&text).with_context(|| path.display().to_string())
    }

    pub(crate) fn save(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder)?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(folder.join(FILE), text).context(FILE)
    }

    /// Puts `lines` in the place of what `measure` gave before.
    pub(crate) fn replace(&mut self, measure: &str, lines: Vec<Line>) {
        self.lines.retain(|line| line.measure != measure);
        self.lines.extend(lines.into_iter().map(|line| Line {
            measure: measure.to_owned(),
            ..line
        }));
    }

    /// The lines of one measure, in the order in which they were measured.
    pub(crate) fn of(&self, measure: &str) -> Vec<&Line> {
        self.lines
            .iter()
            .filter(|line| line.measure == measure)
            .collect()
    }
}
