//! Whole records of which the compiler knows the size, and where the copies
//! are.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use crate::copy::{self, Take};
use crate::latch::{Copies, Latch, Words};
use crate::raw::slot::{Slot, Stamp, Unwritten};
use crate::sync::Word;

/// Whether this processor copies a record of up to sixteen words as a pair of
/// vectors: what `PAIRS` says of the functions here.
pub fn has_pairs() -> bool {
    copy::has_pairs()
}

/// Copies of a record that is read and written by the functions here; they lie
/// behind each other.
const COPIES: Copies = Copies::TWO;

impl<'a> Slot<'a> {
    /// Whether [`Slot::try_read_whole`] and [`Slot::write_whole`] are for this
    /// record, as one of `words` words: it has two copies, one behind the
    /// other.
    pub fn is_whole(&self, words: usize) -> bool {
        self.size() == 8 * words && self.copies() == COPIES && self.words.distance == words
    }

    /// # Safety
    ///
    /// As of [`Slot::try_read_whole`].
    #[inline(always)]
    unsafe fn latch_of<const WORDS: usize>(&self) -> Latch<'a> {
        debug_assert!(self.is_whole(WORDS) || self.size() == 0);
        let words = Words {
            distance: WORDS,
            ..self.words
        };
        // SAFETY: `new` made a latch of these, of as many words and copies and
        // as far apart, or one that is retired for ever.
        unsafe { Latch::new_unchecked(words, WORDS, COPIES) }
    }

    /// [`Slot::try_read`] of a whole record.
    ///
    /// # Panics
    ///
    /// When `to` is not of `WORDS` words.
    ///
    /// # Safety
    ///
    /// 1. The slot [is one](Slot::is_whole) for this, or [`Slot::nowhere`].
    /// 2. `PAIRS` is false, or there [are pairs](has_pairs).
    #[inline(always)]
    pub unsafe fn try_read_whole<const WORDS: usize, const PAIRS: bool>(
        &self,
        to: &mut [MaybeUninit<u8>],
    ) -> bool {
        // SAFETY: the duties of the caller.
        let latch = unsafe { self.latch_of::<WORDS>() };
        latch.try_once(&mut LoadWhole::<WORDS, PAIRS>(to)).is_ok()
    }

    /// [`Slot::write`] of a whole record.
    ///
    /// # Errors
    ///
    /// [`Unwritten`].
    ///
    /// # Panics
    ///
    /// When `from` is not of `WORDS` words.
    ///
    /// # Safety
    ///
    /// As of [`Slot::try_read_whole`].
    #[inline(always)]
    pub unsafe fn write_whole<const WORDS: usize, const PAIRS: bool>(
        &self,
        from: &[u8],
        stamp: Stamp,
    ) -> Result<u64, Unwritten> {
        self.check_owned()?;
        // SAFETY: the duties of the caller.
        let latch = unsafe { self.latch_of::<WORDS>() };
        let writing = latch.begin()?;
        // SAFETY: as above.
        unsafe { copy::store_whole::<WORDS, PAIRS>(writing.words(), from) };
        Ok(writing.publish(stamp.0))
    }
}

/// Takes all words of a record; made where there are pairs, if it is to use
/// them.
struct LoadWhole<'a, const WORDS: usize, const PAIRS: bool>(&'a mut [MaybeUninit<u8>]);

impl<const WORDS: usize, const PAIRS: bool> Take for LoadWhole<'_, WORDS, PAIRS> {
    #[inline(always)]
    fn first(&self) -> usize {
        0
    }

    #[inline(always)]
    fn count(&self) -> usize {
        WORDS
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        // SAFETY: there are pairs, or it is not to use them.
        unsafe { copy::load_whole::<WORDS, PAIRS>(words, self.0) };
    }
}
