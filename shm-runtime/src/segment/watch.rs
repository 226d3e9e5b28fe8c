//! A record's bytes, for one who must not keep their segment open.

use core::hint::black_box;
use core::ops::Range;
use std::sync::Weak;

use crate::segment::map::Map;
use crate::sync::{Ordering, WORD, Word};

/// Words of a cache line.
const LINE: usize = 64 / WORD;

/// A record's bytes, for as long as their segment is open.
#[derive(Debug)]
pub(crate) struct Watch {
    map: Weak<Map>,
    /// Of its head and of each copy.
    words: Vec<Range<usize>>,
}

impl Watch {
    /// Watches those words of the map.
    pub(crate) fn new(map: Weak<Map>, words: Vec<Range<usize>>) -> Self {
        Self { map, words }
    }

    /// Loads a word of each cache line; false when the segment was closed.
    pub(crate) fn touch(&self) -> bool {
        let Some(map) = self.map.upgrade() else {
            return false;
        };
        for words in &self.words {
            touch(&map.words()[words.clone()]);
        }
        true
    }
}

/// Loads a word of each cache line that these lie on, wherever they begin.
pub(crate) fn touch(words: &[Word]) {
    for word in words.iter().step_by(LINE).chain(words.last()) {
        black_box(word.load(Ordering::Relaxed));
    }
}
