//! Functions that know how large a record may be.

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
