//! The rules under loom: a reader of ours, and writers that do what the
//! programs' documents say.
//!
//! A weakened reader must be caught, and so must a writer that leaves out what
//! it is taken to do: else the model would prove nothing.

use loom::sync::Arc;
use loom::thread;

use super::{Guard, Number, Orders, Rule, Sound, WORD, Word};
use crate::sync::{Ordering, fence};

/// Two numbers of the rule, and two words of the record, a word each.
const FIRST: usize = 0;
const SECOND: usize = 1;
const DATA: [usize; 2] = [2, 3];

fn number(word: usize) -> Number {
    Number {
        offset: word * WORD,
        size: WORD,
    }
}

const fn fences() -> [bool; 3] {
    [true; 3]
}

/// A program: what it stores for write `k`, with the fences that it has.
type Writer = fn(&[Word], u64, [bool; 3]);

/// A rule, a program that keeps it, and how many writes of it meet the reader.
type Program = (Rule, Writer, u64);

fn set(words: &[Word], word: usize, value: u64) {
    words[word].store(value, Ordering::Relaxed);
}

fn barrier(there: bool) {
    if there {
        fence(Ordering::Release);
    }
}

fn data(words: &[Word], k: u64) {
    for word in DATA {
        set(words, word, k);
    }
}

fn odd_while_writing(words: &[Word], k: u64, fences: [bool; 3]) {
    set(words, FIRST, 2 * k - 1);
    barrier(fences[0]);
    data(words, k);
    barrier(fences[1]);
    set(words, FIRST, 2 * k);
}

/// As gpsd does it; x86-64 is its third barrier.
fn unchanged(words: &[Word], k: u64, fences: [bool; 3]) {
    set(words, SECOND, 0);
    set(words, FIRST, 2 * k - 1);
    barrier(fences[0]);
    data(words, k);
    barrier(fences[1]);
    set(words, FIRST, 2 * k);
    barrier(fences[2]);
    set(words, SECOND, 1);
}

fn pair(words: &[Word], k: u64, fences: [bool; 3]) {
    set(words, FIRST, k);
    barrier(fences[0]);
    data(words, k);
    barrier(fences[1]);
    set(words, SECOND, k);
}

const ODD: Program = (
    Rule::OddWhileWriting {
        counter: Number {
            offset: FIRST * WORD,
            size: WORD,
        },
    },
    odd_while_writing,
    2,
);

/// Two writes of six stores each would take half an hour; one finds every
/// weakened order.
fn by_unchanged() -> Program {
    let (counter, valid) = (number(FIRST), number(SECOND));
    (Rule::Unchanged { counter, valid }, unchanged, 1)
}

fn by_pair() -> Program {
    let (begin, end) = (number(FIRST), number(SECOND));
    (Rule::Pair { begin, end }, pair, 2)
}

/// One thread writes after a first write that all have seen, one tries to read
/// once: what is whole must be of one write. A second try would see
/// nothing that a first one cannot, and takes minutes.
fn run<O: Orders + 'static>((rule, write, writes): Program, fences: [bool; 3]) {
    loom::model(move || {
        let words: Arc<Vec<Word>> = Arc::new((0..4).map(|_| Word::new(0)).collect());
        write(&words, 1, self::fences());
        let writer = {
            let words = words.clone();
            thread::spawn(move || {
                (2..2 + writes).for_each(|k| write(&words, k, fences));
            })
        };
        let mut copy = [0; 2];
        let take = |words: &[Word]| {
            copy = DATA.map(|word| words[word].load(Ordering::Relaxed));
        };
        let whole = Guard::<O>::new(&words, rule).read(take, |_, _| false);
        if whole.is_ok() {
            assert_eq!(copy[0], copy[1], "torn record");
        }
        writer.join().expect("the writer does not panic");
    });
}

#[test]
fn loom_what_is_odd_while_writing_is_never_torn() {
    run::<Sound>(ODD, fences());
}

#[test]
fn loom_what_is_unchanged_and_valid_is_never_torn() {
    run::<Sound>(by_unchanged(), fences());
}

#[test]
fn loom_what_a_pair_guards_is_never_torn() {
    run::<Sound>(by_pair(), fences());
}

/// A reader without its fence before the words.
enum NoneBefore {}

impl Orders for NoneBefore {
    fn before_words() {}
}

/// A reader without its fence after the words.
enum NoneAfter {}

impl Orders for NoneAfter {
    fn after_words() {}
}

/// A reader without its fence between the mark and the count.
enum NoneAfterMark {}

impl Orders for NoneAfterMark {
    fn after_mark() {}
}

macro_rules! caught {
    ($($test:ident: $orders:ty, $program:expr, $fences:expr;)*) => {$(
        #[test]
        #[should_panic(expected = "torn record")]
        fn $test() {
            run::<$orders>($program, $fences);
        }
    )*};
}

caught! {
    loom_catches_odd_without_a_fence_before: NoneBefore, ODD, fences();
    loom_catches_odd_without_a_fence_after: NoneAfter, ODD, fences();
    loom_catches_unchanged_without_a_fence_before: NoneBefore, by_unchanged(), fences();
    loom_catches_unchanged_without_a_fence_after: NoneAfter, by_unchanged(), fences();
    loom_catches_unchanged_without_a_fence_after_the_mark: NoneAfterMark, by_unchanged(), fences();
    loom_catches_a_pair_without_a_fence_before: NoneBefore, by_pair(), fences();
    loom_catches_a_pair_without_a_fence_after: NoneAfter, by_pair(), fences();
    loom_catches_an_odd_writer_without_its_first_barrier: Sound, ODD, [false, true, true];
    loom_catches_an_odd_writer_without_its_last_barrier: Sound, ODD, [true, false, true];
    loom_catches_an_unchanged_writer_without_its_first_barrier: Sound, by_unchanged(), [false, true, true];
    loom_catches_an_unchanged_writer_without_its_last_barrier: Sound, by_unchanged(), [true, true, false];
    loom_catches_a_pair_writer_without_its_first_barrier: Sound, by_pair(), [false, true, true];
    loom_catches_a_pair_writer_without_its_last_barrier: Sound, by_pair(), [true, false, true];
    // The count alone, which the language refuses.
    loom_catches_a_count_without_a_mark: Sound, counted_only(), fences();
    // The end after the words and the begin before them.
    loom_catches_a_pair_the_wrong_way_round: Sound, turned(), fences();
}

/// A mark that is always there.
fn counted_only() -> Program {
    fn write(words: &[Word], k: u64, _: [bool; 3]) {
        unchanged(words, k, fences());
    }
    let (counter, valid) = (number(FIRST), number(FIRST));
    (Rule::Unchanged { counter, valid }, write, 1)
}

fn turned() -> Program {
    let (end, begin) = (number(FIRST), number(SECOND));
    (Rule::Pair { begin, end }, pair, 2)
}
