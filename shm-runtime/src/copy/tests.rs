//! Each copy against the reference, byte by byte.

use super::*;

/// Long enough for every branch of the vector copy, and its loops.
const MOST: usize = 1100;

/// Bytes that tell their places apart.
fn byte(i: usize) -> u8 {
    (i % 251) as u8 + 1
}

fn numbered(count: usize) -> Vec<Word> {
    prepare();
    let bytes: Vec<u8> = (0..count * WORD).map(byte).collect();
    let words: Vec<Word> = (0..count).map(|_| Word::new(0)).collect();
    words::store(&words, &bytes);
    words
}

fn bytes_of(words: &[Word]) -> Vec<u8> {
    let mut to = vec![MaybeUninit::new(0); words.len() * WORD];
    words::load(words, 0, &mut to);
    initialised(to)
}

fn initialised(bytes: Vec<MaybeUninit<u8>>) -> Vec<u8> {
    let read = |byte: MaybeUninit<u8>| {
        // SAFETY: each test makes its buffer of `MaybeUninit::new`.
        unsafe { byte.assume_init() }
    };
    bytes.into_iter().map(read).collect()
}

#[test]
fn every_size_is_loaded_from_where_it_lies_and_no_byte_more() {
    let words = numbered(MOST / WORD + 8);
    for size in 0..=MOST {
        for offset in [0, 3, 8, 13, 40] {
            let mut to = vec![MaybeUninit::new(0); size + 64];
            load(&words, offset, &mut to[..size]);
            let to = initialised(to);
            let expected: Vec<u8> = (offset..offset + size).map(byte).collect();
            assert_eq!(to[..size], expected, "{size} bytes at {offset}");
            assert!(
                to[size..].iter().all(|&b| b == 0),
                "{size} bytes at {offset}"
            );
        }
    }
}

#[test]
fn a_row_is_loaded_as_any_other_bytes() {
    let words = numbered(MOST / WORD + 8);
    for size in 0..=MOST {
        let mut to = vec![MaybeUninit::new(0); size + 64];
        LoadRow(&mut to[..size]).take(&words);
        let expected: Vec<u8> = (0..size).map(byte).chain([0; 64]).collect();
        assert_eq!(initialised(to), expected, "{size} bytes");
    }
}

/// A whole record of so many words, loaded and stored.
fn whole<const WORDS: usize, const PAIRS: bool>() {
    let words = numbered(WORDS + 8);
    let mut to = vec![MaybeUninit::new(0); WORDS * WORD + 64];
    // SAFETY: the test asks whether there are pairs.
    unsafe { load_whole::<WORDS, PAIRS>(&words[..WORDS], &mut to[..WORDS * WORD]) };
    let expected: Vec<u8> = (0..WORDS * WORD).map(byte).chain([0; 64]).collect();
    let loaded = initialised(to);
    assert_eq!(loaded, expected, "{WORDS} words");

    let to: Vec<Word> = (0..WORDS + 8).map(|_| Word::new(0)).collect();
    // SAFETY: as above.
    unsafe { store_whole::<WORDS, PAIRS>(&to[..WORDS], &loaded[..WORDS * WORD]) };
    assert_eq!(bytes_of(&to), expected, "{WORDS} words");
}

macro_rules! wholes {
    ($pairs:literal: $($words:literal)*) => { $(whole::<$words, $pairs>();)* };
}

#[test]
fn a_whole_record_is_copied_and_no_byte_more() {
    wholes!(false: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 40);
    if has_pairs() {
        wholes!(true: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 40);
    }
}

#[test]
fn a_value_is_loaded_and_streamed_as_any_other_bytes() {
    let words = numbered(MOST / WORD + 8);
    for size in (0..=300).chain([383, 384, 385, 1000]) {
        for offset in [0, 3, 8, 40] {
            let mut to = vec![MaybeUninit::new(0); size + 64];
            let (value, rest) = to.split_at_mut(size);
            let to = value;
            LoadValue(LoadInto { offset, to }).take(&words);
            let expected: Vec<u8> = (offset..offset + size).map(byte).collect();
            assert_eq!(
                initialised(to.to_vec()),
                expected,
                "{size} bytes at {offset}"
            );
            assert!(
                initialised(rest.to_vec()).iter().all(|&b| b == 0),
                "{size} bytes"
            );
        }
    }
    let mut vectors = vec![[0_u128; 4]; 3];
    if Stream::fits(&vectors) {
        let size = size_of_val(&*vectors);
        // SAFETY: these are the bytes of `vectors`, of which any are numbers.
        let to = unsafe {
            core::slice::from_raw_parts_mut(vectors.as_mut_ptr().cast::<MaybeUninit<u8>>(), size)
        };
        Stream(&mut to[16..160]).take(&words);
        end_streams();
        let expected: Vec<u8> = (0..144).map(byte).collect();
        let to = initialised(to.to_vec());
        assert_eq!(
            (&to[16..160], &to[..16], &to[160..]),
            (&*expected, &[0; 16][..], &[0; 32][..])
        );
    }
    assert!(!Stream::fits(&[[0_u8; 24]; 2]));
}

#[test]
fn every_size_is_stored_as_the_reference_stores_it() {
    let from: Vec<u8> = (0..MOST).map(byte).collect();
    for size in 0..=MOST {
        let [stored, value, reference] = [(); 3].map(|()| {
            (0..MOST / WORD + 9)
                .map(|_| Word::new(!0))
                .collect::<Vec<_>>()
        });
        store(&stored, &from[..size]);
        store_value(&value, &from[..size]);
        words::store(&reference, &from[..size]);
        assert_eq!(bytes_of(&stored), bytes_of(&reference), "{size} bytes");
        assert_eq!(bytes_of(&value), bytes_of(&reference), "{size} bytes");
    }
}

#[test]
fn a_guessed_place_is_the_computed_one() {
    for mask in [1, 3, 7] {
        for index in (0..20).chain([u64::MAX - 1, u64::MAX, 1 << 32]) {
            for distance in [1, 40, 129, 1 << 33] {
                let computed = (index & mask) as usize * distance;
                assert_eq!(guessed(index, mask, distance), computed, "{index} & {mask}");
            }
        }
    }
}

#[test]
fn every_number_of_words_is_passed_on_and_no_word_more() {
    for count in 0..=MOST / WORD {
        let (from, to) = (numbered(count), numbered(count + 9));
        // SAFETY: two vectors do not overlap.
        unsafe { pass_on(&from, &to[..count]) };
        let behind: Vec<u8> = (0..).map(byte).skip(count * WORD).take(9 * WORD).collect();
        assert_eq!(bytes_of(&to), [bytes_of(&from), behind].concat());
    }
}

/// In the words of an assertion or of an index, by the copy that is taken.
#[test]
#[should_panic]
fn a_load_past_the_last_word_panics() {
    let words = numbered(16);
    load(&words, 8, &mut [MaybeUninit::new(0); 128]);
}

#[test]
#[should_panic]
fn a_store_past_the_last_word_panics() {
    store(&numbered(16), &[0; 129]);
}
