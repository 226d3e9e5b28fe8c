//! How the records of a table lie to each other.

use core::fmt;

use crate::segment_header::RecordOrder;

/// How the records of a table lie to each other.
///
/// Both are read and written the same way, by the same programs: which one a
/// table has is in its header. They differ in what memory costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Each record on cache lines of its own, with its sequence and all its
    /// copies: for tables whose rows are read and written one by one.
    #[default]
    Rows,
    /// The sequences of all records in one array, the first copies of all in
    /// another, and so on: for tables that are mainly read whole. Rows then
    /// share cache lines, so a write of one can hold up a read of the next.
    Arrays,
}

impl Order {
    /// As a header says it.
    pub(crate) fn code(self) -> RecordOrder {
        match self {
            Self::Rows => RecordOrder::Rows,
            Self::Arrays => RecordOrder::Arrays,
        }
    }

    /// Of a header that was checked.
    pub(crate) fn of(code: RecordOrder) -> Self {
        match code {
            RecordOrder::Arrays => Self::Arrays,
            _ => Self::Rows,
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rows => "rows",
            Self::Arrays => "arrays",
        })
    }
}
