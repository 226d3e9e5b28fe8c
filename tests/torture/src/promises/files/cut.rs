//! A file that is cut under its readers.
//!
//! Files in `/dev/shm` cannot be sealed: a touch past the new end is SIGBUS,
//! and ends who touches. That is all that may happen: whoever comes later gets
//! an error, and no other segment is harmed.

use super::{clerks, refused};
use crate::counts::Counts;
use crate::noise::Noise;
use crate::place::Spelled;
use crate::stage::{Language, Stage};
use anyhow::{Context, Result, bail, ensure};
use rustix::process::Signal;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;

/// Bytes of the least that is cut off where a touch is felt.
const PAGE: u64 = 4096;

/// One reader, under which one file after the other is cut, at the border of a
/// page: it must live, and see whole records or the error.
pub(super) fn guarded(stage: &Stage, counts: &Counts) -> Result<String> {
    let path = stage.path("guarded");
    let place = Spelled::path(&path);
    let mut reader = stage.clerk(Language::Rust)?;
    reader.expect("guard", "guarded")?;
    let mut writer = stage.clerk(Language::Rust)?;
    let mut noise = Noise::new(counts.seed);
    let (cuts, mut told) = (counts.mishaps(), 0);
    for cut in 0..cuts {
        writer.expect(&format!("create block {} plain", place.as_str()), "won 0")?;
        writer.expect("write block 7", "wrote 1")?;
        writer.expect("drop", "dropped")?;
        reader.expect(&format!("attach block {}", place.as_str()), "attached")?;
        reader.expect("read", "read 1 7")?;
        let file = File::options().write(true).open(&path)?;
        let pages = file.metadata()?.len() / PAGE;
        file.set_len(noise.below(pages) * PAGE)?;
        match reader.ask("read")?.as_str() {
            // Of what was left, or of the copy that was not cut.
            "read 1 7" => {}
            "truncated" => {
                reader.expect("read", "truncated")?;
                told += 1;
            }
            other => bail!("cut {cut}: a guarded reader said `{other}`"),
        }
        reader.expect("drop", "dropped")?;
        fs::remove_file(&path).context("the file is gone")?;
    }
    ensure!(told > 0 || cuts < 20, "no cut was felt");
    let status = reader.end()?;
    ensure!(status.success(), "a guarded reader ended with {status}");
    Ok(format!(
        "{cuts} files cut under one guarded reader: it lives, was told {told} times, and read on \
         what was left {} times",
        cuts - told
    ))
}

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<String> {
    let path = stage.path("cut");
    let place = Spelled::path(&path);
    let mut late = clerks(stage)?;
    let mut noise = Noise::new(counts.seed);
    let (mut died, mut lived, mut refusals) = (0, 0, 0);
    let cuts = counts.mishaps();
    for cut in 0..cuts {
        let (_, writer) = &mut late[cut as usize % 2];
        writer.expect(&format!("create page {} plain", place.as_str()), "won 0")?;
        writer.expect("write page 1", "wrote 1")?;
        writer.expect("drop", "dropped")?;

        let language = noise.pick(&Language::BOTH);
        let mut victim = stage.clerk(language)?;
        victim.expect(&format!("attach page {}", place.as_str()), "attached")?;
        victim.expect("read", "read 1 1")?;
        let file = File::options().write(true).open(&path)?;
        file.set_len(noise.below(file.metadata()?.len()))?;
        victim.tell("read")?;
        match victim.line() {
            Ok(said) => {
                ensure!(said.starts_with("read ") || said == "retired", "{said}");
                lived += 1;
            }
            Err(_) => {
                let status = victim.wait()?;
                let bus = Signal::BUS.as_raw();
                ensure!(status.signal() == Some(bus), "cut {cut}: {status}");
                died += 1;
            }
        }
        for (_, clerk) in &mut late {
            for order in ["attach page", "judge cell"] {
                let order = format!("{order} {}", place.as_str());
                refusals += refused(clerk, &order, &["not-a-segment"])?;
            }
        }
        fs::remove_file(&path).context("the file is gone")?;
    }
    if died == 0 && cuts > 20 {
        bail!("no cut was felt");
    }
    Ok(format!(
        "{cuts} files cut under a reader: {died} readers ended by SIGBUS, {lived} read on what was \
         left; {refusals} of {refusals} later attaches refused in both languages"
    ))
}
