//! How many copies of a record a latch takes in turn.

/// 2, 4 or 8, kept as a read wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Copies {
    /// Twice the number less one: the bits of an even sequence that tell which
    /// copy it is about. So few that they are loaded with what lies beside them.
    turns: u16,
}

impl Copies {
    pub(crate) const TWO: Self = Self { turns: 2 };

    /// None of any other number.
    pub(crate) const fn new(count: u32) -> Option<Self> {
        match count {
            2 | 4 | 8 => Some(Self {
                turns: 2 * (count as u16 - 1),
            }),
            _ => None,
        }
    }

    #[inline(always)]
    pub(crate) const fn count(self) -> u64 {
        self.mask() + 1
    }

    /// The number less one: the bits of a version that tell which copy it is
    /// kept in.
    #[inline(always)]
    pub(crate) const fn mask(self) -> u64 {
        self.turns as u64 / 2
    }

    /// Whether there are more than two.
    #[inline(always)]
    pub(crate) const fn are_many(self) -> bool {
        self.turns > 2
    }

    /// Twice the place of the copy that an even sequence is about.
    #[inline(always)]
    pub(super) const fn twice_of(self, seq: u64) -> u64 {
        seq & self.turns as u64
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_copies_is_a_power_of_two_from_two_to_eight() {
        let right: Vec<u64> = (0..=20)
            .filter_map(Copies::new)
            .map(Copies::count)
            .collect();
        assert_eq!(right, [2, 4, 8]);
        assert_eq!(Copies::new(2), Some(Copies::TWO));
        assert_eq!(Copies::new(u32::from(u16::MAX) + 3), None);
    }

    #[test]
    fn versions_take_the_copies_in_turn() {
        for copies in [2, 4, 8].map(|count| Copies::new(count).expect("it is one")) {
            for version in 0..40 {
                let place = version % copies.count();
                assert_eq!(version & copies.mask(), place);
                assert_eq!(copies.twice_of(2 * version), 2 * place);
            }
        }
    }
}
