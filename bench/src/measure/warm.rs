//! Records that are in the caches: what the code itself costs.

use std::hint::black_box;

use anyhow::Result;
use shm_runtime::Cell;

use crate::block::{Block, Sized, Words, each_size};
use crate::measure::Plan;
use crate::peer::ours::{Ours, Owner};
use crate::peer::{self, Peer, Reader, Visit, Writer};
use crate::pin;
use crate::results::Line;
use crate::turns::{self, Contender};

const TURNS: usize = 120;

/// Collects a contender of each peer.
struct Readers<const N: usize>(Vec<Contender<'static>>);

impl<const N: usize> Visit<N> for Readers<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writer, mut readers) = P::open(1)?;
        writer.write(&[7; N]);
        let Some(mut reader) = readers.pop() else {
            return Ok(());
        };
        self.0.push(Contender::reads(P::NAME, move |to| {
            // Lives as long as its reader.
            let _ = &writer;
            reader.read(to);
        }));
        Ok(())
    }
}

/// Reading into a private buffer; of ours also by value, which is looked at
/// where it is, or put into the buffer.
pub(super) fn read(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    pin::to(&pin::cores(), 1);
    each_size!(|N| lines.extend(read_of::<N>(plan)?));
    Ok(lines)
}

fn read_of<const N: usize>(plan: &Plan) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    let source = Box::new([7; N]);
    let memcpy = Contender::reads("memcpy", move |to: &mut [u64; N]| {
        *to = *black_box(&*source)
    });
    let (mut writer, mut readers) = <Ours<2> as Peer<N>>::open(2)?;
    writer.write(&[7; N]);
    let (reader, other) = (readers.remove(0), readers.remove(0));
    let by_value = Contender::reads("shm-runtime, by value", move |_: &mut [u64; N]| {
        let _ = &writer;
        let value = black_box(&reader).read().expect("it is there");
        black_box(&value);
    });
    let put = Contender::reads("shm-runtime, by value, put", move |to: &mut [u64; N]| {
        *bytemuck::cast_mut(to) = black_box(&other).read().expect("it is there");
    });
    let mut all = Readers(vec![memcpy, by_value, put]);
    peer::each::<N>(&mut all)?;
    Ok(turns::take(all.0, plan.turns(TURNS), 8 * N as u64))
}

/// Where the record that is written comes from.
#[derive(Clone, Copy)]
enum Origin {
    /// It stands in a private buffer and has not changed lately.
    Buffer,
    /// It was made just before, word by word.
    Fresh,
}

/// A contender that writes what comes from an origin. The closure stands there
/// twice, since one that is used twice is a call and not a part of the loop.
macro_rules! writing {
    ($origin:expr, $name:expr, $write:expr) => {
        match $origin {
            Origin::Buffer => Contender::writes($name, $write),
            Origin::Fresh => Contender::makes($name, $write),
        }
    };
}

/// Collects a contender of each peer.
struct Writers<const N: usize> {
    from: Origin,
    all: Vec<Contender<'static>>,
}

impl<const N: usize> Visit<N> for Writers<N> {
    fn peer<P: Peer<N>>(&mut self) -> Result<()> {
        let (mut writer, readers) = P::open(1)?;
        self.all.push(writing!(self.from, P::NAME, move |from| {
            let _ = &readers;
            writer.write(from);
        }));
        Ok(())
    }
}

/// Publishing what stands in a private buffer.
pub(super) fn write(plan: &Plan) -> Result<Vec<Line>> {
    writes(plan, Origin::Buffer)
}

/// Publishing what was made just before, as programs mostly do.
pub(super) fn fresh(plan: &Plan) -> Result<Vec<Line>> {
    writes(plan, Origin::Fresh)
}

fn writes(plan: &Plan, from: Origin) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    pin::to(&pin::cores(), 1);
    each_size!(|N| lines.extend(writes_of::<N>(plan, from)?));
    Ok(lines)
}

fn writes_of<const N: usize>(plan: &Plan, from: Origin) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    let mut target = Box::new([7; N]);
    let memcpy = writing!(from, "memcpy", move |from: &[u64; N]| {
        *black_box(&mut *target) = *from;
    });
    let cell = Cell::<<Words<N> as Sized<N>>::Block>::options(peer::fresh_name().as_str());
    let mut unstamped = Owner(Some(cell.stamps(false).create()?));
    let unstamped = writing!(from, "shm-runtime, no stamps", move |from: &[u64; N]| {
        unstamped.write(from);
    });
    let all = vec![memcpy, unstamped];
    let mut writers = Writers { from, all };
    peer::each::<N>(&mut writers)?;
    Ok(turns::take(writers.all, plan.turns(TURNS), 8 * N as u64))
}

/// One field of a record, beside a plain load and a read of the whole.
pub(super) fn get(plan: &Plan) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    pin::to(&pin::cores(), 1);
    each_size!(|N| lines.extend(get_of::<N>(plan)?));
    Ok(lines)
}

fn get_of<const N: usize>(plan: &Plan) -> Result<Vec<Line>>
where
    Words<N>: Sized<N>,
{
    let source = Box::new([7_u64; N]);
    let load = Contender::new("plain load", move |times, _| {
        for _ in 0..times {
            black_box(black_box(&*source)[0]);
        }
    });
    let (mut writer, mut readers) = <Ours<2> as Peer<N>>::open(1)?;
    writer.write(&[7; N]);
    let cell: Cell<<Words<N> as Sized<N>>::Block> = readers.remove(0);
    let get = Contender::new("shm-runtime", move |times, _| {
        let _ = &writer;
        for _ in 0..times {
            black_box(
                black_box(&cell)
                    .get(Block::<N>::FIELD)
                    .expect("it is there"),
            );
        }
    });
    Ok(turns::take(
        vec![load, get],
        plan.turns(TURNS),
        8 * N as u64,
    ))
}
