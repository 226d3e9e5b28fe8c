use core::mem::MaybeUninit;

use super::*;
use crate::copy::LoadInto;

fn words(bytes: &[u8]) -> Vec<Word> {
    let (chunks, _) = bytes.as_chunks::<WORD>();
    let word = |chunk: &[u8; WORD]| Word::new(u64::from_le_bytes(*chunk));
    chunks.iter().map(word).collect()
}

fn number(offset: usize, size: usize) -> Number {
    Number { offset, size }
}

/// The tries until three failed, or how many did before one was whole.
fn read(words: &[Word], rule: Rule) -> Result<u32, Unread> {
    let mut to = [MaybeUninit::uninit(); 8];
    let take = LoadInto {
        offset: 8,
        to: &mut to,
    };
    Guard::<Sound>::new(words, rule).read(take, |tries, _| tries < 3)
}

#[test]
fn a_number_is_loaded_from_either_half_of_a_word_and_whole() {
    let words = words(&(1..=16).collect::<Vec<u8>>());
    assert_eq!(number(0, 4).load(&words), 0x0403_0201);
    assert_eq!(number(4, 4).load(&words), 0x0807_0605);
    assert_eq!(number(12, 4).load(&words), 0x100f_0e0d);
    assert_eq!(number(8, 8).load(&words), 0x100f_0e0d_0c0b_0a09);
}

#[test]
fn a_counter_that_stays_odd_is_given_up_as_standing_still() {
    let words = words(&[7, 0, 0, 0, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 8]);
    let counter = number(0, 4);
    let unread = read(&words, Rule::OddWhileWriting { counter }).unwrap_err();
    let (opened, closed) = (7, 7);
    assert_eq!(unread.last, Failed::Met { opened, closed });
    assert_eq!((unread.tries, unread.still), (3, true));
    words[0].store(8, Ordering::Relaxed);
    assert_eq!(read(&words, Rule::OddWhileWriting { counter }), Ok(0));
}

#[test]
fn a_pair_that_differs_and_a_mark_of_zero_are_no_record() {
    let words = words(&[5, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    let (begin, end) = (number(0, 4), number(4, 4));
    let unread = read(&words, Rule::Pair { begin, end }).unwrap_err();
    let (opened, closed) = (4, 5);
    assert_eq!(unread.last, Failed::Met { opened, closed });
    let (counter, valid) = (begin, end);
    assert_eq!(read(&words, Rule::Unchanged { counter, valid }), Ok(0));
    words[0].store(5, Ordering::Relaxed);
    let unread = read(&words, Rule::Unchanged { counter, valid }).unwrap_err();
    assert_eq!(unread.last, Failed::NotValid);
    words[0].store(5 << 32 | 5, Ordering::Relaxed);
    assert_eq!(read(&words, Rule::Pair { begin, end }), Ok(0));
}

/// What `take` does between the two looks is what a writer does meanwhile.
#[test]
fn a_write_during_the_copy_is_seen_by_every_rule() {
    let (first, second) = (number(0, 4), number(4, 4));
    for (rule, meanwhile) in [
        (Rule::OddWhileWriting { counter: first }, 4 | 1 << 32),
        (
            Rule::Unchanged {
                counter: first,
                valid: second,
            },
            4 | 1 << 32,
        ),
        (
            Rule::Pair {
                begin: first,
                end: second,
            },
            4 | 4 << 32,
        ),
    ] {
        let words = words(&[2, 0, 0, 0, 2, 0, 0, 0]);
        let mut tries = 0;
        let take = |words: &[Word]| {
            tries += 1;
            words[0].store(meanwhile, Ordering::Relaxed);
        };
        let retries = Guard::<Sound>::new(&words, rule).read(take, |tries, _| tries < 3);
        assert_eq!((retries, tries), (Ok(1), 2), "{rule:?}");
    }
}

#[test]
fn a_rule_moves_with_its_record() {
    let rule = Rule::Pair {
        begin: number(0, 8),
        end: number(16, 8),
    };
    let moved: Vec<usize> = rule.at(40).numbers().map(|n| n.offset).collect();
    assert_eq!(moved, [40, 56]);
}
