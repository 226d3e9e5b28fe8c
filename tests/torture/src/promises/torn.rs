//! A reader never gets a torn record, and never waits for a writer that does
//! not pause.

use super::kill::sequence;
use crate::counts::Counts;
use crate::place::Spelled;
use crate::record::Which;
use crate::stage::{Language, Stage};
use crate::tally::Tally;
use crate::writers::Writers;
use anyhow::{Result, ensure};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Plain copies of the control that may be whole by chance.
const PLAIN_COPIES: u64 = 50_000_000;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    // Most of a short run would be the start of Python.
    let sizes = match counts.is_short() {
        true => &[Which::Page][..],
        false => &Which::ALL,
    };
    let mut lines = Vec::new();
    for (writer, reader) in stage.pairs() {
        for &which in sizes {
            lines.push(read(stage, counts, which, writer, reader)?);
        }
        for &which in sizes.iter().filter(|which| **which != Which::Block) {
            lines.push(read_rows(stage, counts, which, writer, reader)?);
        }
    }
    Ok(lines)
}

/// Whole tables of records in arrays, beside a writer of all their rows.
fn read_rows(
    stage: &Stage,
    counts: &Counts,
    which: Which,
    by: Language,
    language: Language,
) -> Result<String> {
    /// A read of a table is one of so many records, or more.
    const ROWS: u64 = 9;
    let path = stage.path("torn-rows");
    let place = Spelled::path(&path);
    let mut writers = Writers::new(stage)?;
    let writer = writers.start(by, "write-rows", which, &place)?;
    let reader = stage.rows_reader(language, which, &place)?;
    let tally = Tally::after(reader, counts.reads() / ROWS)?;
    writers.kill(writer)?;
    fs::remove_file(&path)?;
    Ok(format!(
        "tables of {which:?} in arrays, {by} writes, {language} reads: {} reads of all rows up to \
         version {}, {} retries, {} given up, slowest {} us, 0 torn",
        tally.reads, tally.last, tally.retries, tally.stalled, tally.slowest
    ))
}

fn read(
    stage: &Stage,
    counts: &Counts,
    which: Which,
    by: Language,
    language: Language,
) -> Result<String> {
    let path = stage.path("torn");
    let place = Spelled::path(&path);
    let mut writers = Writers::new(stage)?;
    let writer = writers.start(by, "write", which, &place)?;
    let reader = stage.reader(language, which, &place, false)?;
    let tally = Tally::after(reader, counts.reads())?;
    let control = match (which, by) {
        (Which::Page, Language::Rust | Language::Emulated) => {
            let (plain, torn) = plain_copies(&path, which)?;
            format!("; control: {torn} of {plain} plain copies were torn")
        }
        _ => String::new(),
    };
    writers.kill(writer)?;
    fs::remove_file(&path)?;
    Ok(format!(
        "{which:?}, {by} writes, {language} reads: {} reads of {} versions, {} retries, {} given \
         up, slowest {} us, 0 torn{control}",
        tally.reads, tally.last, tally.retries, tally.stalled, tally.slowest
    ))
}

/// Copies the published record as plain memory until some were torn and some
/// were whole: were it never overwritten while it is read, the reads would
/// prove nothing, and were it always, this might look at no record.
fn plain_copies(path: &Path, which: Which) -> Result<(u64, u64)> {
    let file = File::open(path)?;
    let row = file.metadata()?.len() - which.stride();
    let mut record = vec![0; which.size() as usize];
    let mut torn = 0;
    for plain in 1.. {
        let copy = (sequence(&file, row)? >> 1) & 1;
        file.read_exact_at(&mut record, row + which.copy_at(copy))?;
        torn += u64::from(record.chunks_exact(8).any(|word| word != &record[..8]));
        if torn > 0 && torn < plain && plain >= 1_000 {
            return Ok((plain, torn));
        }
        ensure!(
            plain < PLAIN_COPIES,
            "{torn} of {plain} plain copies were torn, and not some"
        );
    }
    unreachable!("the loop counts without an end")
}
