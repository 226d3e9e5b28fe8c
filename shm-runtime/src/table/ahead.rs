//! What a read of a whole table does so that a row is near when it comes there.
//!
//! A record is in one of its copies, and only its head tells in which. A
//! processor that is asked for some lines of a page fetches others beside them
//! too, which is for nothing where records are in either copy as chance has
//! it. Two ways turned out to be quick (`docs/speed-tried.md` has the
//! figures):
//!
//! - **Plain loads of both copies, in order.** What the processor then fetches
//!   by itself is what is loaded next, and it is better at that than any
//!   prefetch; but both are brought, so that is for two short ones.
//! - **Prefetches to the second cache**, long before, of the copies that are
//!   published. Lines beside those stay where they are.

use crate::latch::{Copies, Latch};
use crate::layout::SharedLayout;
use crate::records::Records;
use crate::segment::Segment;
use crate::segment::slots::Slots;

/// Bytes of records from which on they are brought near before they are read:
/// more than the caches of a core hold.
pub(crate) const FAR: usize = 2 << 20;

/// Bytes of records from which on they are copied past the caches: more than
/// a core's share of them.
pub(crate) const STREAMED: usize = 16 << 20;

/// How many rows ahead the published copies are fetched; heads twice as far.
const AHEAD: u64 = 64;

/// How many rows ahead the copies of rows are fetched that all are in the same
/// array.
const SAME_AHEAD: usize = 32;

/// So many rows behind one that is in another copy than that before it, more
/// of that kind are expected.
const MIXED: u64 = 16;

/// Of every so many slots one has a line fetched that is [`PAGES`] bytes on,
/// so that where the pages lie is known in time. More lines than that, or one
/// of each page at its begin, keep the processor from fetching by itself.
const SOME_SLOTS: u64 = 16;

/// Some pages, in bytes.
const PAGES: usize = 3 * 4096;

/// Bytes of the longest records of which both copies are brought.
const SHORT: usize = 256;

/// All records of a segment, whoever knows their type.
pub(crate) trait Many {
    /// Where they lie.
    fn slots(&self) -> &Slots;

    /// Bytes of each.
    fn size(&self) -> usize;

    /// One of them; none past the last row.
    fn latch(&self, row: u64) -> Option<Latch<'_>>;
}

/// Looks ahead of a read of every record.
pub(crate) struct Ahead<M> {
    records: M,
    /// Whether both copies are brought, and not only the published one.
    both: bool,
    /// How many rows' copies in an array have a cache line in common, a power
    /// of two, less one.
    of_a_line: u64,
    /// The copy that the last record was in.
    last: u64,
    /// From which row on all are expected in the same copy.
    even_from: u64,
}

impl<M: Many> Ahead<M> {
    /// Of a read that begins.
    #[inline(always)]
    pub(crate) fn over(records: M) -> Self {
        let size = records.size();
        Self {
            both: size <= SHORT && records.slots().copies() == Copies::TWO,
            of_a_line: match size {
                0..=8 => 7,
                9..=16 => 3,
                17..=32 => 1,
                _ => 0,
            },
            last: 0,
            even_from: MIXED,
            records,
        }
    }

    /// Before `record`, which is one slot, is read: all slots are one stream.
    #[inline(always)]
    pub(crate) fn of_slot(&mut self, row: u64, record: &Latch<'_>) {
        if !self.both {
            return self.fetch_published(row);
        }
        if row.is_multiple_of(SOME_SLOTS) {
            record.fetch_behind(PAGES);
        }
        record.bring_both();
    }

    /// Before `record`, which lies in arrays, is read: while each is in the
    /// same copy, only that array and the heads are streams.
    #[inline(always)]
    pub(crate) fn of_arrays(&mut self, row: u64, record: &Latch<'_>) {
        if row & self.of_a_line != 0 {
            return;
        }
        let copy = record.copy();
        // A choice and no branch, of whose guesses half would be wrong.
        let mixed = copy != self.last;
        self.even_from = if mixed { row + MIXED } else { self.even_from };
        self.last = copy;
        if row >= self.even_from {
            record.fetch_beside(copy, SAME_AHEAD);
        } else if self.both {
            record.bring_both();
        } else {
            self.fetch_published(row);
        }
    }

    #[inline(always)]
    fn fetch_published(&self, row: u64) {
        if let Some(record) = self.records.latch(row + 2 * AHEAD) {
            record.fetch_head();
        }
        if let Some(record) = self.records.latch(row + AHEAD) {
            record.fetch_published();
        }
    }
}

impl<T: SharedLayout> Many for &Records<T> {
    #[inline(always)]
    fn slots(&self) -> &Slots {
        Segment::slots(self)
    }

    #[inline(always)]
    fn size(&self) -> usize {
        size_of::<T>()
    }

    #[inline(always)]
    fn latch(&self, row: u64) -> Option<Latch<'_>> {
        Some(self.row(row)?.latch())
    }
}
