//! Whether a schema may take another one's place.

use std::io::Write;
use std::path::Path;

use shm_codegen::git::Spec;
use shm_codegen::load::Loader;
use shm_codegen::problem::Problem;
use shm_codegen::{step, words};
use shm_schema::Folder;
use shm_schema::evolution::{self, Evolution, Verdict};

use super::{End, Stop};
use crate::cli::BreakingFormat;

/// Most findings that people are shown: nobody reads more.
const MAX_SHOWN: usize = 100;

pub(super) fn run(
    load: Loader<'_>,
    new: &Path,
    against: &Path,
    format: BreakingFormat,
    out: &mut dyn Write,
) -> Result<End, Stop> {
    let old = match against.to_str().and_then(Spec::of) {
        Some(spec) => load.committed(spec, new)?,
        None => {
            let root = load.root().and_then(|root| root_before(root, new, against));
            Loader::new(root).one(against)?
        }
    };
    let new = load.one(new)?;
    let evolution = evolution::compare(&old, &new);
    match format {
        BreakingFormat::Human => human(evolution, out),
        BreakingFormat::Github => program(&step::github(&evolution), &evolution, out),
        BreakingFormat::Json => program(&step::json(&old, &new, &evolution), &evolution, out),
    }
}

/// The verdicts on the output, the findings where all errors go.
fn human(evolution: Evolution, out: &mut dyn Write) -> Result<End, Stop> {
    for judged in &evolution.verdicts {
        let verdict = judged.verdict.map_or("new", Verdict::as_str);
        writeln!(out, "{verdict:17}  {} {}", judged.what, judged.name)?;
    }
    if evolution.findings.is_empty() {
        return Ok(End::Fine);
    }
    let more = evolution.findings.len().saturating_sub(MAX_SHOWN);
    let shown = evolution.findings.into_iter().take(MAX_SHOWN);
    let mut problems: Vec<Problem> = shown.map(|f| Problem::Breaking(Box::new(f))).collect();
    problems.extend((more > 0).then_some(Problem::More(more)));
    Err(Stop::Problems(problems))
}

/// All of it on the output, for a program to read.
fn program(text: &str, evolution: &Evolution, out: &mut dyn Write) -> Result<End, Stop> {
    out.write_all(text.as_bytes())?;
    Ok(match evolution.findings.len() {
        0 => End::Fine,
        n => End::Findings(format!(
            "{} in this step",
            words::plural(n as u64, "finding")
        )),
    })
}

/// The root of the old schema: as many folders above it as the new one's is.
fn root_before<'a>(root: &Path, new: &Path, old: &'a Path) -> Option<&'a Path> {
    let inner = Folder::new(root).ok()?.path_of(new)?;
    old.ancestors().nth(inner.split('/').count())
}
