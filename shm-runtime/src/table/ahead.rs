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

use crate::layout::SharedLayout;
use crate::record::Record;
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

    /// None past the last row.
    fn one(&self, row: u64) -> Option<impl One>;
}

/// One record, as far as a read of all has to do with it beforehand.
pub(crate) trait One {
    /// Which row it is.
    fn row(&self) -> u64;

    /// Which of its copies is published.
    fn copy(&self) -> u64;

    /// Begins to fetch its head.
    fn fetch_head(&self);

    /// Begins to fetch what it holds now, for a head that was fetched.
    fn fetch_published(&self);

    /// Begins to fetch copy `copy` of the record so many `rows` on, where the
    /// copies of rows lie beside each other.
    fn fetch_beside(&self, copy: u64, rows: usize);

    /// Begins to fetch what lies so many `bytes` behind its head.
    fn fetch_behind(&self, bytes: usize);

    /// Brings both its copies near, of which there are two.
    fn bring_both(&self);
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
            both: size <= SHORT && records.slots().copies() == 2,
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
    pub(crate) fn of_slot(&mut self, record: &impl One) {
        if !self.both {
            return self.fetch_published(record);
        }
        if record.row().is_multiple_of(SOME_SLOTS) {
            record.fetch_behind(PAGES);
        }
        record.bring_both();
    }

    /// Before `record`, which lies in arrays, is read: while each is in the
    /// same copy, only that array and the heads are streams.
    #[inline(always)]
    pub(crate) fn of_arrays(&mut self, record: &impl One) {
        let row = record.row();
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
            self.fetch_published(record);
        }
    }

    #[inline(always)]
    fn fetch_published(&self, record: &impl One) {
        if let Some(record) = self.records.one(record.row() + 2 * AHEAD) {
            record.fetch_head();
        }
        if let Some(record) = self.records.one(record.row() + AHEAD) {
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
    fn one(&self, row: u64) -> Option<impl One> {
        self.row(row)
    }
}

impl<T: SharedLayout> One for Record<'_, T> {
    #[inline(always)]
    fn row(&self) -> u64 {
        self.row()
    }

    #[inline(always)]
    fn copy(&self) -> u64 {
        self.copy()
    }

    #[inline(always)]
    fn fetch_head(&self) {
        self.fetch_head();
    }

    #[inline(always)]
    fn fetch_published(&self) {
        self.fetch_published();
    }

    #[inline(always)]
    fn fetch_beside(&self, copy: u64, rows: usize) {
        self.fetch_beside(copy, rows);
    }

    #[inline(always)]
    fn fetch_behind(&self, bytes: usize) {
        self.fetch_behind(bytes);
    }

    #[inline(always)]
    fn bring_both(&self) {
        self.bring_both();
    }
}
