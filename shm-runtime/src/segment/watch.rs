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
    words: Range<usize>,
}

impl Watch {
    /// Watches those words of the map.
    pub(crate) fn new(map: Weak<Map>, words: Range<usize>) -> Self {
        Self { map, words }
    }

    /// Loads a word of each cache line; false when the segment was closed.
    pub(crate) fn touch(&self) -> bool {
        let Some(map) = self.map.upgrade() else {
            return false;
        };
        touch(&map.words()[self.words.clone()]);
        true
    }
}

/// Loads a word of each cache line. Slots begin on one.
pub(crate) fn touch(slot: &[Word]) {
    for word in slot.iter().step_by(LINE) {
        black_box(word.load(Ordering::Relaxed));
    }
}
