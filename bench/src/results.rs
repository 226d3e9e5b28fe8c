//! Everything that was measured, as a file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::machine::Machine;
use crate::measure::Measured;
use crate::summary::Summary;

/// Everything that was measured.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) machine: Machine,
    /// The Python that was measured.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) interpreter: Option<Interpreter>,
    pub(crate) lines: Vec<Line>,
    #[serde(default)]
    pub(crate) goals: Vec<Goal>,
}

/// A Python with our package.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Interpreter {
    pub(crate) version: String,
    pub(crate) backend: String,
}

/// A ratio of two lines of one measure that is to be at most so much.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Goal {
    #[serde(default)]
    pub(crate) measure: String,
    pub(crate) name: String,
    /// The line that is ours.
    pub(crate) of: String,
    /// The line that it is compared with.
    pub(crate) to: String,
    /// Of the minima.
    pub(crate) ratio: f64,
    pub(crate) most: f64,
    pub(crate) reached: bool,
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
    /// Samples of one who took turns with the yardstick, whose samples are
    /// those of the same turns.
    pub(crate) fn in_turns(
        who: &str,
        size: u64,
        unit: &str,
        samples: Vec<f64>,
        yardstick: &[f64],
    ) -> Self {
        let ratios = samples.iter().zip(yardstick).map(|(it, yard)| it / yard);
        Self {
            ratio: Some(Summary::of(ratios.collect()).median),
            ..Self::new(who, size, unit, Summary::of(samples))
        }
    }

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

    /// Puts what `measure` found in the place of what it gave before.
    pub(crate) fn replace(&mut self, measure: &str, found: Measured) {
        self.lines.retain(|line| line.measure != measure);
        self.lines.extend(found.lines.into_iter().map(|line| Line {
            measure: measure.to_owned(),
            ..line
        }));
        self.goals.retain(|goal| goal.measure != measure);
        self.goals.extend(found.goals.into_iter().map(|goal| Goal {
            measure: measure.to_owned(),
            ..goal
        }));
        if found.interpreter.is_some() {
            self.interpreter = found.interpreter;
        }
    }

    /// The lines of one measure, in the order in which they were measured.
    pub(crate) fn of(&self, measure: &str) -> Vec<&Line> {
        self.lines
            .iter()
            .filter(|line| line.measure == measure)
            .collect()
    }

    /// The goals that one measure knows.
    pub(crate) fn goals_of(&self, measure: &str) -> impl Iterator<Item = &Goal> {
        self.goals
            .iter()
            .filter(move |goal| goal.measure == measure)
    }
}
