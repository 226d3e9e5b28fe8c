//! Where one record's words lie.

use crate::latch::Copies;
use crate::sync::{WORD, Word};

/// Words of the head: the sequence and the stamp.
pub(crate) const HEAD: usize = 2;

/// Bytes in a cache line.
pub(super) const LINE: usize = 64;

/// Where the first of some copies begins that are `width` words wide: behind
/// the head, at a multiple of the greatest power of two that `width` is a
/// multiple of, up to a cache line.
///
/// So a record of a multiple of 64 bytes lies on as many lines as it has, and
/// no vector of it crosses one. It never costs memory: what lies before the
/// copies was free behind them, as slots are rounded up to lines.
pub(crate) const fn first_copy(width: usize) -> usize {
    let multiple = width & width.wrapping_neg();
    if multiple <= HEAD {
        HEAD
    } else if multiple >= LINE / WORD {
        LINE / WORD
    } else {
        multiple
    }
}

/// Words of a slot of `copies` copies that are `width` words wide.
pub(crate) const fn words(width: usize, copies: Copies) -> usize {
    first_copy(width) + width * copies.count() as usize
}

/// Words from the first one of the first of some copies to the last one of the
/// last.
pub(crate) const fn span(width: usize, copies: Copies, distance: usize) -> usize {
    distance * copies.mask() as usize + width
}

/// Where one record's words lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words<'a> {
    /// The sequence and the stamp.
    pub(crate) head: &'a [Word; HEAD],
    /// From the first copy's first word to the last one's last.
    pub(crate) copies: &'a [Word],
    /// From one copy's first word to the next one's.
    pub(crate) distance: usize,
}

impl<'a> Words<'a> {
    /// Those of a slot, which has [`words`]`(width, copies)` of them.
    ///
    /// # Panics
    ///
    /// When it has not even a head and what lies before the copies.
    pub(crate) const fn of_slot(slot: &'a [Word], width: usize) -> Self {
        let Some(head) = slot.first_chunk() else {
            panic!("a slot begins with a head");
        };
        Self {
            head,
            copies: slot.split_at(first_copy(width)).1,
            distance: width,
        }
    }
}
