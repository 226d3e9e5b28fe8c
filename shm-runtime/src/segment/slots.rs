//! Where the records of a mapped segment lie.

#![allow(unsafe_code)]

use core::ptr::NonNull;
use core::slice;
use std::io;

use crate::clock::Coarse;
use crate::latch::{self, Copies, HEAD, Words};
use crate::segment::fork::Home;
use crate::segment::geometry::Geometry;
use crate::segment::map::Map;
use crate::sync::{WORD, Word};

/// Where the records of a mapped segment lie, and who may write to them.
///
/// All of this process's memory that a read of a known type looks at, on one
/// cache line: the numbers were checked when the segment was mapped, so that
/// nothing is left to check but the row. One rule finds the words of a row in
/// any order: its head lies `head_stride` after the one before, its copies
/// `copy_stride`, and its copies are `distance` apart.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Slots {
    /// The sequence word of row 0; of the whole map, as is the next.
    heads: NonNull<Word>,
    /// The first word of its first copy.
    copies: NonNull<Word>,
    /// 1 at least.
    rows: u64,
    /// From a row's copy to the same copy of the next one, in words.
    copy_stride: usize,
    /// From one copy of a row to the next one, in words.
    distance: usize,
    /// From head to head, in words.
    head_stride: u32,
    /// Of each record.
    count: Copies,
    /// Where the writer lock was taken; [`Home::NONE`] in a reader.
    home: Home,
    /// Of one copy, in words.
    width: usize,
    /// What writes are stamped by, if they are.
    pub(crate) clock: Option<Coarse>,
}

// SAFETY: both pointers are into a map, which all threads may use by atomics,
// and this hands out nothing else.
unsafe impl Send for Slots {}
// SAFETY: as above.
unsafe impl Sync for Slots {}

impl Slots {
    /// The slots of `map`.
    ///
    /// # Errors
    ///
    /// When records are too large to be told apart by 32 bits of words.
    ///
    /// # Panics
    ///
    /// When `geometry` is not that of a file of the map's size.
    ///
    /// # Safety
    ///
    /// `map` lives for as long as these slots, wherever it is moved.
    pub(crate) unsafe fn new(map: &Map, geometry: &Geometry, home: Home) -> io::Result<Self> {
        let words = |bytes: u64| bytes as usize / WORD;
        let width = words(geometry.record_size.next_multiple_of(WORD as u64));
        let head_stride = words(geometry.stride);
        let copy_stride = words(geometry.copy_stride);
        let distance = words(geometry.copy_distance);
        // `Geometry::new` computed these from one another; every access rests
        // on them.
        let count = Copies::new(geometry.copies).expect("2, 4 or 8");
        assert!(geometry.rows >= 1 && width >= 1 && distance >= width);
        let last = geometry.rows as usize - 1;
        let within = |offset: u64, length: usize| {
            let all = map.words();
            let first = words(offset);
            assert!(first <= all.len() && length <= all.len() - first);
            // All of the map and not this part alone: `first_of_width` goes
            // from the one to the other.
            let start = NonNull::from(all).cast::<Word>();
            // SAFETY: so it was asserted.
            unsafe { start.add(first) }
        };
        let heads = within(geometry.records_offset, last * head_stride + HEAD);
        let span = latch::span(width, count, distance);
        let copies = within(geometry.copies_offset, last * copy_stride + span);
        let too_large = |_| io::Error::from(io::ErrorKind::OutOfMemory);
        Ok(Self {
            heads,
            copies,
            rows: geometry.rows,
            copy_stride,
            distance,
            head_stride: u32::try_from(head_stride).map_err(too_large)?,
            count,
            home,
            width: u32::try_from(width).map_err(too_large)? as usize,
            clock: (!home.is_none()).then(Coarse::here),
        })
    }

    /// The same slots, for one who has the segment elsewhere and them at hand.
    ///
    /// # Safety
    ///
    /// The segment's map lives for as long as these slots too.
    pub(crate) unsafe fn at_hand(&self) -> Self {
        Self { ..*self }
    }

    /// Copies that a decoy would have.
    pub(crate) const DECOYS: Copies = Copies::TWO;

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
        let slot = &blind.words()[..latch::words(width, Self::DECOYS)];
        let heads = NonNull::from(slot).cast::<Word>();
        // SAFETY: a slot is a head and what lies before its copies, and they.
        let copies = unsafe { heads.add(latch::first_copy(width)) };
        assert!(rows >= 1);
        Self {
            heads,
            copies,
            rows,
            copy_stride: 0,
            distance: width,
            head_stride: 0,
            count: Self::DECOYS,
            home: Home::NONE,
            width,
            clock: None,
        }
    }

    /// Whether a row is one slot, as in a cell: what a compiler can then know
    /// of where its copies lie, it need not load.
    pub(crate) fn are_slots(&self) -> bool {
        let first = self
            .heads
            .as_ptr()
            .wrapping_add(latch::first_copy(self.width));
        self.distance == self.width && self.copies.as_ptr() == first
    }

    /// How many records there are, 1 at least.
    #[inline(always)]
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Copies of each record.
    #[inline(always)]
    pub(crate) fn copies(&self) -> Copies {
        self.count
    }

    /// Words of one copy.
    #[inline(always)]
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Where the writer lock was taken; [`Home::NONE`] in a reader.
    #[inline(always)]
    pub(crate) fn home(&self) -> Home {
        self.home
    }

    /// Whether this process holds the writer lock. False in a reader, and in
    /// a child that was forked from the writer.
    #[inline(always)]
    pub(crate) fn are_owned(&self) -> bool {
        self.home.is_here()
    }

    /// The words of one record's latch; none past the last row.
    #[inline(always)]
    pub(crate) fn record(&self, row: u64) -> Option<Words<'_>> {
        if row >= self.rows {
            return None;
        }
        // SAFETY: `row` is below `rows`, and the width is the width.
        Some(unsafe { self.record_of_width(row, self.width) })
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
    pub(crate) unsafe fn record_of_width(&self, row: u64, width: usize) -> Words<'_> {
        debug_assert!(row < self.rows && width == self.width);
        let row = row as usize;
        // SAFETY: by the assertions in `new`, the words of a head follow those of
        // `row - 1` strides, and `row` is below `rows`; in `decoy` the stride
        // is 0.
        let head = unsafe { self.heads.add(row * self.head_stride as usize) };
        // SAFETY: so do those of a span of copies.
        let copies = unsafe { self.copies.add(row * self.copy_stride) };
        // SAFETY: by the assertions in `new`, or in `decoy`, both are within the map.
        unsafe { words_at(head, copies, width, self.copies(), self.distance) }
    }

    /// The words of the first record, where rows [are slots](Self::are_slots),
    /// for a caller that knows how wide.
    ///
    /// # Safety
    ///
    /// 1. [`Slots::are_slots`].
    /// 2. `width` is [`Slots::width`].
    #[inline(always)]
    pub(crate) unsafe fn first_of_width(&self, width: usize) -> Words<'_> {
        debug_assert!(self.are_slots() && width == self.width);
        // SAFETY: there they are, as `are_slots` says, and both pointers are
        // of the whole map, or of the whole slot in `decoy`.
        let copies = unsafe { self.heads.add(latch::first_copy(width)) };
        // SAFETY: as above; the distance is the width.
        unsafe { words_at(self.heads, copies, width, self.copies(), width) }
    }
}

/// Those words, as what they are.
///
/// # Safety
///
/// 1. The words of a head follow `head`, and those of so many copies `copies`,
///    both within the map, which lives for `'a`.
/// 2. All access to them is atomic.
#[inline(always)]
unsafe fn words_at<'a>(
    head: NonNull<Word>,
    copies: NonNull<Word>,
    width: usize,
    count: Copies,
    distance: usize,
) -> Words<'a> {
    let length = latch::span(width, count, distance);
    Words {
        // SAFETY:
        // 1. By the duty of the caller they are there.
        // 2. Other processes may change them; a word is atomic, and every
        //    value of its bytes is one.
        // 3. See `Map::words` for maps that are read-only.
        head: unsafe { head.cast().as_ref() },
        // SAFETY: as above.
        copies: unsafe { slice::from_raw_parts(copies.as_ptr(), length) },
        distance,
    }
}
