//! Points in time.

#![allow(unsafe_code)]

use core::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::duration::{DurationMs, DurationNs, DurationS, DurationUs};
use super::{NS_PER_S, TimeOutOfRange, civil};
use crate::layout::{Shape, SharedField};

macro_rules! timestamp {
    ($name:ident, $span:ident, $element:literal, $unit:literal, $per_s:literal, $digits:literal) => {
        #[doc = concat!("A point in time: ", $unit, " since the Unix epoch, UTC.")]
        ///
        /// # Layout
        ///
        /// An `i64`; negative before 1970.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// The time of the system's clock, rounded down; the last time that
            /// the type can hold if the clock is past it.
            pub fn now() -> Self {
                Self::try_from(SystemTime::now()).unwrap_or(Self(i64::MAX))
            }

            #[doc = concat!("The time `count` ", $unit, " after the Unix epoch.")]
            pub const fn from_unix(count: i64) -> Self {
                Self(count)
            }

            #[doc = concat!("The count of ", $unit, " since the Unix epoch.")]
            pub const fn unix(self) -> i64 {
                self.0
            }

            /// The time since `earlier`, negative when `earlier` is later;
            /// `None` when it does not fit.
            pub const fn checked_since(self, earlier: Self) -> Option<$span> {
                match self.0.checked_sub(earlier.0) {
                    Some(count) => Some($span(count)),
                    None => None,
                }
            }

            /// The time `span` later; `None` when it does not fit.
            pub const fn checked_add(self, span: $span) -> Option<Self> {
                match self.0.checked_add(span.0) {
                    Some(count) => Some(Self(count)),
                    None => None,
                }
            }
        }

        impl TryFrom<SystemTime> for $name {
            type Error = TimeOutOfRange;

            /// Rounded down.
            fn try_from(time: SystemTime) -> Result<Self, TimeOutOfRange> {
                let count = unix_ns(time).div_euclid(NS_PER_S / $per_s);
                i64::try_from(count).map(Self).map_err(|_| TimeOutOfRange {
                    count,
                    unit: $unit,
                    per_s: $per_s,
                    is_moment: true,
                    target: stringify!($name),
                })
            }
        }

        impl TryFrom<$name> for SystemTime {
            type Error = TimeOutOfRange;

            fn try_from(time: $name) -> Result<Self, TimeOutOfRange> {
                from_unix_ns(i128::from(time.0) * (NS_PER_S / $per_s)).ok_or(TimeOutOfRange {
                    count: i128::from(time.0),
                    unit: $unit,
                    per_s: $per_s,
                    is_moment: true,
                    target: "SystemTime",
                })
            }
        }

        impl fmt::Display for $name {
            /// As RFC 3339 has it, with every digit the unit has.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let moment = civil::Moment {
                    unix_s: self.0.div_euclid($per_s),
                    rest: self.0.rem_euclid($per_s) as u32,
                    digits: $digits,
                };
                moment.fmt(f)
            }
        }

        // SAFETY: it is an i64: no padding, no invalid value, no pointer.
        unsafe impl SharedField for $name {
            const SHAPE: Shape = Shape::of($element);
            const PADDED: bool = false;
            const ANY_BYTES: bool = true;

            #[inline(always)]
            unsafe fn normalise(_: *mut u8) {}

            #[inline(always)]
            unsafe fn scrub(_: *mut u8) {}
        }
    };
}

timestamp!(TimestampS, DurationS, "timestamp_s", "seconds", 1, 0);
timestamp!(
    TimestampMs,
    DurationMs,
    "timestamp_ms",
    "milliseconds",
    1_000,
    3
);
timestamp!(
    TimestampUs,
    DurationUs,
    "timestamp_us",
    "microseconds",
    1_000_000,
    6
);
timestamp!(
    TimestampNs,
    DurationNs,
    "timestamp_ns",
    "nanoseconds",
    1_000_000_000,
    9
);

/// Signed, unlike the durations that [`SystemTime`] deals in.
fn unix_ns(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

fn from_unix_ns(ns: i128) -> Option<SystemTime> {
    let seconds = u64::try_from(ns.unsigned_abs() / NS_PER_S.unsigned_abs()).ok()?;
    let span = Duration::new(
        seconds,
        (ns.unsigned_abs() % NS_PER_S.unsigned_abs()) as u32,
    );
    if ns < 0 {
        UNIX_EPOCH.checked_sub(span)
    } else {
        UNIX_EPOCH.checked_add(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_between_two_looks_at_the_clock() {
        let before = SystemTime::now();
        let now = SystemTime::try_from(TimestampNs::now()).unwrap();
        assert!(before <= now && now <= SystemTime::now());
    }

    #[test]
    fn times_before_the_epoch_round_down() {
        let time = UNIX_EPOCH - Duration::from_nanos(1);
        assert_eq!(TimestampMs::try_from(time), Ok(TimestampMs(-1)));
        assert_eq!(TimestampNs::try_from(time), Ok(TimestampNs(-1)));
        assert_eq!(SystemTime::try_from(TimestampNs(-1)), Ok(time));
    }

    #[test]
    fn a_time_that_does_not_fit_is_an_error() {
        let far = UNIX_EPOCH + Duration::from_secs(1 << 40);
        let error = TimestampNs::try_from(far).unwrap_err();
        assert_eq!(
            error.to_string(),
            "1099511627776000000000 nanoseconds (+36812-02-20T00:36:16.000000000Z) is out of range \
             for `TimestampNs`"
        );
        assert!(TimestampS::try_from(far).is_ok());
    }

    #[test]
    fn times_print_as_rfc_3339() {
        assert_eq!(TimestampS(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(TimestampMs(-1).to_string(), "1969-12-31T23:59:59.999Z");
        assert_eq!(
            TimestampNs(1_709_210_096_000_000_789).to_string(),
            "2024-02-29T12:34:56.000000789Z"
        );
    }

    #[test]
    fn differences_are_checked() {
        assert_eq!(
            TimestampUs(3).checked_since(TimestampUs(5)),
            Some(DurationUs(-2))
        );
        assert_eq!(TimestampUs(i64::MIN).checked_since(TimestampUs(1)), None);
        assert_eq!(TimestampS(i64::MAX).checked_add(DurationS(1)), None);
    }
}
