//! Copies of whole records whose size the compiler knows: mostly four
//! instructions, where any size takes some twenty to find out what to do.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use crate::copy::{load, store, vector};
use crate::sync::{WORD, Word};

/// Most words that are copied as a pair of vectors.
const MOST: usize = 16;

/// Whether this processor copies pairs: two vectors, the first bytes and the
/// last, that together are any record of two to sixteen words.
pub(crate) fn has_pairs() -> bool {
    vector::has_pairs()
}

/// [`load`] of `WORDS` words into as much room.
///
/// # Panics
///
/// When `words` or `to` are not of that size.
///
/// # Safety
///
/// `PAIRS` is false, or there [are pairs](has_pairs).
#[inline(always)]
pub(crate) unsafe fn load_whole<const WORDS: usize, const PAIRS: bool>(
    words: &[Word],
    to: &mut [MaybeUninit<u8>],
) {
    assert!(words.len() == WORDS && to.len() == WORDS * WORD);
    if !PAIRS || !(2..=MOST).contains(&WORDS) {
        return load(words, 0, to);
    }
    // SAFETY:
    // 1. Both have so many bytes, by the assertion. Others may write to
    //    `words` meanwhile: `pair` allows that.
    // 2. `to` is exclusive, so it is no part of `words`.
    // 3. There are pairs, by the contract, and the words are so many.
    unsafe { vector::pair::<WORDS>(words.as_ptr().cast(), to.as_mut_ptr().cast()) };
}

/// [`store`] of as many bytes to `WORDS` words.
///
/// By vectors, however short it is: who fills a record and writes it here at
/// once, has the fields in the cache before they are loaded, as what is
/// between the two takes longer. [`store`] cannot rely on that.
///
/// # Panics
///
/// When `words` or `from` are not of that size.
///
/// # Safety
///
/// As of [`load_whole`].
#[inline(always)]
pub(crate) unsafe fn store_whole<const WORDS: usize, const PAIRS: bool>(
    words: &[Word],
    from: &[u8],
) {
    assert!(words.len() == WORDS && from.len() == WORDS * WORD);
    if !PAIRS || !(2..=MOST).contains(&WORDS) {
        return store(words, from);
    }
    // SAFETY:
    // 1. Both have so many bytes, by the assertion. Others may look at `words`
    //    meanwhile, and they are written through a shared reference: `pair`
    //    allows the one, `Word`, whose inside may change, the other.
    // 2. `from` is plain memory, so it is no part of `words`.
    // 3. There are pairs, by the contract, and the words are so many.
    unsafe { vector::pair::<WORDS>(from.as_ptr(), words.as_ptr().cast_mut().cast()) };
}
