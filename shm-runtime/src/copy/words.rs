//! The reference copy: relaxed words, which the model checker, every CPU and
//! the sanitizers understand.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;

use crate::sync::{Ordering, WORD, Word};

/// Words that `bytes` bytes take up.
pub(crate) const fn words_for(bytes: usize) -> usize {
    bytes.div_ceil(WORD)
}

/// Fills `to` with the bytes that begin at byte `offset` of `words`.
///
/// # Panics
///
/// When `words` ends before `to` is full.
#[inline(always)]
pub(in crate::copy) fn load(words: &[Word], offset: usize, to: &mut [MaybeUninit<u8>]) {
    let words = &words[offset / WORD..];
    let skipped = offset % WORD;

    // A field in one word, as nearly every field is: its offset may be known
    // at run time alone.
    if matches!(to.len(), 1..=WORD) && skipped + to.len() <= WORD {
        let bytes = bytes_of(&words[0]);
        to.copy_from_slice(&bytes[skipped..skipped + to.len()]);
        return;
    }

    // The rest of a word that the bytes begin in the middle of. For a whole
    // record `offset` is the constant 0 and this is compiled away.
    let (head, to) = match skipped {
        0 => (0, to),
        _ => {
            let head = to.len().min(WORD - skipped);
            let (start, rest) = to.split_at_mut(head);
            start.copy_from_slice(&bytes_of(&words[0])[skipped..skipped + head]);
            (1, rest)
        }
    };
    let words = &words[head..head + words_for(to.len())];

    let (chunks, tail) = to.as_chunks_mut::<WORD>();
    for (chunk, word) in chunks.iter_mut().zip(words) {
        let value = word.load(Ordering::Relaxed);
        // Not `copy_from_slice` of eight `MaybeUninit`s, of which LLVM makes
        // eight stores.
        // SAFETY: `chunk` is eight bytes that are ours; the write asks for no
        // alignment.
        unsafe { chunk.as_mut_ptr().cast::<u64>().write_unaligned(value) };
    }
    if !tail.is_empty() {
        let last = bytes_of(&words[words.len() - 1]);
        tail.copy_from_slice(&last[..tail.len()]);
    }
}

/// Writes `from` to the start of `words`; the rest of a last, partial word
/// becomes zero.
///
/// # Panics
///
/// When `words` ends before `from` does.
#[inline(always)]
pub(in crate::copy) fn store(words: &[Word], from: &[u8]) {
    let words = &words[..words_for(from.len())];
    let (chunks, tail) = from.as_chunks::<WORD>();
    for (chunk, word) in chunks.iter().zip(words) {
        word.store(u64::from_ne_bytes(*chunk), Ordering::Relaxed);
    }
    if !tail.is_empty() {
        let mut last = [0; WORD];
        last[..tail.len()].copy_from_slice(tail);
        words[words.len() - 1].store(u64::from_ne_bytes(last), Ordering::Relaxed);
    }
}

/// Writes the words of `from` to as many of `to`.
#[inline(always)]
pub(in crate::copy) fn pass_on(from: &[Word], to: &[Word]) {
    for (from, to) in from.iter().zip(to) {
        to.store(from.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// The bytes of one word as they lie in memory.
#[inline(always)]
fn bytes_of(word: &Word) -> [MaybeUninit<u8>; WORD] {
    word.load(Ordering::Relaxed)
        .to_ne_bytes()
        .map(MaybeUninit::new)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn initialised(bytes: Vec<MaybeUninit<u8>>) -> Vec<u8> {
        let read = |byte: MaybeUninit<u8>| {
            // SAFETY: each test makes its buffer of `MaybeUninit::new`.
            unsafe { byte.assume_init() }
        };
        bytes.into_iter().map(read).collect()
    }

    fn numbered(count: usize) -> Vec<Word> {
        let bytes: Vec<u8> = (0..count * WORD).map(|i| i as u8 + 1).collect();
        let words: Vec<Word> = (0..count).map(|_| Word::new(0)).collect();
        store(&words, &bytes);
        words
    }

    #[test]
    fn every_part_of_a_record_is_loaded_from_where_it_lies() {
        let words = numbered(5);
        for offset in 0..40 {
            for size in 0..=40 - offset {
                let mut to = vec![MaybeUninit::new(0); size];
                load(&words, offset, &mut to);
                let expected: Vec<_> = (offset..offset + size).map(|i| i as u8 + 1).collect();
                assert_eq!(initialised(to), expected, "{size} bytes at {offset}");
            }
        }
    }

    #[test]
    fn a_size_that_is_no_multiple_of_a_word_ends_in_zeros() {
        for size in 0..=24 {
            let words = numbered(3);
            store(&words, &vec![0xff; size]);
            let mut to = vec![MaybeUninit::new(0); 24];
            load(&words, 0, &mut to);
            for (i, byte) in initialised(to).into_iter().enumerate() {
                let expected = match i {
                    _ if i < size => 0xff,
                    _ if i < words_for(size) * WORD => 0,
                    _ => i as u8 + 1,
                };
                assert_eq!(byte, expected, "byte {i} after storing {size}");
            }
        }
    }
}
