//! Records whose type is known only at run time, for language bindings.
//!
//! A [`Cell`](crate::Cell) knows its record at compile time and hands out
//! values. A binding learns size and fields from somewhere else, so this
//! module hands out bytes, each copied out whole by the same latch. It knows
//! no field and makes nothing valid: a `bool` may come as any byte.
//!
//! Finding a segment and holding its writer lock are the caller's affair;
//! what decides an address is checked here again.
//!
//! # Limits
//!
//! Not for programs: they lose the layout check, which is what the rest of
//! the crate is for. It may change with any release.

mod segment;
mod slot;
mod whole;

pub use crate::latch::Peek;
pub use segment::{MapError, Segment};
pub use slot::{Slot, Stamp, Unread, Unwritten};
pub use whole::has_pairs;

#[cfg(test)]
mod tests;
