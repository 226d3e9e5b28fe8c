//! Spans of time.

#![allow(unsafe_code)]

use core::fmt;
use core::time::Duration;

use super::{NS_PER_S, TimeOutOfRange};
use crate::layout::{Shape, SharedField};

macro_rules! duration {
    ($name:ident, $element:literal, $unit:literal, $per_s:literal) => {
        #[doc = concat!("A span of time in ", $unit, ".")]
        ///
        /// # Layout
        ///
        /// An `i64`; it may be negative.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        pub struct $name(pub i64);

        impl $name {
            #[doc = concat!("A span of `count` ", $unit, ".")]
            pub const fn from_count(count: i64) -> Self {
                Self(count)
            }

            #[doc = concat!("The span in ", $unit, ".")]
            pub const fn count(self) -> i64 {
                self.0
            }
        }

        impl TryFrom<Duration> for $name {
            type Error = TimeOutOfRange;

            /// Rounded down.
            fn try_from(span: Duration) -> Result<Self, TimeOutOfRange> {
                let count = span.as_nanos() as i128 / (NS_PER_S / $per_s);
                i64::try_from(count).map(Self).map_err(|_| TimeOutOfRange {
                    count,
                    unit: $unit,
                    per_s: $per_s,
                    is_moment: false,
                    target: stringify!($name),
                })
            }
        }

        impl TryFrom<$name> for Duration {
            type Error = TimeOutOfRange;

            /// An error when it is negative.
            fn try_from(span: $name) -> Result<Self, TimeOutOfRange> {
                if span.0 < 0 {
                    return Err(TimeOutOfRange {
                        count: i128::from(span.0),
                        unit: $unit,
                        per_s: $per_s,
                        is_moment: false,
                        target: "Duration",
                    });
                }
                Ok(magnitude(span.0, $per_s))
            }
        }

        impl fmt::Display for $name {
            /// As [`Duration`] prints, such as `-1.5ms`.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let sign = if self.0 < 0 { "-" } else { "" };
                let text = format!("{sign}{:?}", magnitude(self.0, $per_s));
                f.pad(&text)
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

duration!(DurationS, "duration_s", "seconds", 1);
duration!(DurationMs, "duration_ms", "milliseconds", 1_000);
duration!(DurationUs, "duration_us", "microseconds", 1_000_000);
duration!(DurationNs, "duration_ns", "nanoseconds", 1_000_000_000);

/// Without its sign; an i64 of any of the units fits.
fn magnitude(count: i64, per_s: u64) -> Duration {
    let count = count.unsigned_abs();
    let ns = (count % per_s) * (NS_PER_S as u64 / per_s);
    Duration::new(count / per_s, ns as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_go_to_std_and_back() {
        let span = Duration::from_micros(1_500);
        assert_eq!(DurationUs::try_from(span), Ok(DurationUs(1_500)));
        assert_eq!(Duration::try_from(DurationUs(1_500)), Ok(span));
        assert_eq!(DurationMs::try_from(span), Ok(DurationMs(1)));
    }

    #[test]
    fn a_negative_span_is_no_std_duration() {
        let error = Duration::try_from(DurationNs(-5)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "-5 nanoseconds (-0.000000005 s) is out of range for `Duration`"
        );
        let error = Duration::try_from(DurationMs(-1_500)).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("(-1.5 s)"), "{shown}");
        let error = Duration::try_from(DurationS(-20)).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("(-20 s)"), "{shown}");
    }

    #[test]
    fn the_longest_span_of_std_does_not_fit_and_ours_does() {
        assert!(DurationS::try_from(Duration::MAX).is_err());
        assert_eq!(
            Duration::try_from(DurationS(i64::MAX)),
            Ok(Duration::from_secs(i64::MAX as u64))
        );
    }

    #[test]
    fn spans_print_with_sign_and_unit() {
        assert_eq!(DurationNs(-1_500_000).to_string(), "-1.5ms");
        assert_eq!(format!("{:>6}", DurationS(2)), "    2s");
        assert_eq!(DurationS(i64::MIN).to_string(), "-9223372036854775808s");
    }
}
