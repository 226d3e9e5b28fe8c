//! The layout law: C on a 64-bit little-endian machine.
//!
//! Arithmetic only: no names, no messages. Whatever is checked or printed of
//! a layout comes from here.

use crate::layout::Order;

/// Most bytes of one type: 2^31-1. CPython crashes on `ctypes` structs whose
/// size does not fit its arithmetic, and no record comes near.
pub const MAX_TYPE_BYTES: u64 = (1 << 31) - 1;

/// Most bytes of one segment: 2^40.
pub(crate) const MAX_SEGMENT_BYTES: u64 = 1 << 40;

/// Highest `align`: a page.
pub(crate) const MAX_ALIGN: u64 = 4096;

/// What a member asks for, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Want {
    /// In bytes.
    pub size: u64,
    /// Before `pack`.
    pub align: u64,
}

/// Where the members of a struct lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// In the order of the members.
    pub offsets: Vec<u64>,
    /// One past the last member's last byte.
    pub end: u64,
    /// The highest alignment of a member, after `pack`.
    pub align: u64,
}

/// The type is over [`MAX_TYPE_BYTES`]; the member that makes it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// In the order of the members.
    pub member: usize,
}

/// Places members one after the other, each at the next multiple of its
/// alignment, which `pack` limits as `#pragma pack` does.
pub fn place(wants: &[Want], pack: Option<u64>) -> Result<Placed, TooLarge> {
    let mut placed = Placed {
        offsets: Vec::with_capacity(wants.len()),
        end: 0,
        align: 1,
    };
    for (member, want) in wants.iter().enumerate() {
        let align = packed(want.align, pack);
        let offset = align_up(placed.end, align).ok_or(TooLarge { member })?;
        let end = offset.checked_add(want.size).ok_or(TooLarge { member })?;
        if end > MAX_TYPE_BYTES {
            return Err(TooLarge { member });
        }
        placed.offsets.push(offset);
        placed.end = end;
        placed.align = placed.align.max(align);
    }
    Ok(placed)
}

/// A member's alignment in a struct of this packing.
pub fn packed(align: u64, pack: Option<u64>) -> u64 {
    pack.map_or(align, |pack| align.min(pack))
}

/// The next multiple of `align`, a power of two, at or after `n`.
pub fn align_up(n: u64, align: u64) -> Option<u64> {
    let mask = align - 1;
    Some(n.checked_add(mask)? & !mask)
}

/// The bytes of an array of `count` elements per dimension.
pub(crate) fn array_size(element: u64, dims: &[u64]) -> Option<u64> {
    dims.iter()
        .try_fold(element, |size, &dim| size.checked_mul(dim))
}

/// Copies that a segment may keep of a record: powers of two, so that the
/// runtime finds one by a mask.
pub(crate) const COPIES: [u32; 3] = [2, 4, 8];

/// Copies of a record unless the segment says otherwise.
pub(crate) const DEFAULT_COPIES: u32 = 2;

/// The bytes from one record to the next: a head of 16 bytes and the copies
/// in words of 8, on cache lines of 64.
pub(crate) fn stride(record: u64, copies: u32) -> Option<u64> {
    let words = align_up(record, 8)?;
    align_up(words.checked_mul(copies.into())?.checked_add(16)?, 64)
}

/// The bytes of so many records with their heads and copies.
pub(crate) fn rows_size(record: u64, copies: u32, order: Order, rows: u64) -> Option<u64> {
    match order {
        Order::Rows => stride(record, copies)?.checked_mul(rows),
        Order::Arrays => {
            let heads = align_up(rows.checked_mul(16)?, 64)?;
            let copy = align_up(align_up(record, 8)?.checked_mul(rows)?, 64)?;
            copy.checked_mul(copies.into())?.checked_add(heads)
        }
    }
}

/// Rows that a segment may have at most: more than one, of the largest record.
pub(crate) fn most_rows(record: u64, copies: u32, order: Order) -> u64 {
    let (mut least, mut past) = (1, MAX_SEGMENT_BYTES);
    while past - least > 1 {
        let rows = least.midpoint(past);
        match rows_size(record, copies, order, rows) {
            Some(bytes) if bytes <= MAX_SEGMENT_BYTES => least = rows,
            _ => past = rows,
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offsets(wants: &[(u64, u64)], pack: Option<u64>) -> (Vec<u64>, u64, u64) {
        let wants: Vec<Want> = wants
            .iter()
            .map(|&(size, align)| Want { size, align })
            .collect();
        let placed = place(&wants, pack).unwrap();
        (placed.offsets, placed.end, placed.align)
    }

    #[test]
    fn members_lie_at_multiples_of_their_alignment() {
        assert_eq!(
            offsets(&[(1, 1), (4, 4), (2, 2)], None),
            (vec![0, 4, 8], 10, 4)
        );
        assert_eq!(
            offsets(&[(8, 8), (1, 1), (8, 8)], None),
            (vec![0, 8, 16], 24, 8)
        );
        assert_eq!(offsets(&[(3, 1), (12, 4)], None), (vec![0, 4], 16, 4));
        assert_eq!(offsets(&[], None), (vec![], 0, 1));
    }

    #[test]
    fn pack_limits_alignment_and_never_raises_it() {
        assert_eq!(
            offsets(&[(1, 1), (8, 8), (4, 4)], Some(1)),
            (vec![0, 1, 9], 13, 1)
        );
        assert_eq!(
            offsets(&[(1, 1), (8, 8), (2, 2)], Some(4)),
            (vec![0, 4, 12], 14, 4)
        );
        assert_eq!(offsets(&[(1, 1), (2, 2)], Some(8)), (vec![0, 2], 4, 2));
    }

    #[test]
    fn a_type_ends_at_two_to_the_31_less_one() {
        let want = |size| Want { size, align: 1 };
        assert!(place(&[want(MAX_TYPE_BYTES)], None).is_ok());
        let too_large = place(&[want(1), want(MAX_TYPE_BYTES)], None);
        assert_eq!(too_large, Err(TooLarge { member: 1 }));
        let too_large = place(&[want(1), want(u64::MAX)], None);
        assert_eq!(too_large, Err(TooLarge { member: 1 }));
    }

    #[test]
    fn nothing_overflows() {
        assert_eq!(align_up(u64::MAX, 8), None);
        assert_eq!(array_size(1 << 40, &[1 << 40]), None);
        assert_eq!(stride(u64::MAX, 2), None);
        assert_eq!(align_up(0, 64), Some(0));
        assert_eq!(align_up(65, 64), Some(128));
        assert_eq!(array_size(8, &[]), Some(8));
        assert_eq!(array_size(8, &[3, 4]), Some(96));
        assert_eq!(stride(512, 2), Some(1088));
        assert_eq!(stride(512, 4), Some(2112));
        assert_eq!(rows_size(1, 8, Order::Arrays, u64::MAX), None);
        assert_eq!(rows_size(u64::MAX, 2, Order::Arrays, 1), None);
    }

    #[test]
    fn the_most_rows_fit_and_one_more_does_not() {
        for order in [Order::Rows, Order::Arrays] {
            for record in [1, 24, 40, 64, 100_000, MAX_TYPE_BYTES] {
                for copies in COPIES {
                    let most = most_rows(record, copies, order);
                    let fits =
                        |rows| rows_size(record, copies, order, rows).unwrap() <= MAX_SEGMENT_BYTES;
                    assert!(
                        fits(most) && !fits(most + 1),
                        "{record} x {copies}, {order:?}"
                    );
                }
            }
        }
        assert_eq!(
            rows_size(40, 4, Order::Arrays, 1000),
            Some(16_000 + 4 * 40_000)
        );
        assert_eq!(rows_size(64, 2, Order::Rows, 1000), Some(192_000));
    }
}
