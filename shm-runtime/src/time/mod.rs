//! Points in time and spans, as counts of a fixed unit.

mod civil;
mod duration;
mod timestamp;

pub use self::duration::{DurationMs, DurationNs, DurationS, DurationUs};
pub use self::timestamp::{TimestampMs, TimestampNs, TimestampS, TimestampUs};

/// A time that the other type cannot hold.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{count} {unit} ({}) is out of range for `{target}`", self.shown())]
pub struct TimeOutOfRange {
    count: i128,
    unit: &'static str,
    per_s: u32,
    /// Of what is counted from 1970 on.
    is_moment: bool,
    target: &'static str,
}

impl TimeOutOfRange {
    /// As people read it: by the calendar, or in seconds.
    fn shown(&self) -> String {
        let per_s = i128::from(self.per_s);
        let digits = self.per_s.ilog10() as usize;
        if self.is_moment
            && let Ok(unix_s) = i64::try_from(self.count.div_euclid(per_s))
        {
            return civil::Moment {
                unix_s,
                rest: self.count.rem_euclid(per_s) as u32,
                digits,
            }
            .to_string();
        }
        let sign = if self.count < 0 { "-" } else { "" };
        let count = self.count.unsigned_abs();
        let (whole, rest) = (count / per_s.unsigned_abs(), count % per_s.unsigned_abs());
        let text = format!("{sign}{whole}.{rest:0digits$}");
        // All that is behind the point may be zeros.
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{text} s")
    }
}

/// Nanoseconds in a second.
const NS_PER_S: i128 = 1_000_000_000;
