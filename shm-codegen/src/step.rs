//! What a step from one version of a schema to the next comes to, for programs.

use serde_json::{Value, json as value};
use shm_schema::Layout;
use shm_schema::evolution::{Evolution, Judged, Place, Verdict};

use crate::report;

/// Version of the shape below.
const SHAPE: u32 = 1;

/// The step as JSON, indented, ending in a newline.
///
/// The shape is kept: keys are added, never renamed or removed, within one
/// value of `shm_breaking`. `verdict` is the worst of all. A verdict is
/// `compatible`, `reader-compatible`, `breaking`, or `new` for what the old
/// schema does not have, whose `before` is `null`. A finding has the keys that
/// one of `--error-format json` has.
pub fn json(old: &Layout, new: &Layout, evolution: &Evolution) -> String {
    let worst = evolution
        .verdicts
        .iter()
        .filter_map(|judged| judged.verdict);
    let worst = worst.max().unwrap_or(Verdict::Compatible);
    let findings = evolution.findings.iter();
    let document = value!({
        "shm_breaking": SHAPE,
        "verdict": worst.as_str(),
        "old": schema(old),
        "new": schema(new),
        "verdicts": evolution.verdicts.iter().map(judged).collect::<Vec<_>>(),
        "findings": findings.map(report::finding).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn schema(layout: &Layout) -> Value {
    value!({
        "file": layout.file,
        "package": layout.package.as_str(),
        "version": layout.version,
        "fingerprint": layout.fingerprint.to_string(),
    })
}

fn judged(judged: &Judged) -> Value {
    value!({
        "what": judged.what,
        "name": judged.name,
        "verdict": judged.verdict.map_or("new", Verdict::as_str),
        "at": place(&judged.at),
        "before": judged.before.as_ref().map(place),
    })
}

fn place(place: &Place) -> Value {
    value!({ "file": place.file(), "line": place.at.line, "column": place.at.column })
}

/// The step as annotations of a GitHub workflow: an error for each finding, and
/// a notice for what changed and is read all the same.
pub fn github(evolution: &Evolution) -> String {
    let findings = evolution.findings.iter().map(report::annotation);
    let mut text: String = findings.collect();
    for judged in &evolution.verdicts {
        if judged.verdict == Some(Verdict::ReaderCompatible) {
            let message = format!("{} {} is reader-compatible", judged.what, judged.name);
            text.push_str(&report::notice(&judged.at, "reader-compatible", &message));
        }
    }
    text
}
