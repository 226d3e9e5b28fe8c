//! A file that is removed by `rm` under its readers: they read on, and learn
//! it when they ask.

use super::clerks;
use crate::counts::Counts;
use crate::place::Spelled;
use crate::stage::Stage;
use anyhow::Result;
use std::fs;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<String> {
    let path = stage.path("removed");
    let place = Spelled::path(&path);
    let mut writers = clerks(stage)?;
    let mut readers = clerks(stage)?;
    let removals = counts.mishaps();
    let mut told = 0;
    for removal in 0..removals {
        let (_, writer) = &mut writers[removal as usize % 2];
        writer.expect(&format!("create page {} plain", place.as_str()), "won 0")?;
        writer.expect("write page 1", "wrote 1")?;
        for (_, reader) in &mut readers {
            reader.expect(&format!("attach page {}", place.as_str()), "attached")?;
            reader.expect("linked", "linked")?;
        }
        fs::remove_file(&path)?;
        writer.expect("write page 2", "wrote 2")?;
        for (_, reader) in &mut readers {
            reader.expect("read", "read 2 2")?;
            reader.expect("linked", "not-linked")?;
            reader.expect("drop", "dropped")?;
            told += 1;
        }
        writer.expect("linked", "not-linked")?;
        writer.expect("drop", "dropped")?;
    }
    Ok(format!(
        "{removals} files removed under a writer and two readers: they went on, and {told} of \
         {told} readers learnt it when they asked"
    ))
}
