//! A record that another core has just written.
//!
//! Two threads on two cores hand a turn to and fro: one writes some records,
//! the other waits a moment, so that the writes have arrived, and times a read
//! of each, one after the other. Several, because a cycle counter may have
//! steps of 10 ns, which is a third of such a read.
//!
//! All contenders take turns, as in `turns.rs`: a host may let two virtual
//! processors share a core and its cache for a while, and part them again.

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

const TURNS: usize = 200;

/// Rounds of one contender in one turn, of which the median counts.
const ROUNDS: usize = 9;

/// Records that are written and read in one round.
const BATCH: usize = ORDER.len();

/// In which order they are read: records made one after the other lie as far
/// from one another, and a processor that has seen two such steps fetches what
/// lies a third one ahead.
const ORDER: [usize; 16] = [0, 5, 3, 12, 8, 1, 14, 10, 2, 7, 15, 4, 9, 13, 6, 11];

/// How often to look for the other thread before it may have the core: on a
/// busy machine it may be waiting for just that.
const LOOKS: u32 = 5_000;

/// Writes a value to all records of a contender.
type Write<const N: usize> = dyn FnMut(&[u64; N]) + Send;

/// Reads all records of a contender; returns the ticks before and after.
type Read<const N: usize> = dyn FnMut(&mut [u64; N]) -> (u64, u64);

/// One of those that take turns.
struct Contender<const N: usize> {
    name: &'static str,
    write: Box<Write<N>>,
    read: Box<Read<N>>,
}

/// Collects a contender of each peer.
struct Cold<const N: usize>(Vec<Contender<N>>);

impl<const N: usize> Visit<N> for Cold<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writers, mut readers) = (Vec::new(), Vec::new());
        let mut twice = chance();
        for _ in 0..BATCH {
            let (writer, mut reader) = P::open(1)?;
            writers.push(writer);
            readers.append(&mut reader);
        }
        self.0.push(Contender {
            name: P::NAME,
            write: Box::new(move |value| {
                for writer in &mut writers {
                    writer.write(value);
                    if twice() {
                        writer.write(value);
                    }
                }
            }),
            read: Box::new(move |to| {
                timed(|record| {
                    readers[record].read(to);
                    black_box(&mut *to);
                })
            }),
        });
        Ok(())
    }
}

/// As chance has it: so no processor can learn which copy of a record comes
/// next. (Marsaglia, *Xorshift RNGs*, 2003.)
pub(super) fn chance() -> impl FnMut() -> bool + Send {
    let mut state = 88_172_645_463_325_252_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 63 == 1
    }
}

/// A record without a protocol, on a page of its own, as those of others are.
#[derive(Clone)]
#[repr(align(4096))]
struct Page<const N: usize>([u64; N]);

/// The least that any read can cost here. The lock is apart from the records,
/// and is held before the clock starts.
fn memcpy<const N: usize>() -> Contender<N> {
    let pages = Arc::new(Mutex::new(vec![Page([0; N]); BATCH]));
    let written = Arc::clone(&pages);
    Contender {
        name: "memcpy",
        write: Box::new(move |value| {
            for page in &mut *written.lock().unwrap_or_else(PoisonError::into_inner) {
                *black_box(&mut page.0) = *value;
            }
        }),
        read: Box::new(move |to| {
            let pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
            timed(|record| {
                *to = *black_box(&pages[record].0);
                black_box(&mut *to);
            })
        }),
    }
}

/// Ticks before and after each record was read, one after the other.
#[inline(always)]
fn timed(mut read: impl FnMut(usize)) -> (u64, u64) {
    let began = ticks::now();
    for record in black_box(&ORDER) {
        read(*record);
        ticks::wait();
    }
    (began, ticks::now())
}

/// What a round takes in which nothing is read.
fn empty_ns(scale: &Scale) -> f64 {
    let round = |_| {
        let (began, ended) = timed(|record| {
            black_box(record);
        });
        scale.between(began, ended)
    };
    Summary::of((0..1_000).map(round).collect()).median
}

/// Lets all take turns; returns what a read of each took, by turn.
fn race<const N: usize>(contenders: Vec<Contender<N>>, turns: usize) -> Vec<Vec<f64>> {
    let scale = Scale::get();
    let cores = pin::cores();
    let (mut writes, mut reads) = (Vec::new(), Vec::new());
    for Contender { write, read, .. } in contenders {
        writes.push(write);
        reads.push(read);
    }
    let turn = AtomicU64::new(0);
    let ends = AtomicBool::new(false);
    let mut samples = vec![Vec::with_capacity(turns); reads.len()];
    thread::scope(|scope| {
        // Even turns are the writer's. Both sides know whose round it is.
        scope.spawn(|| {
            pin::to(&cores, 1);
            for (round, who) in (0..).zip(schedule(writes.len())) {
                if !wait(&turn, 2 * round, &ends) {
                    return;
                }
                writes[who](&[round + 1; N]);
                turn.store(2 * round + 1, Ordering::Release);
            }
        });
        pin::to(&cores, 0);
        let empty = empty_ns(scale);
        let mut to = [0; N];
        let mut rounds = Vec::with_capacity(ROUNDS);
        let all = turns * reads.len() * ROUNDS;
        for (round, who) in (0..).zip(schedule(reads.len())).take(all) {
            wait(&turn, 2 * round + 1, &ends);
            for _ in 0..100 {
                spin_loop();
            }
            let (began, ended) = reads[who](&mut to);
            assert_eq!(to[N - 1], round + 1, "the read was of another round");
            turn.store(2 * round + 2, Ordering::Release);
            rounds.push((scale.between(began, ended) - empty) / BATCH as f64);
            if rounds.len() == ROUNDS {
                samples[who].push(Summary::of(std::mem::take(&mut rounds)).median);
            }
        }
        ends.store(true, Ordering::Relaxed);
    });
    samples
}

/// Whose rounds they are: some of each, again and again.
fn schedule(contenders: usize) -> impl Iterator<Item = usize> {
    (0..contenders)
        .flat_map(|who| [who; ROUNDS])
        .collect::<Vec<_>>()
        .into_iter()
        .cycle()
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
    let mut cold = Cold(vec![memcpy::<N>()]);
    peer::each::<N>(&mut cold)?;
    let names: Vec<_> = cold.0.iter().map(|contender| contender.name).collect();
    let samples = race(cold.0, plan.turns(TURNS));
    let yardstick = samples[0].clone();
    let lines = names
        .into_iter()
        .zip(samples)
        .map(|(name, samples)| Line::in_turns(name, 8 * N as u64, "ns", samples, &yardstick));
    Ok(lines.collect())
}
