//! The reader's half of the protocols by which programs guard one copy of a
//! record.
//!
//! The writer is somebody else's: what it is taken to do stands at each
//! [`Rule`], and a record is whole if it does that. Letters below: `D` are the
//! record's words, `|` is a fence that keeps stores in order, as
//! `memory_barrier()` and `smp_wmb()` are. On x86-64 stores keep their order
//! by themselves, and `|` need only hold the compiler back.
//!
//! | rule | the writer's k-th write | the reader |
//! |---|---|---|
//! | odd while writing | `c=2k-1 \| D \| c=2k` | `c, D, c`: equal and even |
//! | unchanged | `v=0, c+=1 \| D \| c+=1 \| v=1` | `c, v, D, v, c`: equal, and v not 0 |
//! | pair | `b=k \| D \| e=k` | `e, D, b`: equal |
//!
//! # Why that is right
//!
//! Let k be the latest write that a word of D was taken from. The fence
//! *after* D pairs with the writer's fence before its D: what the reader loads
//! next is at least as new as what the writer stored before that fence.
//! SYNC POINT begun. The fence *before* D pairs with the writer's fence after
//! its D: having loaded what stands behind that fence, the reader's D is at
//! least as new. SYNC POINT done.
//!
//! - Odd while writing: by *begun* the last load is 2k-1 or later. Equal to
//!   the first and even, both are 2k or later, so by *done* all of D is of
//!   write k or later, and k was the latest.
//! - Pair: by *begun* b is k or later. As e is equal to it, by *done* all of D
//!   is of write k or later. The order is the point: e before, b after.
//! - Unchanged: the count alone proves nothing, for all of a read may lie
//!   inside of write k. By *begun* the last v is the 0 of write k, and the
//!   read is thrown away, or the 1 behind its second count, and then the last
//!   c, loaded after it, is that count or later: equal to the first, so by
//!   *done* D is of k or later. v must come before c here: the other way about
//!   a write that ends between the two loads would pass. The first v only
//!   spares a copy, and keeps the `valid` that is a part of D from being 0.
//!
//! No reader tells two counts apart that are a whole turn of the counter from
//! each other: 2^32 writes during one read.

#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, not(loom)))]
mod tests;

use core::marker::PhantomData;

use crate::copy::Take;
use crate::sync::{Ordering, WORD, Word, fence};

/// The orderings of a reader. Production has one, [`Sound`]; the model also
/// runs weakened ones, each of which must be caught.
pub(crate) trait Orders {
    /// Before the record's words.
    #[inline(always)]
    fn before_words() {
        fence(Ordering::Acquire);
    }

    /// After the record's words.
    #[inline(always)]
    fn after_words() {
        fence(Ordering::Acquire);
    }

    /// Between the last look at the mark and at the count.
    #[inline(always)]
    fn after_mark() {
        fence(Ordering::Acquire);
    }
}

/// The orderings that are right.
pub(crate) enum Sound {}

impl Orders for Sound {}

/// An integer that a program stores in one piece: 4 or 8 bytes at a multiple
/// of their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    /// Of its first byte.
    pub(crate) offset: usize,
    /// 4 or 8.
    pub(crate) size: usize,
}

impl Number {
    /// The word around it is loaded, which processors do in one piece too:
    /// what is beside the number does not matter.
    #[inline(always)]
    fn load(self, words: &[Word]) -> u64 {
        let word = words[self.offset / WORD].load(Ordering::Relaxed);
        match self.size {
            WORD => word,
            _ => word >> (self.offset % WORD * 8) & u64::from(u32::MAX),
        }
    }

    fn moved(self, by: usize) -> Self {
        Self {
            offset: self.offset + by,
            ..self
        }
    }
}

/// How a whole record is told from half of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Not at all.
    None,
    /// The counter is odd while the record changes.
    OddWhileWriting {
        /// One more before a write, and one more after it.
        counter: Number,
    },
    /// The counter moves around a change, and the mark is 0 meanwhile.
    Unchanged {
        /// Some more before a write, and some more after it.
        counter: Number,
        /// 0 before a write, anything else after it.
        valid: Number,
    },
    /// Two numbers that differ while the record changes.
    Pair {
        /// Stored before a write.
        begin: Number,
        /// The same, stored after it.
        end: Number,
    },
}

impl Rule {
    /// The same for a record that begins at byte `start`.
    #[inline(always)]
    pub(crate) fn at(self, start: usize) -> Self {
        match self {
            Self::None => Self::None,
            Self::OddWhileWriting { counter } => Self::OddWhileWriting {
                counter: counter.moved(start),
            },
            Self::Unchanged { counter, valid } => Self::Unchanged {
                counter: counter.moved(start),
                valid: valid.moved(start),
            },
            Self::Pair { begin, end } => Self::Pair {
                begin: begin.moved(start),
                end: end.moved(start),
            },
        }
    }

    /// The numbers that it looks at.
    pub(crate) fn numbers(self) -> impl Iterator<Item = Number> {
        let (first, second) = match self {
            Self::None => (None, None),
            Self::OddWhileWriting { counter } => (Some(counter), None),
            Self::Unchanged { counter, valid } => (Some(counter), Some(valid)),
            Self::Pair { begin, end } => (Some(begin), Some(end)),
        };
        first.into_iter().chain(second)
    }
}

/// A try that found no whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// The mark says that there is none.
    NotValid,
    /// The numbers before the words and after them do not go together.
    Met {
        /// Before.
        opened: u64,
        /// After; the same when the first alone said no.
        closed: u64,
    },
}

/// No whole record was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unread {
    /// Tries that were made.
    pub(crate) tries: u32,
    /// What the last one found.
    pub(crate) last: Failed,
    /// Whether the one before it found the very same: the writer stands still.
    pub(crate) still: bool,
}

/// Words of foreign memory, a record of which is guarded by a rule.
pub(crate) struct Guard<'a, O = Sound> {
    words: &'a [Word],
    rule: Rule,
    orders: PhantomData<O>,
}

impl<'a, O: Orders> Guard<'a, O> {
    /// `rule` counts in bytes from the first of `words`.
    #[inline(always)]
    pub(crate) fn new(words: &'a [Word], rule: Rule) -> Self {
        Self {
            words,
            rule,
            orders: PhantomData,
        }
    }

    /// Lets `take` copy from the words, as often as it needs until what it
    /// copied was whole; returns how many tries were thrown away.
    ///
    /// `again` is asked after each that was, with their number and what was
    /// found; it waits, or says that it is enough.
    ///
    /// # Panics
    ///
    /// When a number of the rule lies past the words.
    #[inline(always)]
    pub(crate) fn read(
        &self,
        mut take: impl Take,
        mut again: impl FnMut(u32, Failed) -> bool,
    ) -> Result<u32, Unread> {
        let mut before = None;
        let mut tries = 0;
        loop {
            let last = match self.try_read(&mut take) {
                Ok(()) => return Ok(tries),
                Err(failed) => failed,
            };
            tries += 1;
            if !again(tries, last) {
                let still = before == Some(last);
                return Err(Unread { tries, last, still });
            }
            before = Some(last);
        }
    }

    #[inline(always)]
    fn try_read(&self, take: &mut impl Take) -> Result<(), Failed> {
        let load = |number: Number| number.load(self.words);
        let (opened, closed) = match self.rule {
            Rule::None => {
                take.take(self.words);
                return Ok(());
            }
            Rule::OddWhileWriting { counter } => {
                let opened = load(counter);
                if opened & 1 != 0 {
                    let closed = opened;
                    return Err(Failed::Met { opened, closed });
                }
                self.copy(take);
                (opened, load(counter))
            }
            Rule::Unchanged { counter, valid } => {
                let opened = load(counter);
                // SYNC POINT done, for the mark.
                O::before_words();
                if load(valid) == 0 {
                    return Err(Failed::NotValid);
                }
                self.copy(take);
                if load(valid) == 0 {
                    return Err(Failed::NotValid);
                }
                // Pairs with the writer's order of its second count and mark.
                O::after_mark();
                (opened, load(counter))
            }
            Rule::Pair { begin, end } => {
                let opened = load(end);
                self.copy(take);
                (opened, load(begin))
            }
        };
        match opened == closed {
            true => Ok(()),
            false => Err(Failed::Met { opened, closed }),
        }
    }

    #[inline(always)]
    fn copy(&self, take: &mut impl Take) {
        // SYNC POINT done: pairs with the writer's fence after its words.
        O::before_words();
        take.take(self.words);
        // SYNC POINT begun: pairs with the writer's fence before its words.
        O::after_words();
    }
}
