//! The orderings of the protocol, in one place, so that each can be weakened.

use crate::sync::{Ordering, fence};

/// The orderings of the protocol. Production has one, [`Sound`]; the model
/// also runs weakened ones, each of which must be caught.
pub(crate) trait Orders {
    /// Of the store of `2n + 1`.
    const BEGIN: Ordering = Ordering::Release;
    /// Of the store of `2n + 2`.
    const PUBLISH: Ordering = Ordering::Release;

    /// Between the store of `2n + 1` and the words.
    #[inline(always)]
    fn after_begin() {
        fence(Ordering::Release);
    }

    /// Between a reader's first look at the sequence and the words.
    ///
    /// A fence and not an acquire load: a reader's map is read-only, and on
    /// read-only memory the standard library allows relaxed loads alone.
    #[inline(always)]
    fn after_open() {
        fence(Ordering::Acquire);
    }

    /// Between the words and a reader's second look at the sequence.
    #[inline(always)]
    fn before_close() {
        fence(Ordering::Acquire);
    }
}

/// The orderings that are right.
pub(crate) enum Sound {}

impl Orders for Sound {}
