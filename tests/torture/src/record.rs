//! Records that show whether they are whole: every word is their version.

use crate::torture::{Block, Line, Page};
use shm_runtime::SharedLayout;

/// A record that can be made of one number and tell it.
pub(crate) trait Numbered: SharedLayout {
    fn of(number: u64) -> Self;

    /// None when the record is torn.
    fn number(&self) -> Option<u64>;
}

macro_rules! numbered {
    ($($name:ident)*) => {$(
        impl Numbered for $name {
            fn of(number: u64) -> Self {
                let mut record = Self::zeroed();
                record.words.fill(number);
                record
            }

            fn number(&self) -> Option<u64> {
                let first = self.words[0];
                self.words.iter().all(|word| *word == first).then_some(first)
            }
        }
    )*};
}

numbered!(Line Page Block);

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Which {
    /// 64 bytes.
    Line,
    /// 4 KiB.
    Page,
    /// 64 KiB.
    Block,
}

impl Which {
    pub(crate) const ALL: [Self; 3] = [Self::Line, Self::Page, Self::Block];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Page => "page",
            Self::Block => "block",
        }
    }

    pub(crate) fn size(self) -> u64 {
        match self {
            Self::Line => 64,
            Self::Page => 4096,
            Self::Block => 65536,
        }
    }

    /// From a row's sequence to one of its two copies, in bytes. All of these
    /// records are whole cache lines, so their copies are too.
    pub(crate) fn copy_at(self, copy: u64) -> u64 {
        64 + copy * self.size()
    }

    /// Bytes that a row takes: the sequence, the stamp, two copies.
    pub(crate) fn stride(self) -> u64 {
        self.copy_at(2)
    }
}

/// Calls a function with the record of `which` for its type.
macro_rules! with_record {
    ($which:expr, $function:ident($($argument:expr),*)) => {
        match $which {
            $crate::record::Which::Line => $function::<$crate::torture::Line>($($argument),*),
            $crate::record::Which::Page => $function::<$crate::torture::Page>($($argument),*),
            $crate::record::Which::Block => $function::<$crate::torture::Block>($($argument),*),
        }
    };
}
pub(crate) use with_record;
