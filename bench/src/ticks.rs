//! The time of one short action, by the cycle counter.

#![allow(unsafe_code)]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The counter now, after all that was begun before and before all that
/// follows.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn now() -> u64 {
    use core::arch::x86_64::{_mm_lfence, _rdtsc};
    // SAFETY: every x86-64 has it.
    unsafe { _mm_lfence() };
    // SAFETY: every x86-64 has it; Linux leaves it open to programs.
    let ticks = unsafe { _rdtsc() };
    // SAFETY: as above.
    unsafe { _mm_lfence() };
    ticks
}

/// Nanoseconds, where there is no counter that is cheap to ask.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn now() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// Lets nothing that follows begin before all that came before has ended.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn wait() {
    // SAFETY: every x86-64 has it.
    unsafe { core::arch::x86_64::_mm_lfence() };
}

/// Lets no load that follows begin before those that came before.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn wait() {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

/// What the counter counts, found once.
pub(crate) struct Scale {
    per_ns: f64,
    /// Of an interval with nothing in it.
    empty: u64,
}

impl Scale {
    /// Measured at the first call, for some 20 ms.
    pub(crate) fn get() -> &'static Self {
        static SCALE: OnceLock<Scale> = OnceLock::new();
        SCALE.get_or_init(|| {
            let (instant, ticks) = (Instant::now(), now());
            while instant.elapsed() < Duration::from_millis(20) {}
            let per_ns = (now() - ticks) as f64 / instant.elapsed().as_nanos() as f64;
            let interval = |_| {
                let began = now();
                now() - began
            };
            let empty = (0..10_000).map(interval).min().unwrap_or(0);
            Self { per_ns, empty }
        })
    }

    /// Nanoseconds between two ticks, without what it costs to ask.
    pub(crate) fn between(&self, began: u64, ended: u64) -> f64 {
        (ended - began).saturating_sub(self.empty) as f64 / self.per_ns
    }
}
