//! A whole table of 64-byte records, each of them whole.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Result;
use shm_runtime::Order;

use crate::block::Bytes64;
use crate::measure::Plan;
use crate::measure::made::Made;
use crate::pin;
use crate::results::Line;

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
        // As long for few rows as for many.
        let turns = TURNS * (1_000_000 / rows).clamp(1, 20) as usize;
        lines.extend(of(rows, plan.turns(turns))?);
    }
    Ok(lines)
}

fn of(rows: u64, turns: usize) -> Result<Vec<Line>> {
    let in_rows = Made::<Bytes64>::new(rows, Order::Rows, true)?;
    let in_arrays = Made::<Bytes64>::new(rows, Order::Arrays, true)?;
    let even = Made::<Bytes64>::new(rows, Order::Arrays, false)?;
    let source = in_rows.table.to_vec()?;
    let mut to = source.clone();
    let mut samples = [const { Vec::new() }; 4];
    for _ in 0..turns {
        let (copy, rest) = samples.split_at_mut(1);
        copy[0].push(time(|| to.copy_from_slice(black_box(&source))));
        black_box(&mut to);
        for (made, samples) in [&in_rows, &in_arrays, &even].into_iter().zip(rest) {
            let mut read = Ok(0);
            samples.push(time(|| read = made.table.read_all(&mut to)));
            read?;
            black_box(&mut to);
        }
    }
    let yardstick = samples[0].clone();
    let names = [
        "memcpy",
        "read_all",
        "read_all, order: arrays",
        "read_all, order: arrays, all written as often",
    ];
    let lines = names
        .into_iter()
        .zip(samples)
        .map(|(name, samples)| Line::in_turns(name, rows, "us", samples, &yardstick));
    Ok(lines.collect())
}

/// In microseconds.
fn time(act: impl FnOnce()) -> f64 {
    let began = Instant::now();
    act();
    began.elapsed().as_nanos() as f64 / 1e3
}
