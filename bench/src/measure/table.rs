//! A whole table of 64-byte records, each of them whole.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use shm_runtime::{SharedLayout, Table};

use crate::block::Bytes64;
use crate::measure::Plan;
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;

const TURNS: usize = 15;

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    pin::to(&pin::cores(), 1);
    let rows: &[u64] = if plan.quick {
        &[1_000, 100_000]
    } else {
        &[1_000, 100_000, 1_000_000]
    };
    let mut lines = Vec::new();
    for &rows in rows {
        lines.extend(of(rows, plan.turns(TURNS))?);
    }
    Ok(lines)
}

fn of(rows: u64, turns: usize) -> Result<Vec<Line>> {
    let name = crate::peer::fresh_name();
    let mut writer = Table::<Bytes64>::create(name.as_str(), rows)?;
    for row in 0..rows {
        // Some rows once and some twice, so that both copies are in use.
        for _ in 0..1 + row % 2 {
            writer.row_mut(row).write(&Bytes64::zeroed())?;
        }
    }
    let table = Table::<Bytes64>::attach(name.as_str())?;
    let source = table.to_vec()?;
    let mut to = source.clone();
    let (mut copies, mut reads, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..turns {
        let began = Instant::now();
        to.copy_from_slice(black_box(&source));
        let copied = began.elapsed().as_nanos() as f64 / 1e3;
        black_box(&mut to);
        let began = Instant::now();
        table.read_all(&mut to)?;
        let read = began.elapsed().as_nanos() as f64 / 1e3;
        black_box(&mut to);
        copies.push(copied);
        reads.push(read);
        ratios.push(read / copied);
    }
    writer.unlink()?;
    let mut memcpy = Line::new("memcpy", rows, "us", Summary::of(copies));
    memcpy.ratio = Some(1.0);
    let mut read_all = Line::new("read_all", rows, "us", Summary::of(reads));
    read_all.ratio = Some(Summary::of(ratios).median);
    Ok(vec![memcpy, read_all])
}
