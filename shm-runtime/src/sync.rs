//! The one door to atomics: `core` in production, loom under the model checker.
//!
//! `clippy.toml` disallows the standard atomics everywhere, so that nothing
//! the protocol rests on can escape the model.

#![allow(clippy::disallowed_types)]

#[cfg(not(loom))]
use core::sync::atomic as atomics;
#[cfg(loom)]
use loom::sync::atomic as atomics;

pub(crate) use atomics::{Ordering, fence};

/// Eight bytes that another process may read or write at any moment.
pub(crate) type Word = atomics::AtomicU64;

/// Bytes in a [`Word`].
pub(crate) const WORD: usize = 8;
