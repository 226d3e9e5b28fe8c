//! What a read of a whole table does so that a row is near when it comes there.
//!
//! A record is in one of its copies, and only its head tells in which. A
//! processor that is asked for some lines of a page fetches others beside them
//! too, which is for nothing where records are in either copy as chance has
//! it. Two ways turned out to be quick (`docs/speed.md` has the figures):
//!
//! - **Plain loads of both copies, in order.** What the processor then fetches
//!   by itself is what is loaded next, and it is better at that than any
//!   prefetch; but both are brought, so that is for two short ones.
//! - **Prefetches to the second cache**, long before, of the copies that are
//!   published. Lines beside those stay where they are.

use crate::layout::SharedLayout;
use crate::record::Record;
use crate::records::Records;

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

/// Looks ahead of a read of every record.
pub(super) struct Ahead<'a, T> {
    records: &'a Records<T>,
    /// Whether both copies are brought, and not only the published one.
    both: bool,
    /// The copy that the last record was in.
    last: u64,
    /// From which row on all are expected in the same copy.
    even_from: u64,
}

impl<'a, T: SharedLayout> Ahead<'a, T> {
    /// Rows whose copies in an array have a cache line in common.
    const OF_A_LINE: u64 = match 64_u64.checked_div(size_of::<T>() as u64) {
        None | Some(0) => 1,
        Some(rows) => rows,
    };

    /// Of a read that begins.
    pub(super) fn over(records: &'a Records<T>) -> Self {
        Self {
            records,
            both: size_of::<T>() <= SHORT && records.slots().copies() == 2,
            last: 0,
            even_from: MIXED,
        }
    }

    /// Before `record`, which is one slot, is read: all slots are one stream.
    #[inline(always)]
    pub(super) fn of_slot(&mut self, record: &Record<'_, T>) {
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
    pub(super) fn of_arrays(&mut self, record: &Record<'_, T>) {
        let row = record.row();
        if !row.is_multiple_of(Self::OF_A_LINE) {
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
    fn fetch_published(&self, record: &Record<'_, T>) {
        if let Some(record) = self.records.row(record.row() + 2 * AHEAD) {
            record.fetch_head();
        }
        if let Some(record) = self.records.row(record.row() + AHEAD) {
            record.fetch_published();
        }
    }
}
