//! What a reader begins to fetch before it knows which copy it wants.

use crate::copy::{self, Take};
use crate::latch::words::LINE;
use crate::latch::{Copies, Latch, Orders, Words, cold_path, words};
use crate::sync::{Ordering, WORD};

/// Most lines of a record that are fetched ahead: the processor goes on by
/// itself.
const MOST_LINES: usize = 8;

impl<O: Orders> Latch<'_, O> {
    /// Begins to fetch what `take` will want, where it does not come with the
    /// sequence.
    #[inline(always)]
    pub(super) fn fetch_for(&self, take: &impl Take) {
        if self.is_apart() {
            self.fetch(take.first(), take.count());
        } else if self.count.are_many() {
            cold_path();
            self.fetch(take.first(), take.count());
        }
    }

    /// Whether a copy may lie on another line than the head: else all of it
    /// comes with the sequence.
    #[inline(always)]
    pub(crate) fn is_spread(&self) -> bool {
        self.is_apart() || self.count.are_many()
    }

    /// Whether that is so however many copies there are.
    #[inline(always)]
    fn is_apart(&self) -> bool {
        let is_long = words(self.width, Copies::TWO) * WORD > LINE;
        is_long || self.words.distance != self.width
    }

    /// Begins to fetch the lines from word `first` on of each copy that may be
    /// the published one, while the sequence that tells which is on its way
    /// itself: a record that another core has just written is then waited for
    /// once, not twice.
    #[inline(always)]
    pub(crate) fn fetch(&self, first: usize, count: usize) {
        let Words {
            copies, distance, ..
        } = self.words;
        copy::prefetch_lines(copies, first, count);
        copy::prefetch_lines(copies, first + distance, count);
        if self.count.are_many() {
            cold_path();
            copy::prefetch_lines(copies, first + 2 * distance, count);
            copy::prefetch_lines(copies, first + 3 * distance, count);
        }
    }

    /// Begins to fetch the head, from far.
    #[inline(always)]
    pub(crate) fn fetch_head(&self) {
        copy::prefetch_far(self.words.head, 0);
    }

    /// Begins to fetch the first [`MOST_LINES`] of the copy that is published
    /// now, from far: a guess, which waits for the head where that is far too.
    #[inline(always)]
    pub(crate) fn fetch_published(&self) {
        let copy = self.copy_of(self.seq().load(Ordering::Relaxed));
        for first in (0..copy.len()).step_by(LINE / WORD).take(MOST_LINES) {
            copy::prefetch_far(copy, first);
        }
    }

    /// Begins to fetch copy `copy` of the record so many `rows` on, where the
    /// copies of rows lie beside each other.
    #[inline(always)]
    pub(crate) fn fetch_beside(&self, copy: u64, rows: usize) {
        copy::prefetch(self.copy_of(2 * copy), rows * self.width);
    }

    /// Begins to fetch what lies so many `bytes` behind the head.
    #[inline(always)]
    pub(crate) fn fetch_behind(&self, bytes: usize) {
        copy::prefetch(self.words.head, bytes / WORD);
    }

    /// Brings both copies near, of which there are two, where they do not come
    /// with the head.
    #[inline(always)]
    pub(crate) fn bring_both(&self) {
        if self.is_spread() {
            for copy in [self.copy_of(0), self.copy_of(2)] {
                copy.iter().step_by(LINE / WORD).for_each(copy::bring);
            }
        }
    }
}
