//! Where the records of a mapped segment lie.

#![allow(unsafe_code)]

use core::ptr::NonNull;
use core::slice;

use crate::latch::{self, MAX_COPIES};
use crate::segment::fork::Home;
use crate::segment::geometry::Geometry;
use crate::segment::map::Map;
use crate::sync::{WORD, Word};

/// Where the records of a mapped segment lie, and who may write to them.
///
/// All of this process's memory that a read or a write looks at, on one cache
/// line: the numbers were checked when the segment was mapped, so that
/// nothing is left to check but the row.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Slots {
    /// The sequence word of row 0.
    first: NonNull<Word>,
    /// Copies of each record, 2, 4 or 8, less one: what a read wants.
    mask: u64,
    /// Of one copy, in words.
    width: usize,
    /// 1 at least.
    rows: u64,
    /// From slot to slot, in words.
    stride: usize,
    /// Where the writer lock was taken; none in a reader.
    home: Option<Home>,
    /// Whether writes are stamped with the time.
    pub(crate) stamped: bool,
}

// SAFETY: `first` points into a map, which all threads may use by atomics,
// and this hands out nothing else.
unsafe impl Send for Slots {}
// SAFETY: as above.
unsafe impl Sync for Slots {}

impl Slots {
    /// The slots of `map`.
    ///
    /// # Panics
    ///
    /// When `geometry` is not that of a file of the map's size.
    ///
    /// # Safety
    ///
    /// `map` lives for as long as these slots, wherever it is moved.
    pub(crate) unsafe fn new(map: &Map, geometry: &Geometry, home: Option<Home>) -> Self {
        let words = |bytes: u64| bytes as usize / WORD;
        let copies = geometry.copies.into();
        let width = words(geometry.record_size.next_multiple_of(WORD as u64));
        let first = words(geometry.records_offset);
        let stride = words(geometry.stride);
        // `Geometry::new` computed these from one another; every access rests
        // on them.
        assert!((2..=MAX_COPIES).contains(&copies) && copies.is_power_of_two());
        assert!(latch::words(width, copies) <= stride);
        let words = &map.words()[first..first + geometry.rows as usize * stride];
        assert!(geometry.rows >= 1);
        Self {
            first: NonNull::from(&words[0]),
            mask: copies - 1,
            width,
            rows: geometry.rows,
            stride,
            home,
            stamped: true,
        }
    }

    /// Copies that a decoy would have.
    pub(crate) const DECOYS: u64 = 2;

    /// Slots that are all one, in `blind`, of copies of `width` words.
    ///
    /// # Panics
    ///
    /// When `blind` has not the room.
    ///
    /// # Safety
    ///
    /// `blind` lives for as long as these slots, wherever it is moved.
    pub(crate) unsafe fn decoy(blind: &Map, width: usize, rows: u64) -> Self {
        let words = &blind.words()[..latch::words(width, Self::DECOYS)];
        assert!(rows >= 1);
        Self {
            first: NonNull::from(&words[0]),
            mask: Self::DECOYS - 1,
            width,
            rows,
            stride: 0,
            home: None,
            stamped: false,
        }
    }

    /// How many records there are, 1 at least.
    #[inline(always)]
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Copies of each record: 2, 4 or 8.
    #[inline(always)]
    pub(crate) fn copies(&self) -> u64 {
        self.mask + 1
    }

    /// Words of one copy.
    #[inline(always)]
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Where the writer lock was taken; none in a reader.
    #[inline(always)]
    pub(crate) fn home(&self) -> Option<Home> {
        self.home
    }

    /// The words of one record's latch; none past the last row.
    #[inline(always)]
    pub(crate) fn slot(&self, row: u64) -> Option<&[Word]> {
        if row >= self.rows {
            return None;
        }
        // SAFETY: `row` is below `rows`, and the width is the width.
        Some(unsafe { self.slot_of_width(row, self.width) })
    }

    /// The words of one record's latch, for a caller that knows them to be
    /// there and how many they are: what the compiler knows too, it need not
    /// load.
    ///
    /// # Safety
    ///
    /// 1. `row` is below [`Slots::rows`].
    /// 2. `width` is [`Slots::width`].
    #[inline(always)]
    pub(crate) unsafe fn slot_of_width(&self, row: u64, width: usize) -> &[Word] {
        debug_assert!(row < self.rows && width == self.width);
        // SAFETY: by the slicing in `new`, `rows * stride` words follow
        // `first`, and `row` is below `rows`; in `decoy` the stride is 0.
        let start = unsafe { self.first.add(row as usize * self.stride) };
        let length = latch::words(width, self.copies());
        // SAFETY:
        // 1. `length` is at most `stride`, as `new` asserted, or the length
        //    that `decoy` asked for, so the words are inside of the map, which
        //    lives as long as `self`.
        // 2. Other processes may change them; a word is atomic, and every
        //    value of its bytes is one.
        // 3. See `Map::words` for maps that are read-only.
        unsafe { slice::from_raw_parts(start.as_ptr(), length) }
    }
}
