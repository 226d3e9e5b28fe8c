//! The protocol of one record: a sequence latch of N copies.
//!
//! A writer fills the copy that nobody is told to read, then publishes it. A
//! reader never writes and never waits: it goes again only when the writer
//! began the *N-th* write after the record it was reading. A writer that
//! stops or dies in the middle leaves the published record as it was.
//!
//! # Layout
//!
//! A record has a head of two words, the sequence and the stamp, and N copies,
//! equally far from each other; [`Words`] says where. Mostly all of them are
//! one slot, the head and behind it the copies, which begin where
//! [`first_copy`] says; in a table whose records lie in arrays, the copies
//! are further apart, and those of other records between them.
//!
//! | sequence | state |
//! |---|---|
//! | `2n` | version n is published, its bytes are in copy n % N |
//! | `2n + 1` | the same, and version n + 1 is being written to copy (n + 1) % N |
//! | bit 63 set | the segment is retired: it was unlinked or replaced |
//!
//! # The four meetings
//!
//! Each SYNC POINT has a name that stands at both of its ends:
//!
//! - *publish*: a reader that sees `2n` sees every word of version n.
//! - *begin*: a reader that sees `2n + 1` does so too. In the C++20 model a
//!   relaxed store ends the release sequence of the `2n` before it, so this
//!   store must release by itself.
//! - *overwrite*: a reader that sees one word of version n + N sees, at its
//!   end, a sequence that says so.
//! - *hand-over*: a writer sees all that the one before it did. That is the
//!   kernel's lock, not this file.
//!
//! The module takes words, never a pointer into a map, so that loom runs this
//! very code on plain memory (`latch/model.rs`).
//!
//! # References
//!
//! The kernel's `seqcount_latch_t` (`include/linux/seqlock.h`) is the two-copy
//! form; Boehm, *Can seqlocks get along with programming language memory
//! models?* (MSPC 2012) has the reader's fence.

#![allow(unsafe_code)]

mod copies;
mod fetch;
#[cfg(all(test, loom))]
mod model;
mod orders;
#[cfg(all(test, not(loom)))]
mod tests;
mod words;
mod writing;

use core::marker::PhantomData;
use core::{hint, slice};

use crate::copy::{self, Take};
use crate::sync::{Ordering, Word};

pub(crate) use copies::Copies;
pub(crate) use orders::{Orders, Sound};
#[cfg(not(loom))]
pub(crate) use words::first_copy;
pub(crate) use words::{HEAD, Words, span, words};
pub(crate) use writing::mark_retired;

/// Bit 63 of the sequence.
pub(crate) const RETIRED: u64 = 1 << 63;

/// How often a reader tries before it gives up.
///
/// A try fails only when the writer published at least N - 1 records while
/// it ran, so this many in a row mean a writer without pause that is faster
/// than this reader can copy, or a sequence that nobody honest wrote.
pub(crate) const MAX_TRIES: u32 = 100_000;

/// A reader waits for so many [`hint::spin_loop`]s less one at most before it
/// tries again, some 0.2 us.
const LONGEST_WAIT: u32 = 16;

/// One record's words, seen as a latch.
pub(crate) struct Latch<'a, O = Sound> {
    /// Of the copies, `span(width, N, distance)` words.
    words: Words<'a>,
    /// Of one copy, in words.
    width: usize,
    /// N.
    count: Copies,
    orders: PhantomData<O>,
}

/// A whole record was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    /// Counted from 1; 0 means that nothing was ever published.
    pub(crate) version: u64,
    /// Tries that had to be thrown away.
    pub(crate) retries: u32,
}

/// A try that found no whole record: the sequence before it and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failed {
    opened: u64,
    closed: u64,
}

impl Failed {
    /// Why not to try again, if there is a reason; counts the try.
    pub(crate) fn is_final(self, retries: &mut u32) -> Option<Unread> {
        let Self { opened, closed } = self;
        if opened & RETIRED != 0 {
            return Some(Unread::Retired);
        }
        *retries += 1;
        (*retries == MAX_TRIES).then_some(Unread::Stalled { opened, closed })
    }
}

/// A word that was looked at, and may be torn as long as nobody has asked for
/// the sequence again.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Peek {
    opened: u64,
    word: u64,
}

impl Peek {
    /// The word.
    #[inline(always)]
    pub fn word(self) -> u64 {
        self.word
    }
}

/// Why no whole record was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The segment was unlinked or replaced.
    Retired,
    /// [`MAX_TRIES`] tries failed.
    Stalled {
        /// The sequence at the start of the last try.
        opened: u64,
        /// The sequence at its end.
        closed: u64,
    },
}

/// The segment was unlinked or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Retired;

/// Says that the way here is not the usual one, so that the compiler puts it
/// apart: `core::hint::cold_path`, which rustc has since 1.95.
#[cold]
#[inline]
fn cold_path() {}

impl<'a, O: Orders> Latch<'a, O> {
    /// Sees `words` as a latch of `count` copies that are `width` words wide.
    ///
    /// # Panics
    ///
    /// When these are not just the words of such copies.
    #[inline(always)]
    pub(crate) fn new(words: Words<'a>, width: usize, count: Copies) -> Self {
        assert!(words.distance >= width);
        assert!(words.copies.len() == span(width, count, words.distance));
        // SAFETY: so it was asserted.
        unsafe { Self::new_unchecked(words, width, count) }
    }

    /// [`Latch::new`] for a caller that knows already.
    ///
    /// # Safety
    ///
    /// `words.copies` has [`span`]`(width, count, words.distance)` words; or the
    /// sequence is retired for ever, so nobody asks for one of them.
    #[inline(always)]
    pub(crate) unsafe fn new_unchecked(words: Words<'a>, width: usize, count: Copies) -> Self {
        debug_assert!(
            words.copies.len() == span(width, count, words.distance)
                || words.head[0].load(Ordering::Relaxed) & RETIRED != 0
        );
        Self {
            words,
            width,
            count,
            orders: PhantomData,
        }
    }

    /// Lets `take` copy one published record out, as often as it needs until
    /// the record was whole.
    ///
    /// What `take` copied in a try that failed may be torn; only what the
    /// last call copied counts, and only if this returns [`Whole`].
    #[inline(always)]
    pub(crate) fn read(&self, take: impl Take) -> Result<Whole, Unread> {
        self.fetch_for(&take);
        self.read_near(take)
    }

    /// [`Latch::read`] of a record that the caller began to fetch, or that is
    /// near.
    #[inline(always)]
    pub(crate) fn read_near(&self, mut take: impl Take) -> Result<Whole, Unread> {
        match self.try_read(&mut take) {
            Ok(version) => Ok(Whole {
                version,
                retries: 0,
            }),
            Err(failed) => self.try_on(take, failed),
        }
    }

    /// The first try of a read; returns the record's version.
    #[inline(always)]
    pub(crate) fn try_once(&self, take: &mut impl Take) -> Result<u64, Failed> {
        self.fetch_for(take);
        self.try_read(take)
    }

    /// All further tries, after the first one `failed`.
    #[inline(always)]
    pub(crate) fn try_on(&self, take: impl Take, failed: Failed) -> Result<Whole, Unread> {
        let Words {
            head,
            copies,
            distance,
        } = self.words;
        Self::read_again(head, copies, distance, self.width, self.count, take, failed)
    }

    /// A function of its own, and of parts, so that the first try needs no
    /// registers for a loop and no latch in memory.
    #[cold]
    #[inline(never)]
    fn read_again(
        head: &'a [Word; HEAD],
        copies: &'a [Word],
        distance: usize,
        width: usize,
        count: Copies,
        mut take: impl Take,
        mut last: Failed,
    ) -> Result<Whole, Unread> {
        let words = Words {
            head,
            copies,
            distance,
        };
        let latch = Self::new(words, width, count);
        let mut retries = 0;
        loop {
            if let Some(unread) = last.is_final(&mut retries) {
                return Err(unread);
            }
            // A reader that goes again at once meets the writer where it met
            // it before: each waits for the line that the other has just
            // taken, for thousands of tries. One that waits a little longer
            // each time, and then has all lines of a short record on their
            // way at once, comes through.
            for _ in 0..retries % LONGEST_WAIT {
                hint::spin_loop();
            }
            latch.fetch_for(&take);
            match latch.try_read(&mut take) {
                Ok(version) => return Ok(Whole { version, retries }),
                Err(failed) => last = failed,
            }
        }
    }

    /// [`Latch::try_once`] for one of many records, each behind the other: what
    /// comes next is on its way already, and nothing is fetched.
    #[inline(always)]
    pub(crate) fn try_read(&self, take: &mut impl Take) -> Result<u64, Failed> {
        let opened = self.seq().load(Ordering::Relaxed);
        // SYNC POINT publish, begin: pairs with the Release stores of the
        // sequence in `begin` and `Writing::publish`.
        O::after_open();
        if opened & RETIRED != 0 {
            // Looked at again, so that what mostly happens does not put the
            // first look where the second one is to be.
            let closed = self.seq().load(Ordering::Relaxed);
            return Err(Failed { opened, closed });
        }
        let version = opened >> 1;
        take.take(match copy::is_long(take.count()) {
            true => self.copy_guessed(version),
            false => self.copy_of(opened),
        });
        // SYNC POINT overwrite: pairs with the Release fence in `begin`. If
        // `take` saw a word stored after that fence, this load sees the
        // sequence stored before it.
        O::before_close();
        let closed = self.seq().load(Ordering::Relaxed);
        if self.is_whole(opened, closed) {
            Ok(version)
        } else {
            Err(Failed { opened, closed })
        }
    }

    /// Whether what was seen between these two sequences was whole.
    #[inline(always)]
    fn is_whole(&self, opened: u64, closed: u64) -> bool {
        // Mostly nothing has happened, which is the shorter question. Else:
        // the first sequence that says that copy n % N is being overwritten
        // is 2(n + N - 1) + 1. One more and halved that is n + N.
        if closed == opened {
            return true;
        }
        cold_path();
        (closed.wrapping_add(1) >> 1).wrapping_sub(opened >> 1) <= self.count.mask()
    }

    /// Looks at one word of what is published: the first half of a try, for
    /// callers that have the rest of it in another function. None at the end
    /// of the segment.
    ///
    /// # Safety
    ///
    /// The record has that word, or the segment has ended.
    #[inline(always)]
    pub(crate) unsafe fn peek(&self, index: usize) -> Option<Peek> {
        let opened = self.seq().load(Ordering::Relaxed);
        // SYNC POINT publish, begin: as in `try_read`.
        O::after_open();
        if opened & RETIRED != 0 {
            return None;
        }
        let copy = self.copy_of(opened);
        // SAFETY: the duty of the caller.
        let word = unsafe { copy.get_unchecked(index) }.load(Ordering::Relaxed);
        Some(Peek { opened, word })
    }

    /// The second half: whether nothing was written since.
    #[inline(always)]
    pub(crate) fn is_untouched(&self, peek: Peek) -> bool {
        self.close() == peek.opened
    }

    /// The same when something was: whether the word was whole nevertheless.
    #[inline(always)]
    pub(crate) fn still_holds(&self, peek: Peek) -> bool {
        self.is_whole(peek.opened, self.close())
    }

    /// The sequence after a look at one word.
    #[inline(always)]
    fn close(&self) -> u64 {
        // SYNC POINT overwrite: as in `try_read`.
        O::before_close();
        self.seq().load(Ordering::Relaxed)
    }

    /// The last published version; 0 when there is none.
    #[inline]
    pub(crate) fn version(&self) -> u64 {
        (self.seq().load(Ordering::Relaxed) & !RETIRED) >> 1
    }

    /// Which copy that version is kept in.
    #[inline(always)]
    pub(crate) fn copy(&self) -> u64 {
        self.version() & self.count.mask()
    }

    /// Whether the segment was unlinked or replaced.
    #[inline]
    pub(crate) fn is_retired(&self) -> bool {
        self.seq().load(Ordering::Relaxed) & RETIRED != 0
    }

    /// What the writer stamped the last published version with.
    ///
    /// Not a part of the record: beside a running writer it may belong to a
    /// version just before or after the one that [`Latch::version`] gave.
    #[inline]
    pub(crate) fn stamp(&self) -> u64 {
        self.stamp_word().load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn seq(&self) -> &'a Word {
        &self.words.head[0]
    }

    #[inline(always)]
    fn stamp_word(&self) -> &'a Word {
        &self.words.head[1]
    }

    /// The words of the copy that the version of a sequence is kept in.
    ///
    /// Of an even sequence `2n` and not of n, and in bytes: a short record is
    /// waited for by what lies between the sequence and its address, and the
    /// processor multiplies by up to eight on its way.
    #[inline(always)]
    fn copy_of(&self, seq: u64) -> &'a [Word] {
        let twice = self.count.twice_of(seq) as usize;
        let start = twice * (self.words.distance * (size_of::<Word>() / 2));
        debug_assert!(
            start <= self.count.mask() as usize * self.words.distance * size_of::<Word>()
        );
        // SAFETY: `twice` is at most 2 (N - 1), so `start` is 0 to N - 1 times
        // the distance, which with `width` words behind it is inside of the
        // copies by `new`.
        let words = unsafe { self.words.copies.as_ptr().byte_add(start) };
        // SAFETY: as above; the words live for `'a`, and are shared.
        unsafe { slice::from_raw_parts(words, self.width) }
    }

    /// The same, for a processor that guesses which copy it is before the
    /// sequence has come: then the lines of a long copy are not waited for
    /// after it but with it, when the guess is right.
    #[inline(always)]
    fn copy_guessed(&self, version: u64) -> &'a [Word] {
        let start = copy::guessed(version, self.count.mask(), self.words.distance);
        debug_assert!(start <= self.count.mask() as usize * self.words.distance);
        // SAFETY: `start` is the distance, N - 1 times at most, so the end is
        // at most `span(width, N, distance)`, which by `new` is how many words
        // there are.
        unsafe { self.words.copies.get_unchecked(start..start + self.width) }
    }
}
