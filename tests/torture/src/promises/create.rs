//! Of many creators one wins, and nobody ever sees half a segment: not beside
//! them and not after they are killed.

use crate::actor::Actor;
use crate::counts::Counts;
use crate::noise::Noise;
use crate::place::Spelled;
use crate::record::Which;
use crate::roles::now_ns;
use crate::stage::{Language, Stage};
use crate::torture::Page;
use crate::writers::Writers;
use anyhow::{Context, Result, bail, ensure};
use shm_runtime::{AttachError, Cell};
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// All start at a time that is this far away when they are told.
const START_NS: u64 = 1_000_000;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    let mut lines = vec![race(stage, counts)?, succession(stage, counts)?];
    for language in Language::BOTH {
        lines.push(killed(stage, counts, language)?);
    }
    lines.push(control(stage, counts)?);
    Ok(lines)
}

/// Two creators and one watcher of each language, started at one moment.
fn race(stage: &Stage, counts: &Counts) -> Result<String> {
    let place = Spelled::path(&stage.path("race"));
    let mut creators = pairs(stage)?;
    let mut watchers = Vec::new();
    for language in Language::BOTH {
        watchers.push(stage.clerk(language)?);
    }
    let (rounds, mut by_python) = (counts.rounds(), 0);
    for round in 0..rounds {
        let at = now_ns() + START_NS;
        for creator in &mut creators {
            creator.tell(&format!("create page {} plain {at}", place.as_str()))?;
        }
        for watcher in &mut watchers {
            watcher.tell(&format!("watch page {} {at}", place.as_str()))?;
        }
        let mut winners = Vec::new();
        for (number, creator) in creators.iter_mut().enumerate() {
            match creator.line()?.as_str() {
                "won 0" => winners.push(number),
                "already-exists" => {}
                other => bail!("round {round}: a creator said `{other}`"),
            }
        }
        let [winner] = winners[..] else {
            bail!("round {round}: {} creators won", winners.len());
        };
        by_python += u64::from(winner >= 2);
        for watcher in &mut watchers {
            let saw = watcher.line()?;
            ensure!(saw == "saw 0", "round {round}: a watcher said `{saw}`");
        }
        creators[winner].expect("drop", "dropped")?;
        watchers[0].expect(&format!("unlink {}", place.as_str()), "unlinked")?;
    }
    Ok(format!(
        "{rounds} races of 4 creators (2 rust, 2 python): one winner each ({} rust, {by_python} \
         python); of {} attaches beside them 0 saw half a segment",
        rounds - by_python,
        2 * rounds
    ))
}

/// Two clerks of each language: first Rust's, then Python's.
fn pairs(stage: &Stage) -> Result<Vec<Actor>> {
    let languages = Language::BOTH.into_iter();
    languages
        .flat_map(|language| [language, language])
        .map(|language| stage.clerk(language))
        .collect()
}

/// A segment whose writer is gone, and four that want it: by going on, or by
/// replacing it.
fn succession(stage: &Stage, counts: &Counts) -> Result<String> {
    let place = Spelled::path(&stage.path("succession"));
    let mut heirs = pairs(stage)?;
    heirs[0].expect(&format!("create page {} plain", place.as_str()), "won 0")?;
    heirs[0].expect("drop", "dropped")?;
    let rounds = counts.rounds();
    let mut busy = 0;
    for round in 0..rounds {
        let how = if round % 2 == 0 { "go-on" } else { "replace" };
        let at = now_ns() + START_NS;
        for heir in &mut heirs {
            heir.tell(&format!("create page {} {how} {at}", place.as_str()))?;
        }
        let mut winners = Vec::new();
        for (number, heir) in heirs.iter_mut().enumerate() {
            match heir.line()?.as_str() {
                "busy" => busy += 1,
                won if won.starts_with("won ") => winners.push(number),
                other => bail!("round {round}: an heir said `{other}`"),
            }
        }
        let [winner] = winners[..] else {
            bail!("round {round}: {} heirs won", winners.len());
        };
        let wrote = heirs[winner].ask("write page 7")?;
        ensure!(wrote.starts_with("wrote "), "round {round}: {wrote}");
        heirs[winner].expect("drop", "dropped")?;
    }
    Ok(format!(
        "{rounds} races of 4 heirs for a segment without a writer: one winner each, {busy} told \
         that it is busy"
    ))
}

/// Creators killed at any moment, in a folder of their own.
fn killed(stage: &Stage, counts: &Counts, language: Language) -> Result<String> {
    let folder = stage.path(&format!("killed-{language}"));
    fs::create_dir(&folder)?;
    let path = folder.join("segment");
    let place = Spelled::path(&path);
    let mut writers = Writers::new(stage)?;
    let mut noise = Noise::new(counts.seed);
    let (creators, mut whole, mut none) = (counts.rounds(), 0, 0);
    for _ in 0..creators {
        let creator = writers.start(language, "create", Which::Page, &place)?;
        thread::sleep(Duration::from_micros(noise.below(2_000)));
        writers.kill(creator)?;
        match left_in(&folder)? {
            0 => none += 1,
            1 => {
                match Cell::<Page>::attach(&path) {
                    Ok(cell) => drop(cell.read().context("a killed creator's")?),
                    // Killed after it retired the segment.
                    Err(AttachError::NotFound { .. }) => {}
                    Err(other) => return Err(other).context("half a segment was left"),
                }
                whole += 1;
            }
            more => bail!("{more} files were left; no other name is ever used"),
        }
        // Whatever is there, the next creator gets by.
        let next = Cell::<Page>::options(&path).replace(true).create()?;
        next.unlink()?;
    }
    Ok(format!(
        "{creators} {language} creators killed: {whole} left a whole segment, {none} nothing, 0 \
         half of one"
    ))
}

fn left_in(folder: &Path) -> Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}

/// A segment that is named first and filled after must be caught half-made,
/// both by who attaches meanwhile and after a kill.
fn control(stage: &Stage, counts: &Counts) -> Result<String> {
    let template = stage.path("whole");
    drop(Cell::<Page>::create(&template)?);
    let path = stage.path("plain");
    let arguments = [
        "plain-create",
        Spelled::path(&template).as_str(),
        Spelled::path(&path).as_str(),
    ]
    .map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut noise = Noise::new(counts.seed);
    let least = (counts.rounds() / 10).max(20);
    let (mut creators, mut seen, mut left) = (0, 0_u64, 0_u64);
    // Each catch is a matter of chance: a busy machine wants more creators.
    while creators < least || (seen == 0 || left == 0) && creators < 100 * least {
        creators += 1;
        let mut creator = Actor::start("the plain creator", &mut stage.rust(&arguments))?;
        creator.line()?;
        let looks = 100 + noise.below(100);
        for _ in 0..looks {
            seen += u64::from(is_half(&path));
        }
        creator.kill()?;
        left += u64::from(is_half(&path));
        if path.exists() {
            fs::remove_file(&path)?;
        }
    }
    ensure!(
        seen > 0 && left > 0,
        "a creator of half segments passed unseen"
    );
    Ok(format!(
        "control, named first and filled after: {creators} creators, {seen} half segments seen, \
         {left} left behind by a kill"
    ))
}

fn is_half(path: &Path) -> bool {
    match Cell::<Page>::attach(path) {
        Ok(_) | Err(AttachError::NotFound { .. }) => false,
        Err(_) => true,
    }
}
