//! What text is like in any encoding.

/// What a fixed text does by those of its units that count, which its method
/// `$units` gives: all up to the end of the text.
///
/// Two texts are ordered by these units. Of UTF-16 that is not the order of
/// code points above U+FFFF.
macro_rules! fixed_text {
    ($text:ident, $units:ident) => {
        impl<const N: usize> Default for $text<N> {
            fn default() -> Self {
                Self([0; N])
            }
        }

        impl<const N: usize> core::fmt::Display for $text<N> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.to_string_lossy())
            }
        }

        impl<const N: usize> PartialEq for $text<N> {
            fn eq(&self, other: &Self) -> bool {
                self.$units() == other.$units()
            }
        }

        impl<const N: usize> Eq for $text<N> {}

        impl<const N: usize> PartialEq<&str> for $text<N> {
            fn eq(&self, other: &&str) -> bool {
                *self == **other
            }
        }

        impl<const N: usize> PartialOrd for $text<N> {
            fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<const N: usize> Ord for $text<N> {
            fn cmp(&self, other: &Self) -> core::cmp::Ordering {
                self.$units().cmp(other.$units())
            }
        }

        impl<const N: usize> core::hash::Hash for $text<N> {
            fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
                self.$units().hash(state);
            }
        }

        impl<const N: usize> TryFrom<&str> for $text<N> {
            type Error = TextError;

            fn try_from(text: &str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl<const N: usize> core::str::FromStr for $text<N> {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }
    };
}

pub(super) use fixed_text;
