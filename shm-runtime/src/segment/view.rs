//! How a reader sees records of another layout than its own.
//!
//! All that the two layouts have in common lies at the same place, so a record
//! is copied as it lies, and then what the reader should not see as it lies is
//! written over: fields that the segment's writer does not know, and bytes
//! that the reader does not.

use core::mem::MaybeUninit;
use core::ops::Range;
use std::sync::Arc;

/// How a reader sees records of another layout than its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// Bytes that both records have, from their start.
    pub(crate) shared: usize,
    /// What is written over the copy, in this order.
    pub(crate) patches: Arc<[Patch]>,
}

/// Bytes of a struct that are not those in the segment, counted from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Patch {
    /// One value again and again.
    Fill {
        at: usize,
        count: usize,
        value: Value,
    },
    /// Patches in each element of an array.
    Each {
        at: usize,
        count: usize,
        /// From one element to the next, 1 at least.
        step: usize,
        of: Arc<[Patch]>,
    },
}

/// The bytes of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    bytes: [u8; 8],
    /// 1 to 8.
    size: usize,
}

impl Value {
    /// A byte of zeros.
    pub(crate) const ZERO: Self = Self {
        bytes: [0; 8],
        size: 1,
    };

    /// The first `size` bytes of `bits`, which are all that is not zero; a
    /// single zero byte will do for any size where they are none.
    pub(crate) fn new(bits: u64, size: usize) -> Option<Self> {
        let bytes = bits.to_le_bytes();
        (1..=8).contains(&size).then_some(Self { bytes, size })
    }
}

impl Patch {
    /// `size` bytes of zeros.
    pub(crate) fn zeros(at: usize, size: usize) -> Self {
        Self::Fill {
            at,
            count: size,
            value: Value::ZERO,
        }
    }
}

impl View {
    /// Makes `to` what the reader sees of the record from byte `offset` on.
    /// Of `to`, the bytes that both records have were copied.
    pub(crate) fn complete(&self, offset: usize, to: &mut [MaybeUninit<u8>]) {
        let copied = self.copied(offset, to.len());
        to[copied..].fill(MaybeUninit::new(0));
        for patch in &*self.patches {
            patch.apply(0, offset, to);
        }
    }

    /// How many of `size` bytes from `offset` on both records have.
    pub(crate) fn copied(&self, offset: usize, size: usize) -> usize {
        self.shared.saturating_sub(offset).min(size)
    }

    /// Whether no byte of a field is in the segment.
    pub(crate) fn lacks(&self, field: Range<usize>) -> bool {
        self.patches.iter().any(|patch| patch.covers(0, &field))
    }
}

impl Patch {
    /// Writes to that part of `to`, the record from byte `from` on, that it
    /// has to do with, for a struct at byte `start` of the record.
    fn apply(&self, start: usize, from: usize, to: &mut [MaybeUninit<u8>]) {
        let window = from..from + to.len();
        match self {
            Self::Fill { at, count, value } => {
                let own = start + at..start + at + count * value.size;
                let first = own.start.max(window.start);
                for byte in first..own.end.min(window.end) {
                    let value = value.bytes[(byte - own.start) % value.size];
                    to[byte - from] = MaybeUninit::new(value);
                }
            }
            Self::Each {
                at,
                count,
                step,
                of,
            } => {
                let own = start + at;
                // The elements that reach into the window.
                let first = window.start.saturating_sub(own) / step;
                let past = window.end.saturating_sub(own).div_ceil(*step);
                for element in first..past.min(*count) {
                    for patch in &**of {
                        patch.apply(own + element * step, from, to);
                    }
                }
            }
        }
    }

    fn covers(&self, start: usize, field: &Range<usize>) -> bool {
        match self {
            Self::Fill { at, count, value } => {
                let own = start + at..start + at + count * value.size;
                own.start <= field.start && field.end <= own.end
            }
            Self::Each {
                at,
                count,
                step,
                of,
            } => {
                let own = start + at;
                let element = field.start.saturating_sub(own) / step;
                field.start >= own
                    && element < *count
                    && of
                        .iter()
                        .any(|patch| patch.covers(own + element * step, field))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of 40 bytes, of which a segment has 24: two levels of 8 bytes
    /// at 8 whose upper halves are -1, then zeros, then 16 bits of 7 again and
    /// again.
    fn view() -> View {
        let level = Patch::Fill {
            at: 4,
            count: 1,
            value: Value::new(u64::MAX, 4).expect("a size"),
        };
        let tail = Patch::Fill {
            at: 26,
            count: 5,
            value: Value::new(7, 2).expect("a size"),
        };
        View {
            shared: 24,
            patches: Arc::new([
                Patch::Each {
                    at: 8,
                    count: 2,
                    step: 8,
                    of: Arc::new([level]),
                },
                tail,
            ]),
        }
    }

    fn seen(offset: usize, size: usize) -> Vec<u8> {
        let mut to = vec![MaybeUninit::new(1); size];
        view().complete(offset, &mut to);
        // SAFETY: all of it was made of values.
        #[allow(unsafe_code)]
        let read = |byte: MaybeUninit<u8>| unsafe { byte.assume_init() };
        to.into_iter().map(read).collect()
    }

    #[test]
    fn what_is_not_there_is_filled_in() {
        let mut expected = vec![1; 24];
        expected[12..16].fill(0xff);
        expected[20..24].fill(0xff);
        expected.extend([0, 0]);
        expected.extend([7, 0, 7, 0, 7, 0, 7, 0, 7, 0]);
        expected.extend([0; 4]);
        assert_eq!(seen(0, 40), expected);
    }

    #[test]
    fn each_part_is_what_the_whole_is_there() {
        let whole = seen(0, 40);
        for start in 0..40 {
            for end in start..=40 {
                assert_eq!(
                    seen(start, end - start),
                    whole[start..end],
                    "{start}..{end}"
                );
            }
        }
    }

    #[test]
    fn a_field_is_lacked_when_all_of_it_is() {
        let view = view();
        assert!(view.lacks(12..16) && view.lacks(20..24) && view.lacks(26..28));
        assert!(!view.lacks(8..16) && !view.lacks(0..8) && !view.lacks(24..28));
    }
}
