//! The vector copy of x86-64: what a memory copy costs.
//!
//! LLVM never makes vectors of relaxed atomics, so the reference costs two to
//! three times a `memcpy` from 256 bytes up. These loads and stores are
//! inline assembly. What assembly does to memory is no access of the abstract
//! machine, so beside a writer in another process or thread it is no data
//! race in Rust's sense; the processor's own rules are all there is:
//!
//! - a load or store of up to eight aligned bytes happens at once, a longer
//!   one may come apart into such pieces: no less than relaxed words promise;
//! - loads stay in order, stores stay in order (Intel SDM volume 3, 9.2.2;
//!   AMD APM volume 2, 7.2): all that the latch's fences ask of x86-64;
//! - the compiler moves no access across a block that may touch memory, and
//!   these may.
//!
//! `rep movsb` would be shorter. It takes some 30 ns to begin, and what order
//! its stores become visible in is not said.

#![allow(unsafe_code)]

use core::arch::asm;
use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
use std::arch::is_x86_feature_detected;

use crate::sync::Word;

/// Fewest bytes that are loaded by vectors.
pub(super) const LEAST_LOAD: usize = 16;

/// Fewest bytes that are stored by vectors. A vector load of a field that was
/// stored just before, as the fields of a fresh record are, waits some 4 ns
/// for the store; up to a cache line, words are faster.
pub(super) const LEAST_STORE: usize = 65;

const _: () = assert!(LEAST_LOAD >= 16 && LEAST_STORE >= 16 + 7, "see `copy`");

/// Copies `bytes` bytes, 16 or more, where others may write to either side
/// at the same time: then each byte is one that stood there meanwhile.
///
/// # Safety
///
/// 1. `from` is valid for reads and `to` for writes of `bytes` bytes, as
///    atomic ones are: other threads and processes may access them as they
///    like.
/// 2. The two do not overlap.
/// 3. `bytes` is at least 16.
#[inline(always)]
pub(super) unsafe fn copy(from: *const u8, to: *mut u8, bytes: usize) {
    debug_assert!(bytes >= 16);
    match bytes {
        // SAFETY: these are the duties of this function's caller.
        ..=32 => unsafe { two(from, to, bytes) },
        // SAFETY: as above.
        33..=64 => unsafe { four(from, to, bytes) },
        // SAFETY: as above, and the processor has AVX.
        _ if is_x86_feature_detected!("avx") => unsafe { wide(from, to, bytes) },
        // SAFETY: as above.
        _ => unsafe { narrow(from, to, bytes) },
    }
}

/// 16 to 32 bytes: the first 16 and the last 16, which may overlap.
///
/// # Safety
///
/// As of [`copy`].
#[inline(always)]
unsafe fn two(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: touches the first and the last 16 of at least 16 bytes.
    unsafe {
        asm!(
            "movups xmm0, [{from}]",
            "movups xmm1, [{from} + {bytes} - 16]",
            "movups [{to}], xmm0",
            "movups [{to} + {bytes} - 16], xmm1",
            from = in(reg) from,
            to = in(reg) to,
            bytes = in(reg) bytes,
            out("xmm0") _, out("xmm1") _,
            options(nostack, preserves_flags),
        );
    }
}

/// 32 to 64 bytes: the first 32 and the last 32, which may overlap.
///
/// # Safety
///
/// As of [`copy`], and `bytes` is at least 32.
#[inline(always)]
unsafe fn four(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: touches the first and the last 32 of at least 32 bytes.
    unsafe {
        asm!(
            "movups xmm0, [{from}]",
            "movups xmm1, [{from} + 16]",
            "movups xmm2, [{from} + {bytes} - 32]",
            "movups xmm3, [{from} + {bytes} - 16]",
            "movups [{to}], xmm0",
            "movups [{to} + 16], xmm1",
            "movups [{to} + {bytes} - 32], xmm2",
            "movups [{to} + {bytes} - 16], xmm3",
            from = in(reg) from,
            to = in(reg) to,
            bytes = in(reg) bytes,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            options(nostack, preserves_flags),
        );
    }
}

/// Over 64 bytes by AVX: the first 32, steps of 128 bytes, the last 32.
///
/// # Safety
///
/// As of [`copy`]; `bytes` is at least 64, and the processor has AVX.
#[inline(always)]
unsafe fn wide(from: *const u8, to: *mut u8, bytes: usize) {
    if bytes <= 128 {
        // SAFETY: touches the first and the last 64 of at least 64 bytes.
        unsafe {
            asm!(
                "vmovups ymm0, [{from}]",
                "vmovups ymm1, [{from} + 32]",
                "vmovups ymm2, [{from} + {bytes} - 64]",
                "vmovups ymm3, [{from} + {bytes} - 32]",
                "vmovups [{to}], ymm0",
                "vmovups [{to} + 32], ymm1",
                "vmovups [{to} + {bytes} - 64], ymm2",
                "vmovups [{to} + {bytes} - 32], ymm3",
                "vzeroupper",
                from = in(reg) from,
                to = in(reg) to,
                bytes = in(reg) bytes,
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
                options(nostack, preserves_flags),
            );
        }
        return;
    }
    // SAFETY: each round touches 128 bytes that lie before the last 128, and
    // the end touches the last 128 of more than 128 bytes.
    unsafe {
        asm!(
            "2:",
            "vmovups ymm0, [{from} + {at}]",
            "vmovups ymm1, [{from} + {at} + 32]",
            "vmovups ymm2, [{from} + {at} + 64]",
            "vmovups ymm3, [{from} + {at} + 96]",
            "vmovups [{to} + {at}], ymm0",
            "vmovups [{to} + {at} + 32], ymm1",
            "vmovups [{to} + {at} + 64], ymm2",
            "vmovups [{to} + {at} + 96], ymm3",
            "sub {at}, -128",
            "cmp {at}, {last}",
            "jb 2b",
            "vmovups ymm0, [{from} + {last}]",
            "vmovups ymm1, [{from} + {last} + 32]",
            "vmovups ymm2, [{from} + {last} + 64]",
            "vmovups ymm3, [{from} + {last} + 96]",
            "vmovups [{to} + {last}], ymm0",
            "vmovups [{to} + {last} + 32], ymm1",
            "vmovups [{to} + {last} + 64], ymm2",
            "vmovups [{to} + {last} + 96], ymm3",
            "vzeroupper",
            from = in(reg) from,
            to = in(reg) to,
            at = inout(reg) 0usize => _,
            last = in(reg) bytes - 128,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            options(nostack),
        );
    }
}

/// Over 64 bytes by SSE2, which every x86-64 has.
///
/// # Safety
///
/// As of [`copy`], and `bytes` is at least 65.
#[inline(never)]
unsafe fn narrow(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: each round touches 64 bytes that lie before the last 64, and the
    // end touches the last 64 of more than 64 bytes.
    unsafe {
        asm!(
            "2:",
            "movups xmm0, [{from} + {at}]",
            "movups xmm1, [{from} + {at} + 16]",
            "movups xmm2, [{from} + {at} + 32]",
            "movups xmm3, [{from} + {at} + 48]",
            "movups [{to} + {at}], xmm0",
            "movups [{to} + {at} + 16], xmm1",
            "movups [{to} + {at} + 32], xmm2",
            "movups [{to} + {at} + 48], xmm3",
            "add {at}, 64",
            "cmp {at}, {last}",
            "jb 2b",
            "movups xmm0, [{from} + {last}]",
            "movups xmm1, [{from} + {last} + 16]",
            "movups xmm2, [{from} + {last} + 32]",
            "movups xmm3, [{from} + {last} + 48]",
            "movups [{to} + {last}], xmm0",
            "movups [{to} + {last} + 16], xmm1",
            "movups [{to} + {last} + 32], xmm2",
            "movups [{to} + {last} + 48], xmm3",
            from = in(reg) from,
            to = in(reg) to,
            at = inout(reg) 0usize => _,
            last = in(reg) bytes - 64,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _,
            options(nostack),
        );
    }
}

/// Begins to fetch the cache line of `word`.
#[inline(always)]
pub(super) fn prefetch(word: *const Word) {
    // SAFETY: a prefetch accesses nothing, whatever the address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(word.cast()) };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// On a processor with AVX nothing else calls `narrow`.
    #[test]
    fn every_way_to_copy_copies_every_byte_and_no_other() {
        let from: Vec<u8> = (0..700).map(|i| (i % 251) as u8 + 1).collect();
        for bytes in 65..700 {
            let mut to = vec![0; 764];
            // SAFETY: both buffers have `bytes` bytes; 65 or more.
            unsafe { narrow(from.as_ptr(), to.as_mut_ptr(), bytes) };
            assert_eq!(to[..bytes], from[..bytes]);
            assert!(to[bytes..].iter().all(|&b| b == 0), "{bytes}");
        }
    }
}
