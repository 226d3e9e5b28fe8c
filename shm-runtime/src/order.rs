//! How the records of a table are arranged in memory.

use core::fmt;

use crate::segment_header::RecordOrder;

/// How the records of a table are arranged in memory.
///
/// Both orders are read and written the same way, by the same programs: the
/// table's header says which one it has. They differ in what memory costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// Each record is on cache lines of its own, with its sequence and all its
    /// copies. For tables whose rows are read and written one by one.
    #[default]
    Rows,
    /// The sequences of all records are in one array, the first copies of all
    /// in another, and so on. For tables that are mainly read whole. Rows share
    /// cache lines (false sharing), so a write of one can hold up a read of
    /// the next.
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
