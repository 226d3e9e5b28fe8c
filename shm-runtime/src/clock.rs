//! The clock of the stamps beside records.

mod gettime;

use rustix::time::{ClockId, clock_gettime};

use crate::clock::gettime::Gettime;

/// Finds out whom to ask, for all stamps to come. Whoever maps a segment for
/// writing does that, so that no write waits for it.
pub(crate) fn prepare() {
    Gettime::find();
}

/// `CLOCK_MONOTONIC_COARSE`, for who asks it often.
///
/// It steps with the kernel's tick, 1 to 10 ms: an age needs no more, and the
/// vDSO answers without a system call or a look at the cycle counter: in
/// 3.3 ns, to which the C library on the way would add 1.3.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Coarse(Gettime);

impl Coarse {
    #[inline(always)]
    pub(crate) fn here() -> Self {
        Self(Gettime::here())
    }

    /// In nanoseconds since boot.
    #[inline(always)]
    pub(crate) fn now_ns(self) -> u64 {
        let time = self.0.monotonic_coarse();
        nanoseconds(time.tv_sec, time.tv_nsec) as u64
    }
}

/// `CLOCK_MONOTONIC_COARSE` now, in nanoseconds since boot.
#[inline(always)]
pub(crate) fn monotonic_coarse_ns() -> u64 {
    Coarse::here().now_ns()
}

/// The time of day, in nanoseconds since 1970.
pub(crate) fn realtime_ns() -> i64 {
    let time = clock_gettime(ClockId::Realtime);
    nanoseconds(time.tv_sec, time.tv_nsec)
}

/// Wraps in the year 2262.
#[inline(always)]
fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.wrapping_mul(1_000_000_000).wrapping_add(rest)
}
