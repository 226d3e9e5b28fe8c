//! Two readers at once, on two cores: do they slow each other down?

use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use anyhow::Result;

use crate::block::each_size;
use crate::measure::Plan;
use crate::peer::{self, Peer, Reader, Visit, Writer};
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;
use crate::turns::{Arena, PLACEMENTS};

const TURNS: usize = 120;

/// What one batch takes, some 20 microseconds, in nanoseconds.
const BATCH_NS: f64 = 20_000.0;

/// Reads of each peer, alone and in company.
struct Pair<const N: usize> {
    turns: usize,
    lines: Vec<Line>,
}

impl<const N: usize> Visit<N> for Pair<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writer, mut readers) = P::open(2)?;
        writer.write(&[7; N]);
        let (first, second) = readers.split_at_mut(1);
        let line = race(P::NAME, self.turns, &mut first[0], &mut second[0]);
        self.lines.push(line);
        Ok(())
    }
}

/// What has no protocol: how far two cores get in each other's way as it is.
struct Plain<const N: usize>(Arc<[u64; N]>);

impl<const N: usize> Reader<N> for Plain<N> {
    fn read(&mut self, to: &mut [u64; N]) -> u64 {
        *to = *black_box(&*self.0);
        0
    }
}

/// What reads take with another reader on another core, and how much two get
/// done in the time of one that is alone.
///
/// Alone and in company take turns, and both readers have their buffers at the
/// same placements.
fn race<const N: usize>(
    name: &str,
    turns: usize,
    first: &mut dyn Reader<N>,
    second: &mut dyn Reader<N>,
) -> Line {
    let cores = pin::cores();
    pin::to(&cores, 0);
    let (mut to, mut reads) = (Arena::new(), 16);
    // The least of three, as one may be interrupted.
    while reads < 1 << 16 {
        let tries = (0..3).map(|_| batch(first, to.at(0), reads));
        if tries.fold(f64::MAX, f64::min) * reads as f64 > 0.7 * BATCH_NS {
            break;
        }
        reads *= 2;
    }
    let both = Barrier::new(2);
    let met = AtomicUsize::new(0);
    let (mut company, mut gains) = (Vec::new(), Vec::new());
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            pin::to(&cores, 1);
            let mut to = Arena::new();
            let mut samples = Vec::with_capacity(turns);
            for turn in 0..turns {
                let to = to.at(PLACEMENTS[turn % PLACEMENTS.len()]);
                both.wait();
                // Asleep, so that the first is alone.
                both.wait();
                meet(&met, turn);
                samples.push(in_company(second, to, reads));
            }
            samples
        });
        let mut samples = Vec::with_capacity(turns);
        for turn in 0..turns {
            let to = to.at(PLACEMENTS[turn % PLACEMENTS.len()]);
            both.wait();
            batch(first, to, reads / 4 + 1);
            let alone = batch(first, to, reads);
            both.wait();
            meet(&met, turn);
            samples.push((alone, in_company(first, to, reads)));
        }
        let others = other.join().unwrap_or_default();
        for ((alone, one), other) in samples.into_iter().zip(others) {
            company.extend([one, other]);
            gains.push(alone / one + alone / other);
        }
    });
    Line {
        ratio: Some(Summary::of(gains).median),
        ..Line::new(name, 8 * N as u64, "ns", Summary::of(company))
    }
}

/// Lets two begin at once, which one that has to be woken cannot.
fn meet(met: &AtomicUsize, turn: usize) {
    met.fetch_add(1, Ordering::Relaxed);
    while met.load(Ordering::Relaxed) < 2 * (turn + 1) {
        spin_loop();
    }
}

/// [`batch`], with some reads before and after it for the one that is slower.
fn in_company<const N: usize>(reader: &mut dyn Reader<N>, to: &mut [u64; N], reads: u64) -> f64 {
    batch(reader, to, reads / 4 + 1);
    let took = batch(reader, to, reads);
    batch(reader, to, reads / 2 + 1);
    took
}

/// What a read takes, on average over so many.
fn batch<const N: usize>(reader: &mut dyn Reader<N>, to: &mut [u64; N], reads: u64) -> f64 {
    let began = Instant::now();
    for _ in 0..reads {
        reader.read(to);
        black_box(&mut *to);
    }
    began.elapsed().as_nanos() as f64 / reads as f64
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    each_size!(|N| {
        let plain = Arc::new([7; N]);
        let (mut first, mut second) = (Plain(plain.clone()), Plain(plain));
        let turns = plan.turns(TURNS);
        let mut pair = Pair::<N> {
            turns,
            lines: vec![race("memcpy", turns, &mut first, &mut second)],
        };
        peer::each::<N>(&mut pair)?;
        lines.extend(pair.lines);
    });
    Ok(lines)
}
