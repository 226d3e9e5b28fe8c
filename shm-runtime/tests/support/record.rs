//! Records that show whether they are whole.

use shm_runtime::SharedLayout;

/// 64 bytes, all of them the same number.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Small {
    pub words: [u64; 8],
}

/// 4 KiB, all of it the same number: a copy takes long enough to be met.
#[derive(SharedLayout, Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Large {
    pub words: [u64; 512],
}

/// A record that can be made of one number and tell it.
pub trait Numbered: SharedLayout {
    fn of(number: u64) -> Self;

    /// None when the record is torn.
    fn number(&self) -> Option<u64>;
}

impl Numbered for Small {
    fn of(number: u64) -> Self {
        Self { words: [number; 8] }
    }

    fn number(&self) -> Option<u64> {
        same(&self.words)
    }
}

impl Numbered for Large {
    fn of(number: u64) -> Self {
        Self {
            words: [number; 512],
        }
    }

    fn number(&self) -> Option<u64> {
        same(&self.words)
    }
}

fn same(words: &[u64]) -> Option<u64> {
    words
        .iter()
        .all(|word| *word == words[0])
        .then_some(words[0])
}
