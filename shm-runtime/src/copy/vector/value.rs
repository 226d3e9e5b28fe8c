//! Large values by vectors, for one who returns them.

#![allow(unsafe_code)]

use core::arch::asm;
use core::arch::x86_64::{__m256i, _mm256_storeu_si256};

/// Bytes of one round.
const ROUND: usize = 128;

/// 128 bytes and more by AVX, to a place of one's own.
///
/// Only the loads are assembly. A copy of this function stands beside each
/// caller, into which its registers keep it from being compiled: there the
/// compiler knows that `to` is written to and not kept. So it must not even be
/// compared.
///
/// # Safety
///
/// 1. `from` is valid for reads of `bytes` bytes, as atomic ones are: others
///    may write to them at the same time.
/// 2. `to` is valid for writes of `bytes` bytes and nobody else's.
/// 3. `bytes` is at least 128, and the processor has AVX.
#[inline]
#[target_feature(enable = "avx")]
pub(super) unsafe fn wide(from: *const u8, to: *mut u8, bytes: usize) {
    debug_assert!(bytes >= ROUND);
    let last = bytes - ROUND;
    let mut at = 0;
    while at < last {
        // SAFETY: a round that begins before the last one does.
        unsafe { round(from, to, at) };
        at += ROUND;
    }
    // SAFETY: the last round of at least one.
    unsafe { round(from, to, last) };
}

/// The bytes from `at` on.
///
/// # Safety
///
/// As of [`wide`], of whose bytes a round follows `at`.
#[inline]
#[target_feature(enable = "avx")]
unsafe fn round(from: *const u8, to: *mut u8, at: usize) {
    let (first, second, third, fourth): (__m256i, __m256i, __m256i, __m256i);
    // SAFETY: loads a round.
    unsafe {
        asm!(
            "vmovups {first}, [{from} + {at}]",
            "vmovups {second}, [{from} + {at} + 32]",
            "vmovups {third}, [{from} + {at} + 64]",
            "vmovups {fourth}, [{from} + {at} + 96]",
            from = in(reg) from,
            at = in(reg) at,
            first = out(ymm_reg) first,
            second = out(ymm_reg) second,
            third = out(ymm_reg) third,
            fourth = out(ymm_reg) fourth,
            options(nostack, preserves_flags, readonly),
        );
    }
    // SAFETY: the first 32 bytes of the round.
    unsafe { put(to, at, first) };
    // SAFETY: the next.
    unsafe { put(to, at + 32, second) };
    // SAFETY: the next.
    unsafe { put(to, at + 64, third) };
    // SAFETY: the last.
    unsafe { put(to, at + 96, fourth) };
}

/// Stores a vector in memory of one's own, `at` bytes after `to`.
///
/// # Safety
///
/// `to` is valid for writes of `at + 32` bytes.
#[inline]
#[target_feature(enable = "avx")]
unsafe fn put(to: *mut u8, at: usize, vector: __m256i) {
    // SAFETY: by the duty of the caller this is inside of the same memory.
    let to = unsafe { to.add(at) };
    // SAFETY: the duty of the caller; the store asks for no alignment.
    unsafe { _mm256_storeu_si256(to.cast(), vector) };
}
