//! Points in time and spans, as counts of a fixed unit.

mod civil;
mod duration;
mod timestamp;

pub use self::duration::{DurationMs, DurationNs, DurationS, DurationUs};
pub use self::timestamp::{TimestampMs, TimestampNs, TimestampS, TimestampUs};

/// A time that the other type cannot hold.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{count} {unit} is out of range for `{target}`")]
pub struct TimeOutOfRange {
    count: i128,
    unit: &'static str,
    target: &'static str,
}

/// Nanoseconds in a second.
const NS_PER_S: i128 = 1_000_000_000;
