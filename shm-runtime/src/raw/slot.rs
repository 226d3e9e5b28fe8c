//! One record's place in a mapped segment.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use crate::clock;
use crate::copy::{self, LoadInto, Take};
use crate::latch::{self, Copies, Latch, MAX_TRIES, Peek, RETIRED, Retired, Words};
use crate::segment::fork::Home;
use crate::sync::{Ordering, WORD, Word};

/// One record's place in a mapped segment.
///
/// Small and `Copy`: all that a read needs, so that it touches no other line
/// of this process's memory.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'a> {
    pub(super) words: Words<'a>,
    /// Of one copy, in words.
    width: u32,
    copies: Copies,
    /// Whether a copy may lie on another line than the head.
    is_spread: bool,
    /// Where the record may be written.
    home: Home,
}

/// Why no whole record was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unread {
    /// The segment was unlinked or replaced.
    Retired,
    /// Each of so many tries met a writer.
    Stalled {
        /// How often it was tried.
        tries: u32,
        /// The sequence at the end of the last try.
        sequence: u64,
    },
}

/// Why a record was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unwritten {
    /// The segment is mapped for reading, or by the parent of this process.
    NotOwned,
    /// The segment was unlinked or replaced.
    Retired,
}

/// The words of a slot that nobody writes to.
static NOWHERE: [Word; latch::words(0, Copies::TWO)] = [Word::new(RETIRED), Word::new(0)];

impl Slot<'static> {
    /// A place that is retired from the start: for a holder whose segment is
    /// closed and that is not to look twice.
    pub fn nowhere() -> Self {
        Self::new(Words::of_slot(&NOWHERE, 0), 0, Copies::TWO, Home::NONE)
    }
}

impl<'a> Slot<'a> {
    #[inline(always)]
    pub(crate) fn new(words: Words<'a>, width: usize, copies: Copies, home: Home) -> Self {
        // Checks that they are a latch, once for all uses.
        let latch: Latch<'_> = Latch::new(words, width, copies);
        Self {
            words,
            width: width as u32,
            copies,
            is_spread: latch.is_spread(),
            home,
        }
    }

    #[inline(always)]
    fn latch(&self) -> Latch<'a> {
        // SAFETY: `new` made a latch of these, and they have not changed.
        unsafe { Latch::new_unchecked(self.words, self.width as usize, self.copies) }
    }

    /// Fills `to` with the bytes of the record from byte `offset` on; returns
    /// how many tries were thrown away. After an error `to` is undefined.
    ///
    /// # Errors
    ///
    /// [`Unread`].
    ///
    /// # Panics
    ///
    /// When the record ends before `to` is full.
    #[inline(always)]
    pub fn read(&self, offset: usize, to: &mut [MaybeUninit<u8>]) -> Result<u32, Unread> {
        match self.latch().read(LoadInto { offset, to }) {
            Ok(whole) => Ok(whole.retries),
            Err(unread) => Err(explain(unread)),
        }
    }

    /// One try of [`Slot::read`]: whether it took the record whole. If not,
    /// what it took is torn or of an older version.
    ///
    /// For callers that do all else somewhere else: this is a few
    /// instructions and no error.
    ///
    /// # Panics
    ///
    /// As [`Slot::read`].
    #[inline(always)]
    pub fn try_read(&self, offset: usize, to: &mut [MaybeUninit<u8>]) -> bool {
        self.try_once(&mut LoadInto { offset, to }).is_some()
    }

    /// One try of [`Slot::word`]; none when it met a writer, or the end.
    ///
    /// # Panics
    ///
    /// As [`Slot::word`].
    #[inline(always)]
    pub fn try_word(&self, index: usize) -> Option<u64> {
        let mut value = 0;
        let to = &mut value;
        self.try_once(&mut LoadWord { index, to })?;
        Some(value)
    }

    /// The first half of [`Slot::try_word`]: a word that may be torn until
    /// [`Slot::is_untouched`] or [`Slot::still_holds`] say that it is not.
    /// None at the end of the segment.
    ///
    /// For callers that leave whatever is not the common case to another
    /// function: what is asked there needs no registers here.
    ///
    /// # Safety
    ///
    /// The record has that word, or the slot is [`Slot::nowhere`].
    #[inline(always)]
    pub unsafe fn peek(&self, index: usize) -> Option<Peek> {
        let latch = self.latch();
        if self.is_spread {
            latch.fetch(index, 1);
        }
        // SAFETY: the duty of the caller, and what is nowhere has ended.
        unsafe { latch.peek(index) }
    }

    /// Whether nothing was written since that look, and so its word is one of
    /// a whole record.
    #[inline(always)]
    pub fn is_untouched(&self, peek: Peek) -> bool {
        self.latch().is_untouched(peek)
    }

    /// The longer question, for when something was: whether the word is one
    /// of a whole record nevertheless.
    #[inline(always)]
    pub fn still_holds(&self, peek: Peek) -> bool {
        self.latch().still_holds(peek)
    }

    #[inline(always)]
    fn try_once(&self, take: &mut impl Take) -> Option<u64> {
        let latch = self.latch();
        // Where the compiler knows the width, the first answer is enough: two
        // copies of so many words and the head are more than a line.
        if self.width > 3 || self.is_spread {
            latch.fetch(take.first(), take.count());
        }
        latch.try_read(take).ok()
    }

    /// The eight bytes at `8 * index` of the record, and how many tries were
    /// thrown away. What is past the record's end is zero.
    ///
    /// # Errors
    ///
    /// [`Unread`].
    ///
    /// # Panics
    ///
    /// When the record ends before them.
    #[inline(always)]
    pub fn word(&self, index: usize) -> Result<(u64, u32), Unread> {
        let mut value = 0;
        let to = &mut value;
        match self.latch().read(LoadWord { index, to }) {
            Ok(whole) => Ok((value, whole.retries)),
            Err(unread) => Err(explain(unread)),
        }
    }

    /// How often the record was written; none once the segment is retired.
    #[inline]
    pub fn version(&self) -> Option<u64> {
        let latch = self.latch();
        (!latch.is_retired()).then(|| latch.version())
    }

    /// When the record was last written, by `CLOCK_MONOTONIC_COARSE` in
    /// nanoseconds; 0 when it never was.
    #[inline]
    pub fn stamp(&self) -> u64 {
        self.latch().stamp()
    }

    /// Whether this process may write here.
    #[inline]
    pub fn is_owned(&self) -> bool {
        self.home.is_here()
    }

    /// Of one record, in bytes, rounded up to eight; 0 of [`Slot::nowhere`].
    #[inline(always)]
    pub fn size(&self) -> usize {
        self.width as usize * WORD
    }

    /// How many copies of the record there are.
    #[inline(always)]
    pub(super) fn copies(&self) -> Copies {
        self.copies
    }

    /// Publishes `from` as the whole record; returns its version.
    ///
    /// The caller has no other thread write to the segment at the same time.
    ///
    /// # Errors
    ///
    /// [`Unwritten`].
    ///
    /// # Panics
    ///
    /// When `from` is longer than the record, rounded up to eight bytes.
    #[inline(always)]
    pub fn write(&self, from: &[u8], stamp: Stamp) -> Result<u64, Unwritten> {
        // First: what is nowhere holds nothing, and is no reason to panic.
        self.check_owned()?;
        self.assert_holds(from);
        let latch = self.latch();
        let writing = latch.begin()?;
        copy::store(writing.words(), from);
        Ok(writing.publish(stamp.0))
    }

    /// Publishes `from` as the whole record, but with `word` for its eight
    /// bytes at `8 * index`; returns its version.
    ///
    /// A word that was put into `from` just before would be waited for by the
    /// vector that copies it out again, and that is longer than all the rest.
    ///
    /// # Errors
    ///
    /// As [`Slot::write`].
    ///
    /// # Panics
    ///
    /// As [`Slot::write`], and when the record ends before the word.
    #[inline]
    pub fn write_changed(
        &self,
        from: &[u8],
        index: usize,
        word: u64,
        stamp: Stamp,
    ) -> Result<u64, Unwritten> {
        self.check_owned()?;
        self.assert_holds(from);
        let latch = self.latch();
        let writing = latch.begin()?;
        copy::store(writing.words(), from);
        writing.words()[index].store(word, Ordering::Relaxed);
        Ok(writing.publish(stamp.0))
    }

    /// Publishes what stands there now, but with the bits `bits` under `mask`
    /// in its eight bytes at `8 * index`; returns its version. Of a record
    /// that was never written, what stands there is zeros.
    ///
    /// # Errors
    ///
    /// As [`Slot::write`].
    ///
    /// # Panics
    ///
    /// When the record ends before the word.
    #[inline(always)]
    pub fn change(
        &self,
        index: usize,
        mask: u64,
        bits: u64,
        stamp: Stamp,
    ) -> Result<u64, Unwritten> {
        self.check_owned()?;
        assert!(index < self.width as usize, "a word of the record");
        let latch = self.latch();
        let writing = latch.begin()?;
        writing.repeat();
        let kept = writing.published()[index].load(Ordering::Relaxed) & !mask;
        writing.words()[index].store(kept | bits & mask, Ordering::Relaxed);
        Ok(writing.publish(stamp.0))
    }

    #[inline(always)]
    fn assert_holds(&self, from: &[u8]) {
        assert!(from.len() <= self.size(), "a record's bytes and no more");
    }

    #[inline(always)]
    pub(super) fn check_owned(&self) -> Result<(), Unwritten> {
        match self.is_owned() {
            true => Ok(()),
            false => Err(Unwritten::NotOwned),
        }
    }
}

/// When a record is written: it stands beside that.
///
/// To be taken before all else of a write. What is known by then has to be
/// kept across the call, which is a tenth of a small write.
#[derive(Clone, Copy, Debug)]
pub struct Stamp(pub(super) u64);

impl Stamp {
    /// By `CLOCK_MONOTONIC_COARSE`.
    #[inline(always)]
    pub fn now() -> Self {
        Self(clock::monotonic_coarse_ns())
    }
}

impl From<Retired> for Unwritten {
    #[inline(always)]
    fn from(Retired: Retired) -> Self {
        Self::Retired
    }
}

/// Takes one word of a record.
struct LoadWord<'a> {
    index: usize,
    to: &'a mut u64,
}

impl Take for LoadWord<'_> {
    #[inline(always)]
    fn first(&self) -> usize {
        self.index
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        *self.to = words[self.index].load(Ordering::Relaxed);
    }
}

#[cold]
#[inline(never)]
fn explain(unread: latch::Unread) -> Unread {
    match unread {
        latch::Unread::Retired => Unread::Retired,
        latch::Unread::Stalled { closed, .. } => Unread::Stalled {
            tries: MAX_TRIES,
            sequence: closed,
        },
    }
}
