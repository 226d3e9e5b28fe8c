//! Bytes that a stranger overwrites while they are read: a value or a typed
//! error, never a crash or a read without an end.

use crate::counts::Counts;
use crate::noise::Noise;
use crate::place::Spelled;
use crate::record::Which;
use crate::record::{Numbered, with_record};
use crate::stage::{Language, Stage};
use crate::tally::Tally;
use anyhow::Result;
use shm_runtime::Cell;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// The vandal's blows for each of the runs that `--mishaps` counts.
const BLOWS: u64 = 2_000;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for which in [Which::Line, Which::Page, Which::Block] {
        lines.push(with_record!(which, overwrite(stage, counts, which))?);
    }
    Ok(lines)
}

fn overwrite<T: Numbered>(stage: &Stage, counts: &Counts, which: Which) -> Result<String> {
    let path = stage.path(&format!("vandal-{}", which.as_str()));
    let mut writer = Cell::<T>::create(&path)?;
    writer.write(&T::of(1))?;
    drop(writer);
    let place = Spelled::path(&path);
    let mut readers = Vec::new();
    for language in Language::BOTH {
        readers.push((language, stage.reader(language, which, &place, true)?));
    }
    let file = File::options().read(true).write(true).open(&path)?;
    let size = file.metadata()?.len();
    let row = size - which.stride();
    let mut noise = Noise::new(counts.seed);
    let blows = counts.mishaps() * BLOWS;
    for _ in 0..blows {
        // Half of the blows hit what decides where a read goes.
        let at = match noise.below(2) {
            0 => row,
            _ => noise.below(size - 8),
        };
        let word = noise.next() >> noise.below(64);
        file.write_all_at(&word.to_le_bytes(), at)?;
    }
    let mut told = Vec::new();
    for (language, reader) in readers {
        let tally = Tally::at_end(reader)?;
        told.push(format!(
            "{language} made {} reads and gave up {}",
            tally.reads, tally.stalled
        ));
    }
    Ok(format!(
        "{which:?}: {blows} words overwritten, {}, 0 crashes, 0 hangs",
        told.join(", ")
    ))
}
