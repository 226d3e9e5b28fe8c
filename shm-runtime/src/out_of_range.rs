//! A value that a field must not have.

use core::fmt::Write as _;

use thiserror::Error;

/// Why a field must not have a value.
///
/// A setter of a generated struct returns it, and `out_of_range()` lists what
/// a record already contains, because another program may write any value.
#[derive(Clone, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutOfRange {
    /// The value is outside the field's `range`.
    #[error("`{place}` is out of range: found {found}, expected {low} to {high}")]
    Range {
        /// The field.
        place: Box<FieldPath>,
        /// The value.
        found: Box<str>,
        /// The lowest that is allowed.
        low: Box<str>,
        /// The highest that is allowed.
        high: Box<str>,
    },
    /// The field's integer cannot hold the value.
    #[error(
        "`{place}` is out of range: found {found}, expected {low} to {high}: it is stored as \
         `{integer}` in steps of {step}"
    )]
    Overflow {
        /// The field.
        place: Box<FieldPath>,
        /// The value.
        found: Box<str>,
        /// The lowest value that fits.
        low: Box<str>,
        /// The highest value that fits.
        high: Box<str>,
        /// The type that is stored.
        integer: &'static str,
        /// What one step of it is worth.
        step: Box<str>,
    },
    /// The value is the field's `sentinel`, so it would read as `None`.
    #[error("`{place}` cannot be {found}, which stands for none; hint: set `None`")]
    Sentinel {
        /// The field.
        place: Box<FieldPath>,
        /// The value, as it is stored.
        found: Box<str>,
    },
}

impl OutOfRange {
    /// The field, from the record on: `bids[2].px`.
    pub fn path(&self) -> &str {
        &self.place().path
    }

    /// The record's type, in schema spelling.
    pub fn record(&self) -> &str {
        self.place().record
    }

    fn place(&self) -> &FieldPath {
        match self {
            Self::Range { place, .. }
            | Self::Overflow { place, .. }
            | Self::Sentinel { place, .. } => place,
        }
    }

    /// The same of a record that is the field at `outer`.
    pub(crate) fn within(mut self, outer: &FieldPath) -> Self {
        let place = match &mut self {
            Self::Range { place, .. }
            | Self::Overflow { place, .. }
            | Self::Sentinel { place, .. } => place,
        };
        **place = FieldPath {
            record: outer.record,
            path: format!("{}.{}", outer.path, place.path),
        };
        self
    }
}

/// A field of a record, or of a record in it: `Quote.bids[2].px`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    record: &'static str,
    path: String,
}

impl FieldPath {
    /// The element `index` of a field, counted over all its `dims`.
    pub(crate) fn new(
        record: &'static str,
        field: &'static str,
        dims: &[usize],
        mut index: usize,
    ) -> Self {
        let mut path = field.to_owned();
        for (i, _) in dims.iter().enumerate() {
            let inner: usize = dims[i + 1..].iter().product();
            // Writing to a string does not fail.
            let _ = write!(path, "[{}]", index / inner);
            index %= inner;
        }
        Self { record, path }
    }
}

impl core::fmt::Display for FieldPath {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.record, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::FieldPath;

    #[test]
    fn an_element_has_an_index_for_each_dimension() {
        let path = |dims: &[usize], index| FieldPath::new("T", "f", dims, index).to_string();
        assert_eq!(path(&[], 0), "T.f");
        assert_eq!(path(&[5], 3), "T.f[3]");
        assert_eq!(path(&[3, 4], 7), "T.f[1][3]");
        assert_eq!(path(&[2, 3, 4], 23), "T.f[1][2][3]");
    }
}
