//! Where everything in a segment lies, from the few numbers that decide it.
//!
//! The one place with this arithmetic: a creator computes it, and an opener
//! computes it again and compares, so that no size in a foreign file is ever
//! believed.

use crate::latch::{HEAD, first_copy};
use crate::segment_header::{RecordOrder, SegmentHeader, SegmentKind};
use crate::sync::WORD;

/// Records begin on cache lines: each slot does, and each array.
const LINE: u64 = 64;

/// Copies that a latch may have: powers of two, so that `n % N` is a mask.
pub(crate) const COPIES: [u32; 3] = [2, 4, 8];

/// Copies of a latch unless the segment says otherwise.
pub(crate) const DEFAULT_COPIES: u32 = 2;

/// Bytes of the header.
pub(crate) const HEADER_SIZE: u64 = size_of::<SegmentHeader>() as u64;

/// Sizes and offsets of a segment, in bytes unless the name says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    pub(crate) kind: SegmentKind,
    pub(crate) order: RecordOrder,
    pub(crate) copies: u32,
    pub(crate) record_size: u64,
    pub(crate) rows: u64,
    pub(crate) descriptor_size: u64,
    /// From one record's sequence word to the next one's.
    pub(crate) stride: u64,
    /// Of the first record's sequence word.
    pub(crate) records_offset: u64,
    /// Of its first copy.
    pub(crate) copies_offset: u64,
    /// From a copy of one record to the same copy of the next.
    pub(crate) copy_stride: u64,
    /// From one copy of a record to the next copy of it.
    pub(crate) copy_distance: u64,
    pub(crate) total_size: u64,
}

impl Geometry {
    /// None when a size does not fit into an `i64`, which is what the kernel
    /// counts file sizes in.
    pub(crate) fn new(
        kind: SegmentKind,
        order: RecordOrder,
        record_size: u64,
        rows: u64,
        copies: u32,
        descriptor_size: u64,
    ) -> Option<Self> {
        const HEAD_SIZE: u64 = (HEAD * WORD) as u64;
        let width = record_size.checked_next_multiple_of(WORD as u64)?;
        let records_offset = HEADER_SIZE
            .checked_add(descriptor_size)?
            .checked_next_multiple_of(LINE)?;
        let (stride, copies_offset, copy_stride, copy_distance, end);
        if order == RecordOrder::Arrays {
            let heads = rows
                .checked_mul(HEAD_SIZE)?
                .checked_next_multiple_of(LINE)?;
            stride = HEAD_SIZE;
            copies_offset = records_offset.checked_add(heads)?;
            copy_stride = width;
            copy_distance = rows.checked_mul(width)?.checked_next_multiple_of(LINE)?;
            end = copies_offset.checked_add(copy_distance.checked_mul(copies.into())?)?;
        } else {
            let first_copy = (first_copy(usize::try_from(width).ok()? / WORD) * WORD) as u64;
            let slot = width.checked_mul(copies.into())?.checked_add(first_copy)?;
            stride = slot.checked_next_multiple_of(LINE)?;
            copies_offset = records_offset.checked_add(first_copy)?;
            copy_stride = stride;
            copy_distance = width;
            end = rows.checked_mul(stride)?.checked_add(records_offset)?;
        }
        i64::try_from(end).ok()?;
        Some(Self {
            kind,
            order,
            copies,
            record_size,
            rows,
            descriptor_size,
            stride,
            records_offset,
            copies_offset,
            copy_stride,
            copy_distance,
            total_size: end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(record_size: u64, rows: u64, copies: u32) -> Option<Geometry> {
        let order = RecordOrder::Rows;
        Geometry::new(SegmentKind::Table, order, record_size, rows, copies, 100)
    }

    fn arrays(record_size: u64, rows: u64, copies: u32) -> Option<Geometry> {
        let order = RecordOrder::Arrays;
        Geometry::new(SegmentKind::Table, order, record_size, rows, copies, 100)
    }

    #[test]
    fn a_slot_is_the_head_and_whole_words_rounded_up_to_a_line() {
        // Wherever the copies begin, it costs no memory.
        for size in 1..2000_u64 {
            for copies in COPIES {
                let words = 16 + size.next_multiple_of(8) * u64::from(copies);
                let stride = table(size, 1, copies).expect("small").stride;
                assert_eq!(stride, words.next_multiple_of(64), "{size} x {copies}");
            }
        }
        let stride = |size, copies| table(size, 1, copies).expect("small").stride;
        assert_eq!(stride(1, 2), 64);
        assert_eq!(stride(24, 2), 64);
        assert_eq!(stride(25, 2), 128);
        assert_eq!(stride(64, 2), 192);
        assert_eq!(stride(512, 2), 1088);
        assert_eq!(stride(512, 4), 2112);
    }

    #[test]
    fn records_follow_the_descriptor_on_a_line_of_their_own() {
        let geometry = table(64, 10, 2).expect("small");
        assert_eq!(geometry.records_offset, 640);
        assert_eq!(geometry.total_size, 640 + 10 * 192);
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        for (size, rows) in [
            (u64::MAX, 1),
            (64, u64::MAX),
            (1 << 40, 1 << 40),
            (64, 1 << 56),
        ] {
            assert_eq!(table(size, rows, 8), None, "{size} bytes x {rows}");
            assert_eq!(arrays(size, rows, 8), None, "{size} bytes x {rows}");
        }
        assert_eq!(arrays(1, u64::MAX / 16, 2), None, "heads alone");
        let cell = |order| Geometry::new(SegmentKind::Cell, order, 8, 1, 2, u64::MAX - 100);
        assert_eq!(cell(RecordOrder::Rows), None);
    }

    /// The bytes of each head and each copy, first and past the last.
    fn parts(it: &Geometry) -> Vec<(u64, u64)> {
        let mut parts = Vec::new();
        let width = it.record_size.next_multiple_of(8);
        for row in 0..it.rows {
            let head = it.records_offset + row * it.stride;
            parts.push((head, head + 16));
            for copy in 0..u64::from(it.copies) {
                let first = it.copies_offset + row * it.copy_stride + copy * it.copy_distance;
                parts.push((first, first + width));
            }
        }
        parts.sort_unstable();
        parts
    }

    #[test]
    fn in_either_order_nothing_lies_over_anything_else() {
        for size in (1..200).chain([1000, 4096]) {
            for rows in [1, 2, 3, 4, 5, 17] {
                for copies in COPIES {
                    for of in [table, arrays] {
                        let it = of(size, rows, copies).expect("small");
                        let parts = parts(&it);
                        let names = (it.order, size, rows, copies);
                        assert!(parts[0].0 == it.records_offset, "{names:?}");
                        for pair in parts.windows(2) {
                            assert!(pair[0].1 <= pair[1].0, "{names:?}: {pair:?}");
                        }
                        let last = parts[parts.len() - 1].1;
                        assert_eq!(last.next_multiple_of(64), it.total_size, "{names:?}");
                        assert!(parts.iter().all(|part| part.0 % 8 == 0), "{names:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn arrays_begin_on_lines_and_have_no_holes() {
        let it = arrays(40, 1000, 4).expect("small");
        assert_eq!((it.records_offset, it.stride), (640, 16));
        assert_eq!((it.copies_offset, it.copy_stride), (640 + 16_000, 40));
        assert_eq!(it.copy_distance, 40_000);
        assert_eq!(it.total_size, 640 + 16_000 + 4 * 40_000);
        let it = arrays(24, 3, 2).expect("small");
        assert_eq!((it.copies_offset, it.copy_distance), (640 + 64, 128));
    }
}
