//! Measuring in turns: A B C A B C ...
//!
//! The frequency of a processor and what else runs on it change from second
//! to second. What is measured a few microseconds apart meets the same of
//! both, so ratios hold where single figures do not.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::results::Line;

/// Where in a page a turn's private buffer begins, in words. How far source
/// and destination are apart changes what a copy costs by up to three times,
/// so each turn takes another one.
pub(crate) const PLACEMENTS: [usize; 6] = [0, 1, 8, 13, 64, 301];

/// Words of a buffer that has room for every placement of a record.
pub(crate) const ROOM: usize = 512 + 512;

/// A private buffer that a record is copied to or from.
pub(crate) struct Arena {
    words: Vec<u64>,
    /// Of the first word on a page.
    first: usize,
}

impl Arena {
    pub(crate) fn new() -> Self {
        const PAGE: usize = 512;
        let words = vec![1; ROOM + PAGE];
        let first = (PAGE - words.as_ptr() as usize / 8 % PAGE) % PAGE;
        Self { words, first }
    }

    /// The buffer of one placement.
    pub(crate) fn at<const N: usize>(&mut self, placement: usize) -> &mut [u64; N] {
        let start = self.first + placement;
        (&mut self.words[start..start + N])
            .try_into()
            .expect("there is room")
    }
}

/// One of those that take turns.
pub(crate) struct Contender<'a> {
    name: String,
    /// Does it so many times, with the buffer at that placement.
    act: Box<dyn FnMut(u64, usize) + 'a>,
}

impl<'a> Contender<'a> {
    pub(crate) fn new(name: &str, act: impl FnMut(u64, usize) + 'a) -> Self {
        Self {
            name: name.to_owned(),
            act: Box::new(act),
        }
    }

    /// One that reads into a buffer.
    pub(crate) fn reads<const N: usize>(
        name: &str,
        mut read: impl FnMut(&mut [u64; N]) + 'a,
    ) -> Self {
        let mut arena = Arena::new();
        Self::new(name, move |times, placement| {
            let to = arena.at::<N>(placement);
            for _ in 0..times {
                read(to);
                black_box(&mut *to);
            }
        })
    }

    /// One that writes what stands in a buffer.
    pub(crate) fn writes<const N: usize>(
        name: &str,
        mut write: impl FnMut(&[u64; N]) + 'a,
    ) -> Self {
        let mut arena = Arena::new();
        Self::new(name, move |times, placement| {
            let from = arena.at::<N>(placement);
            for _ in 0..times {
                write(black_box(&*from));
            }
        })
    }

    /// One that writes what it has made just before.
    pub(crate) fn makes<const N: usize>(name: &str, mut write: impl FnMut(&[u64; N]) + 'a) -> Self {
        Self::new(name, move |times, _| {
            for time in 0..times {
                // Not by `array::from_fn`, whose result is moved once more.
                let mut made = [black_box(time); N];
                for (at, word) in made.iter_mut().enumerate() {
                    *word += at as u64;
                }
                write(&made);
            }
        })
    }

    fn time(&mut self, times: u64, placement: usize) -> Duration {
        let began = Instant::now();
        (self.act)(times, placement);
        began.elapsed()
    }

    /// How many times take some 20 microseconds.
    fn calibrate(&mut self) -> u64 {
        let mut times = 1;
        // The least of some: one that was interrupted says nothing.
        let mut least = |times| (0..3).map(|_| self.time(times, 0)).min();
        while times < 1 << 20 && least(times) < Some(Duration::from_micros(15)) {
            times *= 2;
        }
        times
    }
}

/// Lets all take `turns` turns; the first of them is the yardstick of the
/// ratios.
pub(crate) fn take(mut contenders: Vec<Contender<'_>>, turns: usize, size: u64) -> Vec<Line> {
    let times: Vec<u64> = contenders.iter_mut().map(Contender::calibrate).collect();
    let mut samples = vec![Vec::with_capacity(turns); contenders.len()];
    for turn in 0..turns {
        let placement = PLACEMENTS[turn % PLACEMENTS.len()];
        for (who, contender) in contenders.iter_mut().enumerate() {
            // The first half again warms what the others have pushed out.
            contender.time(times[who] / 4 + 1, placement);
            let took = contender.time(times[who], placement);
            samples[who].push(took.as_nanos() as f64 / times[who] as f64);
        }
    }
    let yardstick = samples[0].clone();
    let line = |(contender, samples): (Contender<'_>, Vec<f64>)| {
        Line::in_turns(&contender.name, size, "ns", samples, &yardstick)
    };
    contenders.into_iter().zip(samples).map(line).collect()
}
