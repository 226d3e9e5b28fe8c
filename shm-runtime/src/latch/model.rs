//! The latch under loom: every interleaving and every outdated value that the
//! C11 memory model allows.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p shm-runtime --lib --release loom`
//!
//! Two writes and two reads are the least that finds every weakened order:
//! with one write fewer, a relaxed sequence store passes unseen.

use core::mem::MaybeUninit;

use loom::sync::Arc;
use loom::thread;

use super::{Copies, Latch, Orders, Sound, Unread, Words};
use crate::copy;
use crate::sync::{Ordering, WORD, Word};

const COPIES: Copies = Copies::TWO;
/// Words of one record.
const WIDTH: usize = 2;

struct Slot(Vec<Word>);

impl Slot {
    fn new() -> Arc<Self> {
        let words = super::words(WIDTH, COPIES);
        Arc::new(Self((0..words).map(|_| Word::new(0)).collect()))
    }

    fn latch<O: Orders>(&self) -> Latch<'_, O> {
        Latch::new(Words::of_slot(&self.0, WIDTH), WIDTH, COPIES)
    }
}

/// Version n of the record: each word tells the version and its place.
fn record(version: u64) -> [u8; WIDTH * WORD] {
    let mut bytes = [0; WIDTH * WORD];
    if version > 0 {
        for (place, word) in bytes.chunks_exact_mut(WORD).enumerate() {
            word.copy_from_slice(&(version * 10 + place as u64).to_ne_bytes());
        }
    }
    bytes
}

fn write<O: Orders>(slot: &Slot) {
    let latch = slot.latch::<O>();
    let writing = latch.begin().expect("nobody retires");
    copy::store(writing.words(), &record(writing.version()));
    writing.publish(7);
}

/// Reads once; returns the version, whose bytes were all there.
fn read<O: Orders>(slot: &Slot) -> u64 {
    let mut bytes = [MaybeUninit::new(0); WIDTH * WORD];
    let whole = slot
        .latch::<O>()
        .read(|words: &[Word]| copy::load(words, 0, &mut bytes))
        .expect("two writes cannot stall a reader");
    let expected = record(whole.version).map(MaybeUninit::new);
    for (found, expected) in words(&bytes).zip(words(&expected)) {
        assert_eq!(found, expected, "torn record of version {}", whole.version);
    }
    whole.version
}

fn words(bytes: &[MaybeUninit<u8>]) -> impl Iterator<Item = u64> {
    #[allow(unsafe_code)]
    fn initialised(byte: &MaybeUninit<u8>) -> u8 {
        // SAFETY: both callers fill the whole buffer before they ask.
        unsafe { byte.assume_init() }
    }
    bytes.chunks_exact(WORD).map(|chunk| {
        let mut word = [0; WORD];
        for (to, from) in word.iter_mut().zip(chunk) {
            *to = initialised(from);
        }
        u64::from_ne_bytes(word)
    })
}

/// One thread writes twice, one reads twice.
fn two_writes_two_reads<O: Orders + 'static>() {
    loom::model(|| {
        let slot = Slot::new();
        let writer = {
            let slot = slot.clone();
            thread::spawn(move || {
                write::<O>(&slot);
                write::<O>(&slot);
            })
        };
        let first = read::<O>(&slot);
        let second = read::<O>(&slot);
        assert!(first <= second, "version {second} was read after {first}");
        writer.join().expect("the writer does not panic");
    });
}

#[test]
fn loom_two_writes_and_two_reads_are_never_torn() {
    two_writes_two_reads::<Sound>();
}

/// How far a writer gets before it is killed: each store is one step.
#[derive(Clone, Copy, Debug)]
enum Cut {
    AfterBegin,
    AfterFirstWord,
    AfterAllWords,
    AfterStamp,
}

fn write_until<O: Orders>(slot: &Slot, cut: Cut) {
    let latch = slot.latch::<O>();
    let writing = latch.begin().expect("nobody retires");
    let bytes = record(writing.version());
    match cut {
        Cut::AfterBegin => {}
        Cut::AfterFirstWord => copy::store(writing.words(), &bytes[..WORD]),
        Cut::AfterAllWords => copy::store(writing.words(), &bytes),
        Cut::AfterStamp => {
            copy::store(writing.words(), &bytes);
            latch.stamp_word().store(7, Ordering::Relaxed);
        }
    }
}

/// A writer publishes, dies in its second write, and a successor that the
/// kernel gave the lock (here: a join) writes that version again.
fn cut_off(cut: Cut) {
    loom::model(move || {
        let slot = Slot::new();
        write::<Sound>(&slot);
        let writer = {
            let slot = slot.clone();
            thread::spawn(move || {
                write_until::<Sound>(&slot, cut);
                write::<Sound>(&slot);
            })
        };
        let first = read::<Sound>(&slot);
        let second = read::<Sound>(&slot);
        assert!(first == 1 || first == 2, "version {first} was read");
        assert!(first <= second, "version {second} was read after {first}");
        writer.join().expect("the writers do not panic");
        assert_eq!(read::<Sound>(&slot), 2, "the version goes on");
    });
}

#[test]
fn loom_a_writer_cut_off_after_any_store_is_taken_over() {
    for cut in [
        Cut::AfterBegin,
        Cut::AfterFirstWord,
        Cut::AfterAllWords,
        Cut::AfterStamp,
    ] {
        cut_off(cut);
    }
}

#[test]
fn loom_a_retired_latch_says_so_to_every_later_read() {
    loom::model(|| {
        let slot = Slot::new();
        write::<Sound>(&slot);
        let owner = {
            let slot = slot.clone();
            thread::spawn(move || {
                write::<Sound>(&slot);
                super::mark_retired(&slot.0[0], true);
            })
        };
        let read = || {
            slot.latch::<Sound>()
                .read(|_: &[Word]| {})
                .map(|whole| whole.version)
        };
        let (first, second) = (read(), read());
        if first == Err(Unread::Retired) {
            assert_eq!(second, first);
        }
        owner.join().expect("the owner does not panic");
        assert_eq!(read(), Err(Unread::Retired));
        assert!(slot.latch::<Sound>().begin().is_err());
    });
}

macro_rules! weakened {
    ($($test:ident, $name:ident: $doc:literal { $($body:tt)* })*) => {$(
        #[doc = $doc]
        enum $name {}

        impl Orders for $name { $($body)* }

        #[test]
        #[should_panic(expected = "torn record")]
        fn $test() {
            two_writes_two_reads::<$name>();
        }
    )*};
}

weakened! {
    loom_catches_a_relaxed_begin, RelaxedBegin: "The store of `2n + 1`." {
        const BEGIN: Ordering = Ordering::Relaxed;
    }
    loom_catches_a_relaxed_publish, RelaxedPublish: "The store of `2n + 2`." {
        const PUBLISH: Ordering = Ordering::Relaxed;
    }
    loom_catches_no_fence_after_begin, NoFenceAfterBegin: "The writer's fence." {
        fn after_begin() {}
    }
    loom_catches_no_fence_after_open, NoFenceAfterOpen: "A reader's first fence." {
        fn after_open() {}
    }
    loom_catches_no_fence_before_close, NoFenceBeforeClose: "A reader's second fence." {
        fn before_close() {}
    }
}
