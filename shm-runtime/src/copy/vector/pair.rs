//! Copies of two vectors, for sizes that the compiler knows.

#![allow(unsafe_code)]

use core::arch::asm;
use std::arch::is_x86_feature_detected;

/// Whether [`pair`] can be called: AVX-512 for vectors of every length, whose
/// further registers leave nothing behind that `vzeroupper` would clear.
pub(in crate::copy) fn has_pairs() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl")
}

/// Copies `WORDS` words, 2 to 16, from or to memory that others use at the
/// same time: the first ones and the last ones, which may overlap.
///
/// # Safety
///
/// 1. `from` is valid for reads and `to` for writes of that, as atomic ones
///    are: others may access them at the same time.
/// 2. The two do not overlap.
/// 3. The processor [can do it](has_pairs), and `WORDS` is 2 to 16.
#[inline(always)]
pub(in crate::copy) unsafe fn pair<const WORDS: usize>(from: *const u8, to: *mut u8) {
    debug_assert!((2..=16).contains(&WORDS));
    match WORDS {
        // SAFETY: touches the first and the last 16 of at least 16 bytes.
        ..4 => unsafe {
            asm!(
                "movups xmm0, [{from}]",
                "movups xmm1, [{from} + {last}]",
                "movups [{to}], xmm0",
                "movups [{to} + {last}], xmm1",
                from = in(reg) from,
                to = in(reg) to,
                last = const 8 * WORDS.saturating_sub(2),
                out("xmm0") _, out("xmm1") _,
                options(nostack, preserves_flags),
            );
        },
        // SAFETY: touches the first and the last 32 of at least 32 bytes.
        4..8 => unsafe {
            asm!(
                "vmovups ymm16, [{from}]",
                "vmovups ymm17, [{from} + {last}]",
                "vmovups [{to}], ymm16",
                "vmovups [{to} + {last}], ymm17",
                from = in(reg) from,
                to = in(reg) to,
                last = const 8 * WORDS.saturating_sub(4),
                out("xmm16") _, out("xmm17") _,
                options(nostack, preserves_flags),
            );
        },
        // SAFETY: touches the first and the last 64 of at least 64 bytes.
        8.. => unsafe {
            asm!(
                "vmovups zmm16, [{from}]",
                "vmovups zmm17, [{from} + {last}]",
                "vmovups [{to}], zmm16",
                "vmovups [{to} + {last}], zmm17",
                from = in(reg) from,
                to = in(reg) to,
                last = const 8 * WORDS.saturating_sub(8),
                out("xmm16") _, out("xmm17") _,
                options(nostack, preserves_flags),
            );
        },
    }
}
