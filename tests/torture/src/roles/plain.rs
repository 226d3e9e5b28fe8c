//! The controls: what the promises are kept *against*. Each is done as one
//! would do it without thinking, and must be caught.

use super::say;
use crate::place::Spelled;
use anyhow::{Context, Result};
use shm_runtime::Place;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

/// Bytes of the plain seqlock's record.
pub(crate) const PLAIN_SIZE: usize = 4096;
/// Where the record begins, after the sequence.
pub(crate) const PLAIN_AT: u64 = 64;

/// A seqlock of one copy: odd while it is written, even when it is whole.
/// Goes on where the file's sequence stands, even or odd.
pub(super) fn write(place: &Spelled) -> Result<()> {
    let file = File::options().read(true).write(true).open(path(place)?)?;
    let mut sequence = [0; 8];
    file.read_exact_at(&mut sequence, 0)?;
    let mut sequence = u64::from_le_bytes(sequence) & !1;
    say(&format!("{} {}", std::process::id(), sequence / 2))?;
    loop {
        file.write_all_at(&(sequence + 1).to_le_bytes(), 0)?;
        let record = (sequence / 2 + 1).to_le_bytes().repeat(PLAIN_SIZE / 8);
        for (number, part) in record.chunks(PLAIN_SIZE / 8).enumerate() {
            file.write_all_at(part, PLAIN_AT + (number * PLAIN_SIZE / 8) as u64)?;
        }
        sequence += 2;
        file.write_all_at(&sequence.to_le_bytes(), 0)?;
    }
}

/// Makes segments as one would without a file that has no name: named first,
/// filled after. The bytes are those of a sound segment.
pub(super) fn create(template: &Spelled, place: &Spelled) -> Result<()> {
    let (whole, path) = (fs::read(self::path(template)?)?, self::path(place)?);
    say(&format!("{} 0", std::process::id()))?;
    loop {
        let file = File::create_new(&path)?;
        let (header, rest) = whole.split_at(512);
        file.set_len(whole.len() as u64)?;
        file.write_all_at(rest, 512)?;
        file.write_all_at(header, 0)?;
        drop(file);
        fs::remove_file(&path)?;
    }
}

fn path(place: &Spelled) -> Result<PathBuf> {
    match place.place()? {
        Place::File(path) => Some(path),
        _ => None,
    }
    .context("a control works on a path")
}
