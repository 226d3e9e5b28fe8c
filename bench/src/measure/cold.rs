//! A record that another core has just written.
//!
//! Two threads on two cores hand a turn to and fro: one writes, the other
//! waits a moment, so that the write has arrived, and times one read.

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::Result;

use crate::block::{Sized, Words, each_size};
use crate::measure::Plan;
use crate::peer::{self, Peer, Reader, Visit, Writer};
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;
use crate::ticks::{self, Scale};

const ROUNDS: usize = 1_500;

/// How often to look for the other thread before it may have the core: on a
/// busy machine it may be waiting for just that.
const LOOKS: u32 = 5_000;

/// What has no protocol: the least that any read can cost here. Its lock
/// stands apart from the record, and is held before the clock starts.
type Plain<const N: usize> = Arc<Mutex<Box<[u64; N]>>>;

/// All of a measure for records of one size.
struct Cold<const N: usize> {
    rounds: usize,
    lines: Vec<Line>,
}

impl<const N: usize> Visit<N> for Cold<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writer, mut readers) = P::open(1)?;
        let reader = &mut readers[0];
        let samples = rounds::<N>(self.rounds, &mut writer, &mut |to| {
            let began = ticks::now();
            reader.read(to);
            (began, ticks::now())
        });
        self.lines.push(line(P::NAME, N, samples));
        Ok(())
    }
}

impl<const N: usize> Writer<N> for Plain<N> {
    fn write(&mut self, value: &[u64; N]) {
        **self.lock().unwrap_or_else(PoisonError::into_inner) = *value;
    }
}

fn memcpy<const N: usize>(count: usize) -> Line {
    let plain: Plain<N> = Arc::new(Mutex::new(Box::new([0; N])));
    let samples = rounds::<N>(count, &mut plain.clone(), &mut |to| {
        let record = plain.lock().unwrap_or_else(PoisonError::into_inner);
        let began = ticks::now();
        *to = *black_box(&**record);
        black_box(to);
        (began, ticks::now())
    });
    line("memcpy", N, samples)
}

fn line(name: &str, words: usize, samples: Vec<f64>) -> Line {
    Line::new(name, 8 * words as u64, "ns", Summary::of(samples))
}

/// Lets the turn go to and fro; returns what each read took.
fn rounds<const N: usize>(
    rounds: usize,
    writer: &mut dyn Writer<N>,
    read: &mut dyn FnMut(&mut [u64; N]) -> (u64, u64),
) -> Vec<f64> {
    let scale = Scale::get();
    let cores = pin::cores();
    let turn = AtomicU64::new(0);
    let ends = AtomicBool::new(false);
    let mut samples = Vec::with_capacity(rounds);
    thread::scope(|scope| {
        scope.spawn(|| {
            pin::to(&cores, 1);
            // Even turns are the writer's.
            for round in 0.. {
                if !wait(&turn, 2 * round, &ends) {
                    return;
                }
                writer.write(&[round + 1; N]);
                turn.store(2 * round + 1, Ordering::Release);
            }
        });
        pin::to(&cores, 0);
        let mut to = [0; N];
        for round in 0..rounds as u64 {
            wait(&turn, 2 * round + 1, &ends);
            for _ in 0..50 {
                spin_loop();
            }
            let (began, ended) = read(&mut to);
            black_box(&to);
            samples.push(scale.between(began, ended));
            turn.store(2 * round + 2, Ordering::Release);
        }
        ends.store(true, Ordering::Relaxed);
    });
    samples
}

/// Until it is turn `mine`; false once the measure has ended.
fn wait(turn: &AtomicU64, mine: u64, ends: &AtomicBool) -> bool {
    let mut looks = 0;
    while turn.load(Ordering::Acquire) != mine {
        if ends.load(Ordering::Relaxed) {
            return false;
        }
        looks += 1;
        match looks % LOOKS {
            0 => thread::yield_now(),
            _ => spin_loop(),
        }
    }
    true
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    each_size!(|N| lines.extend(of::<N>(plan)?));
    Ok(lines)
}

fn of<const N: usize>(plan: &Plan) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    let rounds = plan.turns(ROUNDS);
    let memcpy = memcpy::<N>(rounds);
    let mut cold = Cold::<N> {
        rounds,
        lines: Vec::new(),
    };
    peer::each::<N>(&mut cold)?;
    let yard = memcpy.summary.median;
    let mut lines = vec![memcpy];
    lines.extend(cold.lines);
    for line in &mut lines {
        line.ratio = Some(line.summary.median / yard);
    }
    Ok(lines)
}
