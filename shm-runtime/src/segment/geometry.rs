//! Where everything in a segment lies, from the few numbers that decide it.
//!
//! The one place with this arithmetic: a creator computes it, and an opener
//! computes it again and compares, so that no size in a foreign file is ever
//! believed.

use crate::latch::first_copy;
use crate::segment_header::{SegmentHeader, SegmentKind};
use crate::sync::WORD;

/// Records begin, and follow each other, on cache lines.
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
    pub(crate) copies: u32,
    pub(crate) record_size: u64,
    pub(crate) rows: u64,
    pub(crate) descriptor_size: u64,
    /// From one record's sequence word to the next one's.
    pub(crate) stride: u64,
    /// Of the first record's sequence word.
    pub(crate) records_offset: u64,
    pub(crate) total_size: u64,
}

impl Geometry {
    /// None when a size does not fit into an `i64`, which is what the kernel
    /// counts file sizes in.
    pub(crate) fn new(
        kind: SegmentKind,
        record_size: u64,
        rows: u64,
        copies: u32,
        descriptor_size: u64,
    ) -> Option<Self> {
        let width = record_size.checked_next_multiple_of(WORD as u64)?;
        let first_copy = first_copy(usize::try_from(width).ok()? / WORD) * WORD;
        let slot = width
            .checked_mul(copies.into())?
            .checked_add(first_copy as u64)?;
        let stride = slot.checked_next_multiple_of(LINE)?;
        let records_offset = HEADER_SIZE
            .checked_add(descriptor_size)?
            .checked_next_multiple_of(LINE)?;
        let total_size = rows.checked_mul(stride)?.checked_add(records_offset)?;
        i64::try_from(total_size).ok()?;
        Some(Self {
            kind,
            copies,
            record_size,
            rows,
            descriptor_size,
            stride,
            records_offset,
            total_size,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(record_size: u64, rows: u64, copies: u32) -> Option<Geometry> {
        Geometry::new(SegmentKind::Table, record_size, rows, copies, 100)
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
        }
        assert_eq!(
            Geometry::new(SegmentKind::Cell, 8, 1, 2, u64::MAX - 100),
            None
        );
    }
}
