//! The results as tables for people.

use std::fmt::Write;

use crate::measure::Measure;
use crate::results::{Goal, Line, Results};

/// Every measure as a table of medians, with what else it has to say.
pub(crate) fn markdown(results: &Results) -> String {
    let machine = &results.machine;
    let mut text = format!(
        "{}, {} cores; Linux {}; {}; load {:.1}\n",
        machine.processor, machine.cores, machine.kernel, machine.rustc, machine.load
    );
    if let Some(python) = &results.interpreter {
        let _ = writeln!(
            text,
            "Python {}, {} backend",
            python.version, python.backend
        );
    }
    for measure in Measure::ALL {
        let lines = results.of(measure.title());
        if let Some(first) = lines.first() {
            // Writing to a string does not fail.
            let _ = write!(text, "\n### {}, {}\n\n", measure.title(), first.unit);
            text += &match measure.is_python() {
                true => list(&lines),
                false => table(&lines, *measure),
            };
            text += &goals(results.goals_of(measure.title()));
        }
    }
    text
}

fn table(lines: &[&Line], measure: Measure) -> String {
    let mut sizes: Vec<u64> = lines.iter().map(|line| line.size).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let mut names: Vec<&str> = Vec::new();
    for line in lines {
        if !names.contains(&line.who.as_str()) {
            names.push(&line.who);
        }
    }
    let mut text = String::from("| |");
    for size in &sizes {
        let _ = write!(text, " {size} |");
    }
    text += "\n|---|";
    text += &"---|".repeat(sizes.len());
    text += "\n";
    for name in names {
        let _ = write!(text, "| {name} |");
        for size in &sizes {
            let line = lines
                .iter()
                .find(|line| line.who == name && line.size == *size);
            let said = line.map_or_else(String::new, |line| cell(line, measure));
            let _ = write!(text, " {said} |");
        }
        text += "\n";
    }
    text
}

/// Of lines that have no size.
fn list(lines: &[&Line]) -> String {
    let mut text = String::from("| | minimum | median |\n|---|---|---|\n");
    for line in lines {
        let (minimum, median) = (figure(line.summary.minimum), figure(line.summary.median));
        let _ = writeln!(text, "| {} | {minimum} | {median} |", line.who);
    }
    text
}

fn goals<'a>(goals: impl Iterator<Item = &'a Goal>) -> String {
    let mut text = String::new();
    for goal in goals {
        if text.is_empty() {
            text += "\n| ratio of the minima | | goal | reached |\n|---|---|---|---|\n";
        }
        let reached = if goal.reached { "yes" } else { "no" };
        let Goal {
            name, ratio, most, ..
        } = goal;
        let _ = writeln!(text, "| {name} | {ratio:.3} | {most:.3} | {reached} |");
    }
    text
}

/// `12.3 (1.05 x)`; beside a writer `12.3, p99 45.6, retries 0.01`.
fn cell(line: &Line, measure: Measure) -> String {
    let mut text = figure(line.summary.median);
    if let Some(ratio) = line.ratio {
        let _ = write!(text, " ({ratio:.2} x)");
    }
    if matches!(
        measure,
        Measure::Storm
            | Measure::StormAcross
            | Measure::Paced
            | Measure::PacedFast
            | Measure::Spread
    ) {
        let _ = write!(text, ", p99 {}", figure(line.summary.p99));
    }
    if let Some(retries) = line.retries {
        let _ = write!(text, ", retries {retries:.3}");
    }
    text
}

/// Three digits that mean something.
fn figure(value: f64) -> String {
    match value {
        v if v < 10.0 => format!("{v:.2}"),
        v if v < 100.0 => format!("{v:.1}"),
        v => format!("{v:.0}"),
    }
}
