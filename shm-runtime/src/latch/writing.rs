//! The writer's half of the protocol.

#![allow(unsafe_code)]

use crate::copy;
use crate::latch::{Latch, Orders, RETIRED, Retired, Sound};
use crate::sync::{Ordering, Word};

impl<'a, O: Orders> Latch<'a, O> {
    /// Begins the next version. Only the holder of the writer lock may.
    ///
    /// An odd sequence was left by a writer that died; its half-written copy
    /// is simply written again.
    #[inline(always)]
    pub(crate) fn begin(&self) -> Result<Writing<'_, 'a, O>, Retired> {
        // Relaxed is enough: nobody else stores, see *hand-over*.
        let seq = self.seq().load(Ordering::Relaxed);
        if seq & RETIRED != 0 {
            return Err(Retired);
        }
        let odd = seq | 1;
        // SYNC POINT begin: pairs with `Orders::after_open` in `read`.
        self.seq().store(odd, O::BEGIN);
        // SYNC POINT overwrite: pairs with `Orders::before_close` in `read`.
        O::after_begin();
        Ok(Writing {
            latch: self,
            next: odd + 1,
        })
    }
}

/// A version that is being written. Dropped without [`Writing::publish`], it
/// was never there.
pub(crate) struct Writing<'l, 'a, O = Sound> {
    latch: &'l Latch<'a, O>,
    /// Twice the version: the sequence that will publish it.
    next: u64,
}

impl<'a, O: Orders> Writing<'_, 'a, O> {
    /// The version.
    #[inline(always)]
    pub(super) fn version(&self) -> u64 {
        self.next / 2
    }

    /// The copy to fill, with relaxed stores.
    #[inline(always)]
    pub(crate) fn words(&self) -> &'a [Word] {
        self.latch.copy_of(self.next)
    }

    /// The copy that is published now. It stays as it is while this is
    /// written, for there is one writer.
    #[inline(always)]
    pub(crate) fn published(&self) -> &'a [Word] {
        self.latch.copy_of(self.next - 2)
    }

    /// Fills the copy with what is published now.
    #[inline(always)]
    pub(crate) fn repeat(&self) {
        // SAFETY: versions that follow each other are in two copies, which by
        // `Latch::new` are at least their width apart.
        unsafe { copy::pass_on(self.published(), self.words()) };
    }

    /// Tells readers of it; returns its version.
    #[inline(always)]
    pub(crate) fn publish(self, stamp: u64) -> u64 {
        self.latch.stamp_word().store(stamp, Ordering::Relaxed);
        // SYNC POINT publish: pairs with `Orders::after_open` in `read`.
        self.latch.seq().store(self.next, O::PUBLISH);
        self.version()
    }
}

/// Marks a latch retired, or takes the mark back.
///
/// Only the holder of the writer lock may: no version is being written.
pub(crate) fn mark_retired(seq: &Word, retired: bool) {
    // Readers look at nothing but this bit, so nothing must be ordered
    // against it.
    if retired {
        seq.fetch_or(RETIRED, Ordering::Relaxed);
    } else {
        seq.fetch_and(!RETIRED, Ordering::Relaxed);
    }
}
