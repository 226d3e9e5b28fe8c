//! Record bytes in and out of shared words.
//!
//! Two copies of one function, equal by test: relaxed words
//! ([`words`], the reference) and, on x86-64, vectors (`vector`). A call whose
//! length the compiler knows comes down to the one that serves it.
//!
//! Bytes that another process may change are never behind a `&` or `&mut` to
//! plain memory. That what one call copied belongs together is the latch's
//! affair.

#![allow(unsafe_code)]

mod whole;
mod words;

#[cfg(all(target_arch = "x86_64", not(loom), not(miri), not(shm_words)))]
mod vector;
#[cfg(not(all(target_arch = "x86_64", not(loom), not(miri), not(shm_words))))]
mod vector {
    //! Where there is no vector copy: no length is long enough for it.

    use crate::sync::{Ordering, Word};

    pub(super) fn prepare() {}

    pub(super) const LEAST_LOAD: usize = usize::MAX;
    pub(super) const LEAST_STORE: usize = usize::MAX;

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn load(_: *const u8, _: *mut u8, _: usize) {}

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn store(_: *const u8, _: *mut u8, _: usize) {}

    /// Two words as what they are.
    #[inline(always)]
    pub(super) fn store_two(to: &[Word; 2], low: u64, high: u64) {
        to[0].store(low, Ordering::Relaxed);
        to[1].store(high, Ordering::Relaxed);
    }

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn store_sixteens(_: *const u8, _: *mut u8, _: usize) {}

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn load_to_value(_: *const u8, _: *mut u8, _: usize) {}

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn load_row(_: *const u8, _: *mut u8, _: usize) {}

    pub(super) fn has_pairs() -> bool {
        false
    }

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn pair<const WORDS: usize>(_: *const u8, _: *mut u8) {}

    /// Whether [`stream`] can be called; it cannot.
    pub(super) const STREAMS: bool = false;

    /// # Safety
    ///
    /// Never called.
    pub(super) unsafe fn stream(_: *const u8, _: *mut u8, _: usize) {}

    pub(super) fn end_streams() {}

    pub(crate) fn prefetch(_: *const crate::sync::Word) {}

    pub(crate) fn prefetch_far(_: *const crate::sync::Word) {}

    pub(super) fn bring(_: &crate::sync::Word) {}

    pub(super) fn step_if(is: u64, step: usize) -> usize {
        (is & 1) as usize * step
    }
}

use core::mem::MaybeUninit;

use crate::sync::{Ordering, WORD, Word};

pub(crate) use whole::{has_pairs, load_whole, store_whole};
pub(crate) use words::words_for;

/// Makes the copies that come as fast as this processor can. Whoever maps a
/// segment does that, and others need not.
pub(crate) fn prepare() {
    vector::prepare();
}

/// What copies a record's words out.
pub(crate) trait Take {
    /// The first word that it will want.
    fn first(&self) -> usize;

    /// How many it will want from there on.
    fn count(&self) -> usize {
        1
    }

    /// Called once a try, with the words of one copy.
    fn take(&mut self, words: &[Word]);
}

impl<F: FnMut(&[Word])> Take for F {
    fn first(&self) -> usize {
        0
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        self(words);
    }
}

/// [`load`] as a [`Take`]: unlike a closure, it is always compiled into the
/// place where it is called, and knows its length there.
pub(crate) struct LoadInto<'a> {
    /// Of the first byte, in the record.
    pub(crate) offset: usize,
    /// What is filled.
    pub(crate) to: &'a mut [MaybeUninit<u8>],
}

impl Take for LoadInto<'_> {
    #[inline(always)]
    fn first(&self) -> usize {
        self.offset / WORD
    }

    #[inline(always)]
    fn count(&self) -> usize {
        words_for(self.to.len())
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        load(words, self.offset, self.to);
    }
}

/// [`LoadInto`] for a value that is returned: one of up to 256 bytes stays in
/// registers, from where the compiler stores it straight to where it goes; a
/// larger one is stored where the compiler sees it, so that it needs fewer
/// copies from there.
pub(crate) struct LoadValue<'a>(pub(crate) LoadInto<'a>);

impl Take for LoadValue<'_> {
    #[inline(always)]
    fn first(&self) -> usize {
        self.0.first()
    }

    #[inline(always)]
    fn count(&self) -> usize {
        self.0.count()
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        let LoadInto { offset, to } = &mut self.0;
        if to.len() < vector::LEAST_LOAD {
            return load(words, *offset, to);
        }
        let from = at(words, *offset, to.len());
        // SAFETY: as in `load`.
        unsafe { vector::load_to_value(from, to.as_mut_ptr().cast(), to.len()) };
    }
}

/// [`LoadInto`] from the first byte on, for one of many records: what a longer
/// vector costs to be picked is less than what it saves when it is picked
/// again and again.
pub(crate) struct LoadRow<'a>(pub(crate) &'a mut [MaybeUninit<u8>]);

impl Take for LoadRow<'_> {
    #[inline(always)]
    fn first(&self) -> usize {
        0
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        let to = &mut *self.0;
        if to.len() < vector::LEAST_LOAD {
            return words::load(words, 0, to);
        }
        let from = at(words, 0, to.len());
        // SAFETY: as in `load`.
        unsafe { vector::load_row(from, to.as_mut_ptr().cast(), to.len()) };
    }
}

/// Fills `to`, a part of more than the caches hold, past the caches: what
/// would have to be fetched only to be overwritten stays where it is.
///
/// [`end_streams`] comes before anybody else may look at `to`.
pub(crate) struct Stream<'a>(pub(crate) &'a mut [MaybeUninit<u8>]);

impl Stream<'_> {
    /// Whether places for values like this one can be filled so.
    pub(crate) fn fits<T>(to: &[T]) -> bool {
        let whole = size_of::<T>().is_multiple_of(16) && to.as_ptr().addr().is_multiple_of(16);
        vector::STREAMS && whole
    }
}

impl Take for Stream<'_> {
    #[inline(always)]
    fn first(&self) -> usize {
        0
    }

    #[inline(always)]
    fn take(&mut self, words: &[Word]) {
        let to = &mut *self.0;
        assert!(to.len().is_multiple_of(16) && to.as_ptr().addr().is_multiple_of(16));
        let from = at(words, 0, to.len());
        // SAFETY: as in `load`, and by the assertion aligned as it asks.
        unsafe { vector::stream(from, to.as_mut_ptr().cast(), to.len()) };
    }
}

/// Puts what was streamed before whatever this thread stores from now on.
pub(crate) fn end_streams() {
    vector::end_streams();
}

/// Byte `offset` of `words`, of which `bytes` bytes follow.
///
/// # Panics
///
/// When they do not.
#[inline(always)]
fn at(words: &[Word], offset: usize, bytes: usize) -> *const u8 {
    assert!(offset + bytes <= words.len() * WORD);
    // SAFETY: by the assertion, `offset` lies inside of `words`.
    unsafe { words.as_ptr().cast::<u8>().add(offset) }
}

/// Fills `to` with the bytes that begin at byte `offset` of `words`.
///
/// # Panics
///
/// When `words` ends before `to` is full.
#[inline(always)]
pub(crate) fn load(words: &[Word], offset: usize, to: &mut [MaybeUninit<u8>]) {
    if to.len() < vector::LEAST_LOAD {
        return words::load(words, offset, to);
    }
    let from = at(words, offset, to.len());
    // SAFETY:
    // 1. `from` and the bytes after it are inside of `words`, which other
    //    processes and threads may write to: `vector::load` allows that.
    // 2. `to` is exclusive, so it is no part of `words`.
    unsafe { vector::load(from, to.as_mut_ptr().cast(), to.len()) };
}

/// Writes `from` to the start of `words`; the rest of a last, partial word
/// becomes zero.
///
/// # Panics
///
/// When `words` ends before `from` does.
#[inline(always)]
pub(crate) fn store(words: &[Word], from: &[u8]) {
    if from.len() < vector::LEAST_STORE {
        return words::store(words, from);
    }
    store_by(words, from, |from, to, bytes| {
        // SAFETY:
        // 1. `to` is as long as `from`; that others read and write it meanwhile
        //    is allowed by `vector::store`, and that it is written through a
        //    shared reference by `Word`, whose inside may change.
        // 2. `from` is plain memory, so it is no part of `words`.
        unsafe { vector::store(from, to, bytes) };
    });
}

/// [`store`] of a value that the program has at hand, in a function that is
/// compiled into the one that makes it.
///
/// Fields that were computed just before come out of registers then, and
/// narrow ones are put together there. From memory, a load that is longer than
/// the store it meets waits some 4 ns. So up to 64 bytes are loaded word by word,
/// whatever wrote them, and stored two words at a time: a processor ends one
/// store a cycle, and who reads them again right away does so by vectors. Up to
/// 256 go by sixteen bytes that the compiler loads.
///
/// Nanoseconds without the stamp, of 64-bit numbers but for the mixed ones:
///
/// | | unchanged | new integers | new floats | new, mixed | one changed | `update` |
/// |---|---|---|---|---|---|---|
/// | 16 bytes, words | 1.8 | 1.4 | | | 2.0 | 6.8 |
/// | **16 bytes, two words** | 1.7 | 1.4 | | | 1.9 | 3.0 |
/// | 32 bytes, words | 2.2 | 1.9 | 2.2 | 2.8 | 2.7 | 6.8 |
/// | **32 bytes, two words** | 1.8 | 2.7 | 2.0 | 3.0 | 2.2 | 3.0 |
/// | 32 bytes, sixteens | 1.7 | 2.7 | 1.8 | 2.7 | 6.2 | 2.8 |
/// | 64 bytes, words | 2.9 | 2.7 | 3.5 | 3.8 | 3.8 | 7.9 |
/// | **64 bytes, two words** | 2.3 | 3.8 | 2.7 | 3.5 | 2.7 | 3.1 |
/// | 64 bytes, sixteens | 2.2 | 4.1 | 2.4 | 3.3 | 6.5 | 2.8 |
/// | 128 bytes, two words | 3.6 | 6.2 | 4.2 | 5.1 | 3.8 | 4.3 |
/// | **128 bytes, sixteens** | 2.9 | 6.8 | 3.3 | 4.1 | 7.0 | 3.9 |
/// | 256 bytes, two words | 6.1 | 11 | 11 | 11 | 6.3 | 11 to 20 |
/// | **256 bytes, sixteens** | 4.5 | 12 | 6.1 | 7.0 | 8.1 | 6.5 |
/// | 256 bytes, long vectors | 3.3 | 13 | 11 | 12 | 8.4 | 12 |
///
/// # Panics
///
/// As [`store`].
#[inline(always)]
pub(crate) fn store_value(words: &[Word], from: &[u8]) {
    match from.len() {
        ..=15 => words::store(words, from),
        16..=64 => {
            let (pairs, rest) = from.as_chunks::<{ 2 * WORD }>();
            let (to, last) = words.split_at(2 * pairs.len());
            for (pair, to) in pairs.iter().zip(to.as_chunks().0) {
                let (low, high) = pair.split_at(WORD);
                vector::store_two(to, word_of(low), word_of(high));
            }
            words::store(last, rest);
        }
        65..=256 if vector::LEAST_STORE <= 65 => {
            store_by(words, from, |from, to, bytes| {
                // SAFETY: as in `store`.
                unsafe { vector::store_sixteens(from, to, bytes) };
            });
        }
        _ => store(words, from),
    }
}

/// Eight bytes as a word has them.
#[inline(always)]
fn word_of(bytes: &[u8]) -> u64 {
    u64::from_ne_bytes(bytes.try_into().expect("eight bytes"))
}

/// Has `copy` write the whole words of `from`, two and more, to the start of
/// `words`, and writes the last, partial one with zeros behind it.
#[inline(always)]
fn store_by(words: &[Word], from: &[u8], copy: impl FnOnce(*const u8, *mut u8, usize)) {
    let whole = from.len() / WORD;
    let (body, tail) = from.split_at(whole * WORD);
    let (to, rest) = words.split_at(whole);
    copy(body.as_ptr(), to.as_ptr().cast_mut().cast(), body.len());
    if !tail.is_empty()
        && let Some(last) = from.last_chunk()
    {
        // The tail is the end of these eight bytes, of which there are more:
        // no copy of a length that is not known.
        let word = u64::from_le_bytes(*last) >> (8 * (WORD - tail.len()));
        rest[0].store(word.to_le(), Ordering::Relaxed);
    }
}

/// Writes the words of `from` to `to`; others may look at both.
///
/// # Panics
///
/// When one has more words than the other.
///
/// # Safety
///
/// The two do not overlap.
#[inline(always)]
pub(crate) unsafe fn pass_on(from: &[Word], to: &[Word]) {
    assert!(from.len() == to.len(), "as many words");
    let bytes = from.len() * WORD;
    if bytes < vector::LEAST_STORE {
        return words::pass_on(from, to);
    }
    // SAFETY:
    // 1. Both are as long; that others read and write them meanwhile is
    //    allowed by `vector::store`, and that `to` is written through a shared
    //    reference by `Word`, whose inside may change.
    // 2. They do not overlap, by the contract.
    unsafe { vector::store(from.as_ptr().cast(), to.as_ptr().cast_mut().cast(), bytes) };
}

/// Begins to fetch the cache line of a word, without waiting for it.
#[inline(always)]
pub(crate) fn prefetch(words: &[Word], index: usize) {
    // A hint: an address that is not there does no harm.
    vector::prefetch(words.as_ptr().wrapping_add(index));
}

/// Begins to fetch the cache line of a word to the second cache only: so no
/// line beside it is fetched with it, as if there were to be more.
#[inline(always)]
pub(crate) fn prefetch_far(words: &[Word], index: usize) {
    // A hint, as above.
    vector::prefetch_far(words.as_ptr().wrapping_add(index));
}

/// Loads a word that nobody asks for: so the processor sees where a read goes,
/// and fetches what comes next by itself.
#[inline(always)]
pub(crate) fn bring(word: &Word) {
    vector::bring(word);
}

/// `(index & mask) * distance`, for a mask of one to three bits, by branches:
/// a processor that guesses them begins to copy before `index` has come from
/// another one. A wrong guess costs some 5 ns, which is little beside what a
/// long copy then fetches.
#[inline(always)]
pub(crate) fn guessed(index: u64, mask: u64, distance: usize) -> usize {
    let mut at = vector::step_if(index, distance);
    if mask > 1 {
        at += vector::step_if(index >> 1, 2 * distance);
        if mask > 3 {
            at += vector::step_if(index >> 2, 4 * distance);
        }
    }
    at
}

/// Whether so many words are more than [`prefetch_lines`] fetches.
#[inline(always)]
pub(crate) fn is_long(count: usize) -> bool {
    count > MOST_LINES * LINE
}

/// Words in a cache line.
const LINE: usize = 64 / WORD;

/// Most cache lines that [`prefetch_lines`] fetches.
const MOST_LINES: usize = 4;

/// Begins to fetch the cache lines of `count` words, or the first of them when
/// there are many: the processor goes on by itself, and each line of a copy
/// that turns out to be the wrong one is fetched for nothing.
#[inline(always)]
pub(crate) fn prefetch_lines(words: &[Word], first: usize, count: usize) {
    prefetch(words, first);
    // Not a loop over as many, which the compiler would make a large one of
    // where it does not know the count; and asked of the count itself, of
    // which it may know the range.
    for line in 1..MOST_LINES {
        if line * LINE < count && !is_long(count) {
            prefetch(words, first + line * LINE);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
