//! Functions that know how large a record is, or may be.

use shm_runtime::raw::has_pairs;

/// One function for each of some sizes: what the compiler knows of a size, it
/// need not ask each time. They go by the ways in which bytes are copied.
pub(crate) struct BySize<F>([(usize, F); COUNT]);

pub(crate) const COUNT: usize = 6;

impl<F: Copy> BySize<F> {
    pub(crate) const fn new(functions: [(usize, F); COUNT]) -> Self {
        Self(functions)
    }

    /// Which of them, by number, is that for records of `size` bytes.
    pub(crate) fn number(&self, size: usize) -> usize {
        let fits = self.0.iter().position(|(most, _)| size <= *most);
        // The last one is for any.
        fits.unwrap_or(COUNT - 1)
    }

    /// The same of functions that count in words: only the last one is for
    /// records that end within one.
    pub(crate) fn number_by_words(&self, size: usize) -> usize {
        match size.is_multiple_of(8) {
            true => self.number(size),
            false => COUNT - 1,
        }
    }

    /// That for records of `size` bytes.
    pub(crate) fn of(&self, size: usize) -> F {
        self.0[self.number(size)].1
    }

    /// What `make` makes of each.
    pub(crate) fn map<T>(&self, mut make: impl FnMut(F) -> T) -> [T; COUNT] {
        self.0.map(|(_, function)| make(function))
    }
}

/// A [`BySize`] of a function `f::<LEAST, MOST>` for records of so many bytes.
macro_rules! by_size {
    ($function:ident) => {
        $crate::sizes::BySize::new([
            (16, $function::<1, 16>),
            (32, $function::<17, 32>),
            (64, $function::<33, 64>),
            (128, $function::<65, 128>),
            (256, $function::<129, 256>),
            (usize::MAX, $function::<257, { usize::MAX }>),
        ])
    };
}
pub(crate) use by_size;

/// One function `f::<WORDS, PAIRS>` for each size of records of whole words,
/// and for each way to copy them; first those without pairs.
pub(crate) struct ByWords<F>([[F; MOST_WORDS]; 2]);

/// Words of the largest records with a function of their own.
pub(crate) const MOST_WORDS: usize = 16;

impl<F> ByWords<F> {
    pub(crate) const fn new(functions: [[F; MOST_WORDS]; 2]) -> Self {
        Self(functions)
    }

    /// That for records of `size` bytes on this processor; none where there is
    /// no such.
    pub(crate) fn get(&self, size: usize) -> Option<&F> {
        let functions = &self.0[usize::from(has_pairs())];
        let words = Some(size / 8).filter(|_| size.is_multiple_of(8))?;
        functions.get(words.checked_sub(1)?)
    }

    /// What `make` makes of each.
    pub(crate) fn map<T>(self, make: impl Fn(F) -> T) -> ByWords<T> {
        ByWords(self.0.map(|functions| functions.map(&make)))
    }
}

/// A [`ByWords`] of a function `f::<WORDS, PAIRS>`.
macro_rules! by_words {
    ($function:ident) => {
        by_words!($function: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
    };
    ($function:ident: $($words:literal)*) => {
        $crate::sizes::ByWords::new([
            [$($function::<$words, false>),*],
            [$($function::<$words, true>),*],
        ])
    };
}
pub(crate) use by_words;
