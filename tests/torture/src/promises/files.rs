//! Files that are full, cut, odd, foreign or forbidden: an error each time,
//! and nothing broken or left behind.

mod cut;
mod full;
mod names;
mod owners;
mod removed;

use crate::actor::Actor;
use crate::counts::Counts;
use crate::stage::{Language, Stage};
use anyhow::{Result, ensure};

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    Ok(vec![
        cut::run(stage, counts)?,
        cut::guarded(stage, counts)?,
        removed::run(stage, counts)?,
        full::file_system(stage, counts)?,
        full::size_limit(stage, counts)?,
        names::kinds(stage)?,
        names::bad(stage)?,
        names::good(stage)?,
        owners::modes(stage)?,
        owners::strangers(stage)?,
    ])
}

/// One of each language.
fn clerks(stage: &Stage) -> Result<Vec<(Language, Actor)>> {
    let languages = Language::BOTH.into_iter();
    languages
        .map(|language| Ok((language, stage.clerk(language)?)))
        .collect()
}

/// Asks for something that must be refused, by one of these words.
fn refused(clerk: &mut Actor, order: &str, words: &[&str]) -> Result<u64> {
    let said = clerk.ask(order)?;
    ensure!(
        words.contains(&said.as_str()),
        "`{order}`: found `{said}`, expected one of {words:?}"
    );
    Ok(1)
}
