//! Copies of a cache line and more, by the widest vectors there are.

#![allow(unsafe_code)]

use core::arch::asm;

use crate::copy::vector::widest::Widest;

/// 64 bytes and more, from or to memory that others use at the same time.
///
/// # Safety
///
/// 1. `from` is valid for reads and `to` for writes of `bytes` bytes, as atomic
///    ones are: others may access them at the same time.
/// 2. The two do not overlap; `bytes` is at least 64.
#[inline(always)]
pub(super) unsafe fn copy(from: *const u8, to: *mut u8, bytes: usize) {
    debug_assert!(bytes >= 64);
    let widest = Widest::here();
    if bytes > 128 && widest == Widest::Avx512 {
        // SAFETY: these are the duties of this function's caller, and the
        // processor has AVX-512.
        unsafe { widest_of_all(from, to, bytes) }
    } else if widest == Widest::Sse2 {
        // SAFETY: these are the duties of this function's caller.
        unsafe { narrow(from, to, bytes) }
    } else if bytes > 128 {
        // SAFETY: as above, and the processor has AVX.
        unsafe { wide(from, to, bytes) }
    } else {
        // SAFETY: as above.
        unsafe { eight(from, to, bytes) }
    }
}

/// The way through a long copy: rounds of 256 bytes.
struct Rounds {
    /// Where the first one begins.
    at: usize,
    /// To where the next one begins, which may be below.
    step: isize,
    /// How many, 1 at least.
    rounds: usize,
}

impl Rounds {
    /// For `bytes` bytes, over 256, of which the first `WIDTH` and the last
    /// 256 are copied by themselves.
    #[inline(always)]
    fn of<const WIDTH: usize>(from: *const u8, to: *mut u8, bytes: usize) -> Self {
        // Stores that cross a line cost more than loads that do, so they
        // begin where a vector does. At most `WIDTH`.
        let aligned = WIDTH - to.addr() % WIDTH;
        // The last round begins before the last 256 bytes do, or with them,
        // so it ends before `bytes` do, or with them.
        let first = aligned.min(bytes - 256);
        let rounds = (bytes - 256 - first).div_ceil(256).max(1);
        // A load waits for a store before it whose address is the same in its
        // last 12 bits, as if it were the same. Forwards that happens where
        // `to` is a little above `from` in that sense, backwards below it.
        if to.addr().wrapping_sub(from.addr()) % 4096 < 2048 {
            Self {
                at: first + 256 * (rounds - 1),
                step: -256,
                rounds,
            }
        } else {
            Self {
                at: first,
                step: 256,
                rounds,
            }
        }
    }
}

/// 64 to 128 bytes by AVX: the first 64 and the last 64, which may overlap.
///
/// # Safety
///
/// As of [`copy`], and the processor has AVX.
#[inline(always)]
unsafe fn eight(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: touches the first and the last 64 of 64 bytes and more.
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
            out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _, out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _,
            out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack, preserves_flags),
        );
    }
}

/// Over 128 bytes by AVX.
///
/// # Safety
///
/// As of [`copy`]; `bytes` is over 128, and the processor has AVX.
#[inline(always)]
unsafe fn wide(from: *const u8, to: *mut u8, bytes: usize) {
    if bytes <= 256 {
        // SAFETY: touches the first and the last 128 of over 128 bytes.
        unsafe {
            asm!(
                "vmovups ymm0, [{from}]",
                "vmovups ymm1, [{from} + 32]",
                "vmovups ymm2, [{from} + 64]",
                "vmovups ymm3, [{from} + 96]",
                "vmovups ymm4, [{from} + {bytes} - 128]",
                "vmovups ymm5, [{from} + {bytes} - 96]",
                "vmovups ymm6, [{from} + {bytes} - 64]",
                "vmovups ymm7, [{from} + {bytes} - 32]",
                "vmovups [{to}], ymm0",
                "vmovups [{to} + 32], ymm1",
                "vmovups [{to} + 64], ymm2",
                "vmovups [{to} + 96], ymm3",
                "vmovups [{to} + {bytes} - 128], ymm4",
                "vmovups [{to} + {bytes} - 96], ymm5",
                "vmovups [{to} + {bytes} - 64], ymm6",
                "vmovups [{to} + {bytes} - 32], ymm7",
                "vzeroupper",
                from = in(reg) from,
                to = in(reg) to,
                bytes = in(reg) bytes,
                out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
                out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _, out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
                options(nostack, preserves_flags),
            );
        }
        return;
    }
    let Rounds { at, step, rounds } = Rounds::of::<32>(from, to, bytes);
    // SAFETY:
    // 1. The first 32 bytes go first and the last 256 of more than 256 bytes
    //    at the end.
    // 2. By `Rounds::of`, each round touches 256 bytes inside of the `bytes`,
    //    and between them the rounds leave none out.
    unsafe {
        asm!(
            "vmovups ymm0, [{from}]",
            "vmovups [{to}], ymm0",
            "2:",
            "vmovups ymm0, [{from} + {at}]",
            "vmovups ymm1, [{from} + {at} + 32]",
            "vmovups ymm2, [{from} + {at} + 64]",
            "vmovups ymm3, [{from} + {at} + 96]",
            "vmovups ymm4, [{from} + {at} + 128]",
            "vmovups ymm5, [{from} + {at} + 160]",
            "vmovups ymm6, [{from} + {at} + 192]",
            "vmovups ymm7, [{from} + {at} + 224]",
            "vmovups [{to} + {at}], ymm0",
            "vmovups [{to} + {at} + 32], ymm1",
            "vmovups [{to} + {at} + 64], ymm2",
            "vmovups [{to} + {at} + 96], ymm3",
            "vmovups [{to} + {at} + 128], ymm4",
            "vmovups [{to} + {at} + 160], ymm5",
            "vmovups [{to} + {at} + 192], ymm6",
            "vmovups [{to} + {at} + 224], ymm7",
            "add {at}, {step}",
            "dec {rounds}",
            "jnz 2b",
            "vmovups ymm0, [{from} + {last}]",
            "vmovups ymm1, [{from} + {last} + 32]",
            "vmovups ymm2, [{from} + {last} + 64]",
            "vmovups ymm3, [{from} + {last} + 96]",
            "vmovups ymm4, [{from} + {last} + 128]",
            "vmovups ymm5, [{from} + {last} + 160]",
            "vmovups ymm6, [{from} + {last} + 192]",
            "vmovups ymm7, [{from} + {last} + 224]",
            "vmovups [{to} + {last}], ymm0",
            "vmovups [{to} + {last} + 32], ymm1",
            "vmovups [{to} + {last} + 64], ymm2",
            "vmovups [{to} + {last} + 96], ymm3",
            "vmovups [{to} + {last} + 128], ymm4",
            "vmovups [{to} + {last} + 160], ymm5",
            "vmovups [{to} + {last} + 192], ymm6",
            "vmovups [{to} + {last} + 224], ymm7",
            "vzeroupper",
            from = in(reg) from,
            to = in(reg) to,
            at = inout(reg) at => _,
            step = in(reg) step,
            rounds = inout(reg) rounds => _,
            last = in(reg) bytes - 256,
            out("xmm0") _, out("xmm1") _, out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _,
            out("xmm8") _, out("xmm9") _, out("xmm10") _, out("xmm11") _, out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack),
        );
    }
}

/// Over 128 bytes by AVX-512.
///
/// By registers that came with it: they leave nothing behind that slows the
/// narrow instructions of others down, so no `vzeroupper` has to follow.
///
/// # Safety
///
/// As of [`copy`]; `bytes` is over 128, and the processor has AVX-512.
#[inline(always)]
unsafe fn widest_of_all(from: *const u8, to: *mut u8, bytes: usize) {
    if bytes <= 256 {
        // SAFETY: touches the first and the last 128 of over 128 bytes.
        unsafe {
            asm!(
                "vmovups zmm16, [{from}]",
                "vmovups zmm17, [{from} + 64]",
                "vmovups zmm18, [{from} + {bytes} - 128]",
                "vmovups zmm19, [{from} + {bytes} - 64]",
                "vmovups [{to}], zmm16",
                "vmovups [{to} + 64], zmm17",
                "vmovups [{to} + {bytes} - 128], zmm18",
                "vmovups [{to} + {bytes} - 64], zmm19",
                from = in(reg) from,
                to = in(reg) to,
                bytes = in(reg) bytes,
                out("xmm16") _, out("xmm17") _, out("xmm18") _, out("xmm19") _,
                options(nostack, preserves_flags),
            );
        }
        return;
    }
    let Rounds { at, step, rounds } = Rounds::of::<64>(from, to, bytes);
    // SAFETY:
    // 1. The first 64 bytes go first and the last 256 of more than 256 bytes
    //    at the end.
    // 2. By `Rounds::of`, each round touches 256 bytes inside of the `bytes`,
    //    and between them the rounds leave none out.
    unsafe {
        asm!(
            "vmovups zmm16, [{from}]",
            "vmovups [{to}], zmm16",
            "2:",
            "vmovups zmm16, [{from} + {at}]",
            "vmovups zmm17, [{from} + {at} + 64]",
            "vmovups zmm18, [{from} + {at} + 128]",
            "vmovups zmm19, [{from} + {at} + 192]",
            "vmovups [{to} + {at}], zmm16",
            "vmovups [{to} + {at} + 64], zmm17",
            "vmovups [{to} + {at} + 128], zmm18",
            "vmovups [{to} + {at} + 192], zmm19",
            "add {at}, {step}",
            "dec {rounds}",
            "jnz 2b",
            "vmovups zmm16, [{from} + {last}]",
            "vmovups zmm17, [{from} + {last} + 64]",
            "vmovups zmm18, [{from} + {last} + 128]",
            "vmovups zmm19, [{from} + {last} + 192]",
            "vmovups [{to} + {last}], zmm16",
            "vmovups [{to} + {last} + 64], zmm17",
            "vmovups [{to} + {last} + 128], zmm18",
            "vmovups [{to} + {last} + 192], zmm19",
            from = in(reg) from,
            to = in(reg) to,
            at = inout(reg) at => _,
            step = in(reg) step,
            rounds = inout(reg) rounds => _,
            last = in(reg) bytes - 256,
            out("xmm16") _, out("xmm17") _, out("xmm18") _, out("xmm19") _,
            options(nostack),
        );
    }
}

/// 64 bytes and more by SSE2, which every x86-64 has.
///
/// # Safety
///
/// As of [`copy`].
#[inline(always)]
unsafe fn narrow(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: each round but the first begins before the last 64 bytes do, and
    // the end touches the last 64 of 64 bytes and more.
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

#[cfg(test)]
mod tests {
    use std::arch::is_x86_feature_detected;

    use super::*;

    type Way = unsafe fn(*const u8, *mut u8, usize);

    /// `vzeroupper` writes to sixteen registers, whichever the copy uses.
    #[test]
    fn who_clears_upper_halves_says_of_which_registers() {
        let sources = [include_str!("../vector.rs"), include_str!("long.rs")];
        // In a test the text would be found in its own source.
        let instruction = concat!('"', "vzero", "upper", '"');
        let mut found = 0;
        for source in sources {
            for operands in source.split(instruction).skip(1) {
                let (operands, _) = operands.split_once("options(").expect("they end so");
                for register in 0..16 {
                    let named = format!("out(\"xmm{register}\") _");
                    assert!(operands.contains(&named), "{named}");
                }
                found += 1;
            }
        }
        assert_eq!(found, 4);
    }

    /// Vectors of a caller that is compiled for AVX stay what they are. Only
    /// an optimised build keeps them in registers.
    #[test]
    fn a_copy_leaves_a_caller_its_vectors() {
        use core::arch::x86_64::{_mm256_add_pd, _mm256_set1_pd, _mm256_storeu_pd};

        #[target_feature(enable = "avx")]
        fn sum(from: &[u8; 512], to: &mut [u8; 512]) -> [f64; 4] {
            let mut sum = _mm256_set1_pd(0.0);
            for &number in from {
                sum = _mm256_add_pd(sum, _mm256_set1_pd(f64::from(number)));
                // SAFETY: both have the bytes, and the processor has AVX.
                unsafe { eight(from.as_ptr(), to.as_mut_ptr(), 96) };
                // SAFETY: as above.
                unsafe { wide(from.as_ptr(), to.as_mut_ptr(), 192) };
                // SAFETY: as above.
                unsafe { wide(from.as_ptr(), to.as_mut_ptr(), 512) };
            }
            let mut lanes = [0.0; 4];
            // SAFETY: there are four.
            unsafe { _mm256_storeu_pd(lanes.as_mut_ptr(), sum) };
            lanes
        }

        if is_x86_feature_detected!("avx") {
            // SAFETY: so it was asked.
            let sums = unsafe { sum(&[1; 512], &mut [0; 512]) };
            assert_eq!(sums, [512.0; 4]);
        }
    }

    /// One processor takes one way of them; here it takes all that it can.
    #[test]
    fn every_way_to_copy_copies_every_byte_and_no_other() {
        let ways: [(&str, bool, usize, Way); 4] = [
            ("narrow", true, 64, narrow),
            ("eight", is_x86_feature_detected!("avx"), 64, eight),
            ("wide", is_x86_feature_detected!("avx"), 129, wide),
            (
                "widest",
                is_x86_feature_detected!("avx512f"),
                129,
                widest_of_all,
            ),
        ];
        let from: Vec<u8> = (0..1100).map(|i| (i % 251) as u8 + 1).collect();
        for (name, _, least, copy) in ways.into_iter().filter(|way| way.1) {
            let most = if name == "eight" { 128 } else { 900 };
            for bytes in least..=most {
                let (skipped, offset) = (bytes % 7, bytes % 67);
                let mut to = vec![0; 1100];
                // SAFETY: both buffers have `bytes` bytes from there on, and
                // the processor can do it.
                unsafe { copy(from[skipped..].as_ptr(), to[offset..].as_mut_ptr(), bytes) };
                let copied = offset..offset + bytes;
                assert_eq!(
                    to[copied.clone()],
                    from[skipped..skipped + bytes],
                    "{name} {bytes}"
                );
                to[copied].fill(0);
                assert!(to.iter().all(|&b| b == 0), "{name} {bytes}");
            }
        }
    }
}
