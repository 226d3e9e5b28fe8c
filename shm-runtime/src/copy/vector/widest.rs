//! The widest vectors of this processor, at the price of one load.
//!
//! What the standard library offers for that may have to ask the processor, by
//! a call, wherever it is used: it keeps the registers busy beside each copy.

use std::arch::is_x86_feature_detected;

use crate::sync::{Ordering, Word};

/// The widest vectors of this processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Widest {
    /// What every x86-64 has.
    Sse2,
    Avx,
    /// AVX-512's foundation, and so AVX as well.
    Avx512,
}

/// As a number: nothing wider than SSE2 until [`Widest::find`] was called.
static FOUND: Word = Word::new(Widest::Sse2 as u64);

impl Widest {
    /// Asks the processor. Without it, copies are right and slow.
    pub(super) fn find() {
        let widest = if is_x86_feature_detected!("avx512f") {
            Self::Avx512
        } else if is_x86_feature_detected!("avx") {
            Self::Avx
        } else {
            Self::Sse2
        };
        // No other memory hangs on it.
        FOUND.store(widest as u64, Ordering::Relaxed);
    }

    /// What [`Widest::find`] has found.
    #[inline(always)]
    pub(super) fn here() -> Self {
        const SSE2: u64 = Widest::Sse2 as u64;
        const AVX512: u64 = Widest::Avx512 as u64;
        // Whether it is none is asked the most often, and is one comparison so.
        match FOUND.load(Ordering::Relaxed) {
            SSE2 => Self::Sse2,
            AVX512 => Self::Avx512,
            _ => Self::Avx,
        }
    }
}
