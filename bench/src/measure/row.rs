//! One row of a table at a time, in either order of its records: what a table
//! that is mainly read whole costs those who read it row by row.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::Result;
use shm_runtime::Order;

use crate::block::{Sized, Words};
use crate::measure::Plan;
use crate::measure::made::Made;
use crate::pin;
use crate::results::Line;
use crate::turns::{self, Contender};

const TURNS: usize = 150;

/// Rows that the caches of one core hold, and bytes that none holds.
const FEW: u64 = 100;
const MANY_BYTES: u64 = 128 << 20;

/// Rows by turns; the first is the yardstick.
const ORDERS: [Order; 2] = [Order::Rows, Order::Arrays];

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    lines.extend(of::<2>(plan)?);
    lines.extend(of::<8>(plan)?);
    lines.extend(of::<32>(plan)?);
    Ok(lines)
}

fn of<const N: usize>(plan: &Plan) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    let turns = plan.turns(TURNS);
    let mut lines = random::<N>("a random row of 100", FEW, turns)?;
    let many = MANY_BYTES / (8 * N as u64);
    lines.extend(random::<N>("a random row of 128 MiB", many, turns)?);
    lines.extend(beside_a_writer::<N>(turns)?);
    Ok(lines)
}

/// Reads whose row is known only when the one before was read: so each waits
/// for its own memory.
fn random<const N: usize>(what: &str, rows: u64, turns: usize) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    pin::to(&pin::cores(), 1);
    let mut contenders = Vec::new();
    for order in ORDERS {
        let made = Made::<<Words<N> as Sized<N>>::Block>::new(rows, order, true)?;
        let (mut to, mut seed) = ([0; N], 1_u64);
        let name = format!("{what}, order: {order}");
        contenders.push(Contender::new(&name, move |times, _| {
            for _ in 0..times {
                // Knuth's numbers; the record's are zeros.
                seed = (seed + black_box(&to)[0])
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let row = (u128::from(seed) * u128::from(rows)) >> 64;
                let read = made.table.row(row as u64);
                let read = read.read_into(bytemuck::cast_mut(&mut to));
                read.expect("there is such a row");
            }
        }));
    }
    Ok(turns::take(contenders, turns, 8 * N as u64))
}

/// Reads of a row whose neighbour another core writes without pause.
fn beside_a_writer<const N: usize>(turns: usize) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    let mut lines: Vec<Line> = Vec::new();
    for order in ORDERS {
        let mut made = Made::<<Words<N> as Sized<N>>::Block>::new(FEW, order, true)?;
        let ends = AtomicBool::new(false);
        let cores = pin::cores();
        let (table, writer) = (&made.table, &mut made.writer);
        let line = thread::scope(|scope| {
            scope.spawn(|| {
                pin::to(&cores, 1);
                let Some(writer) = writer else { return };
                while !ends.load(Ordering::Relaxed) {
                    for _ in 0..100 {
                        writer.row_mut(9).update(|_| ()).expect("it is ours");
                    }
                }
            });
            pin::to(&cores, 0);
            while table.row(9).version().is_ok_and(|version| version < 1_000) {
                thread::yield_now();
            }
            let name = format!("the row before one that is written, order: {order}");
            let reader = Contender::reads::<N>(&name, |to| {
                let read = table.row(8).read_into(bytemuck::cast_mut(to));
                read.expect("there is such a row");
            });
            let lines = turns::take(vec![reader], turns, 8 * N as u64);
            ends.store(true, Ordering::Relaxed);
            lines
        });
        lines.extend(line);
    }
    let yard = lines[0].summary.median;
    for line in &mut lines {
        line.ratio = Some(line.summary.median / yard);
    }
    Ok(lines)
}
