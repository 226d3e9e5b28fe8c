//! The clock of the stamps beside records.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// `CLOCK_MONOTONIC_COARSE` now, in nanoseconds since boot.
///
/// It steps with the kernel's tick, 1 to 10 ms: an age needs no more, and the
/// vDSO answers without a system call or a look at the cycle counter.
#[inline]
pub(crate) fn monotonic_coarse_ns() -> u64 {
    nanoseconds(clock_gettime(ClockId::MonotonicCoarse)) as u64
}

/// The time of day, in nanoseconds since 1970.
pub(crate) fn realtime_ns() -> i64 {
    nanoseconds(clock_gettime(ClockId::Realtime))
}

/// Wraps in the year 2262.
#[inline]
fn nanoseconds(time: Timespec) -> i64 {
    time.tv_sec
        .wrapping_mul(1_000_000_000)
        .wrapping_add(time.tv_nsec)
}
