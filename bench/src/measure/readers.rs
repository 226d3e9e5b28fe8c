//! Two readers at once, on two cores: do they slow each other down?

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use anyhow::Result;

use crate::block::each_size;
use crate::measure::Plan;
use crate::peer::{self, Peer, Reader, Visit, Writer};
use crate::pin;
use crate::results::Line;
use crate::summary::Summary;

const BATCHES: usize = 400;
const READS: usize = 2_000;

/// Reads of each peer, alone and in company.
struct Pair<const N: usize> {
    batches: usize,
    lines: Vec<Line>,
}

impl<const N: usize> Visit<N> for Pair<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writer, mut readers) = P::open(2)?;
        writer.write(&[7; N]);
        let (first, second) = readers.split_at_mut(1);
        let (alone, company) = race(self.batches, &mut first[0], &mut second[0]);
        let (alone, company) = (Summary::of(alone), Summary::of(company));
        let mut line = Line::new(P::NAME, 8 * N as u64, "ns", company);
        // How much two get done in the time of one.
        line.ratio = Some(2.0 * alone.median / company.median);
        self.lines.push(line);
        Ok(())
    }
}

/// What reads take alone, and with another reader on another core.
fn race<const N: usize>(
    count: usize,
    first: &mut dyn Reader<N>,
    second: &mut dyn Reader<N>,
) -> (Vec<f64>, Vec<f64>) {
    let cores = pin::cores();
    pin::to(&cores, 0);
    let alone = batches(count, first);
    let begin = Barrier::new(2);
    let company = thread::scope(|scope| {
        let other = scope.spawn(|| {
            pin::to(&cores, 1);
            begin.wait();
            batches(count, second)
        });
        begin.wait();
        let mut samples = batches(count, first);
        samples.extend(other.join().unwrap_or_default());
        samples
    });
    (alone, company)
}

/// What a read takes, one sample a batch: a median of these is not moved by
/// what else wants the processor now and then.
fn batches<const N: usize>(count: usize, reader: &mut dyn Reader<N>) -> Vec<f64> {
    let mut to = [0; N];
    let batch = |_| {
        let began = Instant::now();
        for _ in 0..READS {
            reader.read(&mut to);
            black_box(&mut to);
        }
        began.elapsed().as_nanos() as f64 / READS as f64
    };
    (0..count).map(batch).collect()
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    each_size!(|N| {
        let mut pair = Pair::<N> {
            batches: plan.turns(BATCHES),
            lines: Vec::new(),
        };
        peer::each::<N>(&mut pair)?;
        lines.extend(pair.lines);
    });
    Ok(lines)
}
