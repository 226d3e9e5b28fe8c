//! The latch among real threads, and against sequences that nobody honest
//! wrote.

use core::cell::Cell;
use core::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use super::{Copies, Latch, MAX_TRIES, RETIRED, Sound, Unread, Words, mark_retired, span};
use crate::copy::{self, LoadInto, Take};
use crate::sync::{Ordering, WORD, Word};

/// Words of one record: 4 KiB, so that a copy takes a while.
const WIDTH: usize = 512;
const COPIES: Copies = Copies::TWO;

fn slot(width: usize, copies: Copies) -> Vec<Word> {
    let words = super::words(width, copies);
    (0..words).map(|_| Word::new(0)).collect()
}

fn latch(slot: &[Word]) -> Latch<'_, Sound> {
    Latch::new(Words::of_slot(slot, WIDTH), WIDTH, COPIES)
}

/// A record whose words are all its version.
fn write(slot: &[Word]) -> u64 {
    let latch = latch(slot);
    let writing = latch.begin().expect("nobody retires");
    let bytes = (writing.version().to_ne_bytes()).repeat(WIDTH);
    copy::store(writing.words(), &bytes);
    writing.publish(0)
}

/// A place for a record's bytes.
fn place() -> Vec<MaybeUninit<u8>> {
    vec![MaybeUninit::new(0); WIDTH * WORD]
}

/// The words of a record that was copied to a `place`.
fn words_of(place: &[MaybeUninit<u8>]) -> Vec<u64> {
    let (words, _) = place.as_chunks::<WORD>();
    words
        .iter()
        .map(|word| {
            // SAFETY: `place` made them of `MaybeUninit::new`.
            u64::from_ne_bytes(word.map(|byte| unsafe { byte.assume_init() }))
        })
        .collect()
}

fn is_torn(record: &[u64]) -> bool {
    record.iter().any(|word| *word != record[0])
}

/// Runs `read` beside a writer that never pauses.
fn beside_a_writer<R>(read: impl FnOnce(&[Word]) -> R) -> R {
    let slot = Arc::new(slot(WIDTH, COPIES));
    let (stop, stopped) = mpsc::channel::<()>();
    let writer = {
        let slot = slot.clone();
        thread::spawn(move || {
            while let Err(mpsc::TryRecvError::Empty) = stopped.try_recv() {
                for _ in 0..100 {
                    write(&slot);
                }
            }
        })
    };
    while latch(&slot).version() == 0 {
        thread::yield_now();
    }
    let result = read(&slot);
    drop(stop);
    writer.join().expect("the writer does not panic");
    result
}

#[test]
fn no_read_is_torn_beside_a_writer_that_never_pauses() {
    const READS: u32 = 100_000;
    // By the copy that programs run: one that is slower than the writer's, as
    // word by word is, never gets a whole record beside it.
    let retries = beside_a_writer(|slot| {
        let mut bytes = place();
        let mut retries = 0;
        let mut last = 0;
        for _ in 0..READS {
            let (offset, to) = (0, &mut *bytes);
            let whole = latch(slot)
                .read(LoadInto { offset, to })
                .expect("each try can succeed");
            let record = words_of(&bytes);
            assert!(!is_torn(&record), "torn: {record:?}");
            assert_eq!(record[0], whole.version);
            assert!(whole.version >= last, "versions go on");
            last = whole.version;
            retries += whole.retries;
        }
        retries
    });
    eprintln_counts(READS, retries);
}

#[allow(clippy::print_stderr)] // the count that the promise is about
fn eprintln_counts(reads: u32, retries: u32) {
    eprintln!("{reads} reads, {retries} retries, 0 torn");
}

/// Looks at nothing, while a writer overtakes it so many times.
struct Overtaken<'a> {
    slot: &'a [Word],
    times: u32,
    /// How often it was asked what to fetch.
    fetched: &'a Cell<u32>,
}

impl Take for Overtaken<'_> {
    fn first(&self) -> usize {
        self.fetched.update(|times| times + 1);
        0
    }

    fn take(&mut self, _: &[Word]) {
        if self.times > 0 {
            self.times -= 1;
            write(self.slot);
            write(self.slot);
        }
    }
}

/// What lies on the sequence's line comes with it. Of more than two copies not
/// all do.
#[test]
fn only_what_does_not_come_with_the_sequence_is_fetched() {
    const SHORT: usize = 2;
    for (copies, expected) in [(2, 0), (4, 1), (8, 1)] {
        let copies = Copies::new(copies).expect("it is one");
        let slot = slot(SHORT, copies);
        let latch: Latch<'_> = Latch::new(Words::of_slot(&slot, SHORT), SHORT, copies);
        let fetched = Cell::new(0);
        let take = Overtaken {
            slot: &[],
            times: 0,
            fetched: &fetched,
        };
        latch.read(take).expect("nobody writes");
        assert_eq!(fetched.get(), expected, "{copies:?}");
    }
}

/// Else each try takes from the writer just the line that it is about to
/// write, and both go on so for thousands of tries.
#[test]
fn every_try_begins_with_all_its_lines_on_their_way() {
    let slot = slot(WIDTH, COPIES);
    let fetched = &Cell::new(0);
    for times in [0, 1, 40] {
        fetched.set(0);
        let slot = slot.as_slice();
        let whole = latch(slot).read(Overtaken {
            slot,
            times,
            fetched,
        });
        let retries = whole.expect("the writer pauses at last").retries;
        assert_eq!((retries, fetched.get()), (times, times + 1));
    }
}

/// The control of the test above: were the records never overwritten while
/// they are read, it would prove nothing.
#[test]
fn without_the_second_look_reads_are_torn() {
    let torn_after = beside_a_writer(|slot| {
        let mut bytes = place();
        (0..10_000_000_u32).find(|_| {
            let latch = latch(slot);
            copy::load(latch.copy_of(2 * latch.version()), 0, &mut bytes);
            is_torn(&words_of(&bytes))
        })
    });
    assert!(torn_after.is_some(), "the writer never met the reader");
}

/// The control of the thread sanitizer, which must report this: a record that
/// is copied as plain memory, as one would do it without thinking. Undefined,
/// so it is built for the sanitizer alone; `ci/sanitizers.sh` runs it.
#[cfg(shm_words)]
#[test]
#[ignore = "it is a race"]
fn a_plain_copy_of_a_record_is_a_race() {
    beside_a_writer(|slot| {
        let mut bytes = [0_u8; WIDTH * WORD];
        for _ in 0..1000 {
            let latch = latch(slot);
            let from = latch.copy_of(2 * latch.version()).as_ptr().cast::<u8>();
            // SAFETY: there is none: the writer may write to it meanwhile.
            unsafe { from.copy_to_nonoverlapping(bytes.as_mut_ptr(), bytes.len()) };
        }
    });
}

#[test]
fn a_sequence_of_any_value_gives_a_record_or_an_error() {
    let slot = slot(WIDTH, COPIES);
    for shift in 0..64 {
        for seq in [1_u64 << shift, (1 << shift) - 1, !(1 << shift)] {
            slot[0].store(seq, Ordering::Relaxed);
            let read = latch(&slot).read(|_: &[Word]| {});
            match seq & RETIRED {
                0 => assert_eq!(read.map(|whole| whole.version), Ok(seq >> 1)),
                _ => assert_eq!(read, Err(Unread::Retired)),
            }
        }
    }
}

#[test]
fn a_sequence_that_never_rests_ends_in_an_error() {
    let slot = slot(WIDTH, COPIES);
    let mut tries = 0;
    let read = latch(&slot).read(|_: &[Word]| {
        tries += 1;
        slot[0].fetch_add(3, Ordering::Relaxed);
    });
    assert_eq!(tries, MAX_TRIES);
    let last = u64::from(MAX_TRIES) * 3;
    assert_eq!(
        read,
        Err(Unread::Stalled {
            opened: last - 3,
            closed: last,
        })
    );
}

#[test]
fn a_read_is_thrown_away_from_the_very_store_that_begins_to_overwrite_it() {
    for copies in [2, 4, 8].map(|count| Copies::new(count).expect("it is one")) {
        let slot = slot(WIDTH, copies);
        let latch: Latch<'_> = Latch::new(Words::of_slot(&slot, WIDTH), WIDTH, copies);
        // Version 3 is read; 3 + N goes to the same copy.
        let overwritten = 2 * (3 + copies.mask()) + 1;
        for closed in 6..overwritten + 4 {
            slot[0].store(6, Ordering::Relaxed);
            let whole = latch.read(|_: &[Word]| slot[0].store(closed, Ordering::Relaxed));
            let retries = whole.expect("the second try is quiet").retries;
            let expected = u32::from(closed >= overwritten);
            assert_eq!(retries, expected, "{copies:?}, closed at {closed}");
        }
    }
}

#[test]
fn a_version_cut_off_is_written_again() {
    let slot = slot(WIDTH, COPIES);
    assert_eq!(write(&slot), 1);
    let cut_off = latch(&slot).begin().expect("nobody retires").version();
    assert_eq!(cut_off, 2);
    assert_eq!(slot[0].load(Ordering::Relaxed), 3);
    let mut record = place();
    let whole = latch(&slot)
        .read(|words: &[Word]| copy::load(words, 0, &mut record))
        .expect("version 1 stands");
    assert_eq!(whole.version, 1);
    assert_eq!(write(&slot), 2);
}

#[test]
fn version_and_stamp_are_those_of_the_last_record() {
    let slot = slot(WIDTH, COPIES);
    let latch = latch(&slot);
    assert_eq!((latch.version(), latch.stamp()), (0, 0));
    for (version, stamp) in [(1, 70), (2, 30)] {
        let writing = latch.begin().expect("nobody retires");
        assert_eq!(latch.version(), version - 1, "it is being written");
        assert_eq!(writing.publish(stamp), version);
        assert_eq!((latch.version(), latch.stamp()), (version, stamp));
    }
    mark_retired(&slot[0], true);
    assert_eq!(latch.version(), 2);
    assert_eq!(
        slot[1].load(Ordering::Relaxed),
        30,
        "where others look for it"
    );
}

#[test]
fn a_retired_latch_is_neither_read_nor_written_until_it_is_taken_back() {
    let slot = slot(WIDTH, COPIES);
    write(&slot);
    mark_retired(&slot[0], true);
    assert_eq!(latch(&slot).read(|_: &[Word]| {}), Err(Unread::Retired));
    assert!(latch(&slot).begin().is_err());
    assert_eq!(latch(&slot).version(), 1);
    mark_retired(&slot[0], false);
    assert_eq!(write(&slot), 2);
}

#[test]
fn copies_begin_at_a_multiple_of_their_size_up_to_a_line() {
    let found = |width| {
        (
            width,
            super::first_copy(width),
            super::words(width, Copies::TWO),
        )
    };
    for expected in [
        (1, 2, 4),
        (2, 2, 6),
        (4, 4, 12),
        (6, 2, 14),
        (8, 8, 24),
        (12, 4, 28),
        (64, 8, 136),
    ] {
        assert_eq!(found(expected.0), expected);
    }
}

/// Two records whose copies lie between each other's, as in a table of arrays.
#[test]
fn copies_that_lie_apart_are_each_their_own() {
    const WIDTH: usize = 3;
    for copies in [2, 4, 8].map(|count| Copies::new(count).expect("it is one")) {
        let heads = slot(WIDTH, copies);
        let words: Vec<Word> = (0..2 * WIDTH * copies.count() as usize)
            .map(|_| Word::new(0))
            .collect();
        let latch = |row: usize| -> Latch<'_, Sound> {
            let (heads, _) = heads.as_chunks();
            let first = row * WIDTH;
            let distance = 2 * WIDTH;
            let words = Words {
                head: &heads[row],
                copies: &words[first..first + span(WIDTH, copies, distance)],
                distance,
            };
            Latch::new(words, WIDTH, copies)
        };
        for version in 1..20_u64 {
            for row in [0, 1] {
                let latch = latch(row);
                let writing = latch.begin().expect("nobody retires");
                let word = (100 * version + row as u64).to_ne_bytes();
                copy::store(writing.words(), &word.repeat(WIDTH));
                assert_eq!(writing.publish(version), version);
            }
            for row in [0, 1] {
                let mut found = vec![];
                let whole = latch(row).read(|words: &[Word]| {
                    found = words.iter().map(|w| w.load(Ordering::Relaxed)).collect();
                });
                assert_eq!(whole.map(|whole| whole.version), Ok(version));
                assert_eq!(found, [100 * version + row as u64; WIDTH]);
            }
        }
        let used = words
            .iter()
            .filter(|word| word.load(Ordering::Relaxed) != 0);
        assert_eq!(used.count(), words.len(), "each copy of each is in use");
    }
}
