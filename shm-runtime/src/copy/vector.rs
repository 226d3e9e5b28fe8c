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
//! - the compiler moves no access to shared memory across these blocks: they
//!   may read it, and the latch's fences stand between.
//!
//! `vzeroupper` changes sixteen registers. A copy that ends with it names all of
//! them: who is compiled for AVX may have vectors of its own in any.
//!
//! `rep movsb` would be shorter. It takes some 30 ns to begin, and what order
//! its stores become visible in is not said.

#![allow(unsafe_code)]

mod long;
mod pair;
mod value;
mod widest;

use core::arch::asm;
use core::arch::x86_64::{__m128i, _MM_HINT_T0, _MM_HINT_T1, _mm_prefetch, _mm_sfence};

use crate::copy::vector::widest::Widest;
use crate::sync::Word;

pub(super) use pair::{has_pairs, pair};

/// Fewest bytes that are loaded by vectors.
pub(super) const LEAST_LOAD: usize = 16;

/// Fewest bytes that are stored by vectors. A vector load of a field that was
/// stored just before, as the fields of a fresh record are, waits some 4 ns
/// for the store; up to a cache line, words are faster.
pub(super) const LEAST_STORE: usize = 65;

const _: () = assert!(LEAST_LOAD >= 16 && LEAST_STORE >= 64, "see `copy`");

/// Finds out what vectors there are, for all copies to come.
pub(super) fn prepare() {
    Widest::find();
}

/// Copies `bytes` bytes, 16 or more, out of memory that others may write to
/// at the same time: then each byte is one that stood there meanwhile.
///
/// # Safety
///
/// 1. `from` is valid for reads of `bytes` bytes, as atomic ones are: other
///    threads and processes may write to them as they like.
/// 2. `to` is valid for writes of `bytes` bytes and nobody else's.
/// 3. `bytes` is at least 16.
#[inline(always)]
pub(super) unsafe fn load(from: *const u8, to: *mut u8, bytes: usize) {
    debug_assert!(bytes >= 16);
    match bytes {
        // SAFETY: these are the duties of this function's caller.
        ..=16 => unsafe { load_one(from, to) },
        // SAFETY: as above.
        17..=32 => unsafe { load_two(from, to, bytes) },
        // SAFETY: as above.
        33..=64 => unsafe { load_four(from, to, bytes) },
        // SAFETY: as above.
        _ => unsafe { long::copy(from, to, bytes) },
    }
}

/// [`load`] by stores that the compiler sees: a value that is returned then
/// goes straight to where it is wanted, from registers when it has at most 256
/// bytes. Stored by assembly and copied on, each load of the second copy would
/// wait for a store of the first that it only partly meets.
///
/// # Safety
///
/// As of [`load`].
#[inline(always)]
pub(super) unsafe fn load_to_value(from: *const u8, to: *mut u8, bytes: usize) {
    debug_assert!(bytes >= 16);
    if bytes <= 64 {
        // SAFETY: these are the duties of this function's caller.
        return unsafe { load(from, to, bytes) };
    }
    if bytes > 256 && Widest::here() != Widest::Sse2 {
        // SAFETY: as above, and the processor has AVX.
        return unsafe { value::wide(from, to, bytes) };
    }
    let mut at = 0;
    while at + 64 <= bytes {
        // SAFETY: 64 of the bytes follow `at`, and the duties of the caller.
        unsafe { load_four(from.wrapping_add(at), to.wrapping_add(at), 64) };
        at += 64;
    }
    if at < bytes {
        let last = bytes - 64;
        // SAFETY: the last 64 of over 64 bytes.
        unsafe { load_four(from.wrapping_add(last), to.wrapping_add(last), 64) };
    }
}

/// [`load`] for one of many records: half as many vectors of 33 to 64 bytes,
/// where the processor has longer ones. A single record of that size is as
/// quick without, and often looked at right away, through the registers.
///
/// # Safety
///
/// As of [`load`].
#[inline(always)]
pub(super) unsafe fn load_row(from: *const u8, to: *mut u8, bytes: usize) {
    if !(33..=64).contains(&bytes) {
        // SAFETY: these are the duties of this function's caller.
        unsafe { load(from, to, bytes) }
    } else if Widest::here() != Widest::Sse2 {
        // SAFETY: as above, and the processor has AVX.
        unsafe { load_halves(from, to, bytes) }
    } else {
        // SAFETY: as above.
        unsafe { load_quarters(from, to, bytes) }
    }
}

/// 33 to 64 bytes without AVX: a call, so that a loop over rows goes straight
/// on where there is.
///
/// # Safety
///
/// As of [`load`], and `bytes` is 33 to 64.
#[cold]
#[inline(never)]
unsafe fn load_quarters(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: these are the duties of this function's caller.
    unsafe { load_four(from, to, bytes) }
}

/// 32 to 64 bytes by AVX: the first 32 and the last 32, which may overlap.
///
/// # Safety
///
/// As of [`load`]; `bytes` is at least 32, and the processor has AVX.
#[inline(always)]
unsafe fn load_halves(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: touches the first and the last 32 of at least 32 bytes.
    unsafe {
        asm!(
            "vmovups ymm0, [{from}]",
            "vmovups ymm1, [{from} + {bytes} - 32]",
            "vmovups [{to}], ymm0",
            "vmovups [{to} + {bytes} - 32], ymm1",
            "vzeroupper",
            from = in(reg) from,
            to = in(reg) to,
            bytes = in(reg) bytes,
            out("xmm0") _, out("xmm1") _,
            out("xmm2") _, out("xmm3") _, out("xmm4") _, out("xmm5") _, out("xmm6") _, out("xmm7") _, out("xmm8") _, out("xmm9") _,
            out("xmm10") _, out("xmm11") _, out("xmm12") _, out("xmm13") _, out("xmm14") _, out("xmm15") _,
            options(nostack, preserves_flags),
        );
    }
}

/// Whether [`stream`] can be called.
pub(super) const STREAMS: bool = true;

/// Copies `bytes` bytes, a multiple of 16, past the caches of this processor.
///
/// # Safety
///
/// Of [`load`] 1 and 2; and `to` is a multiple of 16, as is `bytes`.
#[inline(always)]
pub(super) unsafe fn stream(from: *const u8, to: *mut u8, bytes: usize) {
    for at in (0..bytes).step_by(16) {
        // SAFETY: loads and stores 16 bytes, of which there are `bytes`.
        unsafe {
            asm!(
                "movups {all}, [{from}]",
                "movntdq [{to}], {all}",
                from = in(reg) from.wrapping_add(at),
                to = in(reg) to.wrapping_add(at),
                all = out(xmm_reg) _,
                options(nostack, preserves_flags),
            );
        }
    }
}

/// `sfence` — no later store becomes visible before what was streamed.
#[inline(always)]
pub(super) fn end_streams() {
    // SAFETY: every x86-64 has it.
    unsafe { _mm_sfence() };
}

/// Copies `bytes` bytes, 64 or more, to memory that others may read at the
/// same time.
///
/// # Safety
///
/// 1. `from` is valid for reads and `to` for writes of `bytes` bytes, as atomic
///    ones are.
/// 2. The two do not overlap; `bytes` is at least 64.
#[inline(always)]
pub(super) unsafe fn store(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: these are the duties of this function's caller.
    unsafe { long::copy(from, to, bytes) };
}

/// Writes two words by one store.
///
/// Each comes by itself from where it is, a register or memory: who loaded both
/// at once would wait for a store of one of them. As floats, so that neither
/// goes by way of a general register.
#[inline(always)]
pub(super) fn store_two(to: &[Word; 2], low: u64, high: u64) {
    // SAFETY: stores 16 bytes, which `to` has; that others read them meanwhile
    // is allowed, as of two words, and that they are written through a shared
    // reference by `Word`, whose inside may change.
    unsafe {
        asm!(
            "movlhps {low}, {high}",
            "movups [{to}], {low}",
            to = in(reg) to,
            low = inout(xmm_reg) f64::from_bits(low) => _,
            high = in(xmm_reg) f64::from_bits(high),
            options(nostack, preserves_flags),
        );
    }
}

/// [`store`] by loads that the compiler sees: what it has in registers it puts
/// together there, and not by way of memory.
///
/// # Safety
///
/// As of [`store`], and `from` is memory that nobody writes to; 16 bytes are
/// enough.
#[inline(always)]
pub(super) unsafe fn store_sixteens(from: *const u8, to: *mut u8, bytes: usize) {
    debug_assert!(bytes >= 16);
    for at in (0..bytes).step_by(16) {
        // The last sixteen may have been stored in part.
        let at = at.min(bytes - 16);
        // SAFETY: by the duty of the caller sixteen bytes are there.
        let from = unsafe { from.add(at) };
        // SAFETY: as above; the read asks for no alignment.
        let all = unsafe { from.cast::<__m128i>().read_unaligned() };
        // SAFETY: stores 16 bytes, of which there are as many here.
        unsafe {
            asm!(
                "movups [{to}], {all}",
                to = in(reg) to.wrapping_add(at),
                all = in(xmm_reg) all,
                options(nostack, preserves_flags),
            );
        }
    }
}

/// 16 bytes.
///
/// The load leaves a vector, and a plain store puts it down: so the compiler
/// may keep a value in registers that is returned.
///
/// # Safety
///
/// As of [`load`].
#[inline(always)]
unsafe fn load_one(from: *const u8, to: *mut u8) {
    let all: __m128i;
    // SAFETY: loads 16 bytes.
    unsafe {
        asm!(
            "movups {all}, [{from}]",
            from = in(reg) from,
            all = out(xmm_reg) all,
            options(nostack, preserves_flags, readonly),
        );
    }
    // SAFETY: `to` has 16 bytes.
    unsafe { put(to, 0, all) };
}

/// 16 to 32 bytes: the first 16 and the last 16, which may overlap.
///
/// # Safety
///
/// As of [`load`].
#[inline(always)]
unsafe fn load_two(from: *const u8, to: *mut u8, bytes: usize) {
    let (first, last): (__m128i, __m128i);
    // SAFETY: loads the first and the last 16 of at least 16 bytes.
    unsafe {
        asm!(
            "movups {first}, [{from}]",
            "movups {last}, [{from} + {bytes} - 16]",
            from = in(reg) from,
            bytes = in(reg) bytes,
            first = out(xmm_reg) first,
            last = out(xmm_reg) last,
            options(nostack, preserves_flags, readonly),
        );
    }
    // SAFETY: `to` has 16 bytes and more.
    unsafe { put(to, 0, first) };
    // SAFETY: these are the last 16 of them.
    unsafe { put(to, bytes - 16, last) };
}

/// 32 to 64 bytes: the first 32 and the last 32, which may overlap.
///
/// # Safety
///
/// As of [`load`], and `bytes` is at least 32.
#[inline(always)]
unsafe fn load_four(from: *const u8, to: *mut u8, bytes: usize) {
    let (first, second, third, last): (__m128i, __m128i, __m128i, __m128i);
    // SAFETY: loads the first and the last 32 of at least 32 bytes.
    unsafe {
        asm!(
            "movups {first}, [{from}]",
            "movups {second}, [{from} + 16]",
            "movups {third}, [{from} + {bytes} - 32]",
            "movups {last}, [{from} + {bytes} - 16]",
            from = in(reg) from,
            bytes = in(reg) bytes,
            first = out(xmm_reg) first,
            second = out(xmm_reg) second,
            third = out(xmm_reg) third,
            last = out(xmm_reg) last,
            options(nostack, preserves_flags, readonly),
        );
    }
    // SAFETY: `to` has 32 bytes and more.
    unsafe { put(to, 0, first) };
    // SAFETY: as above.
    unsafe { put(to, 16, second) };
    // SAFETY: these are the last 32 of them.
    unsafe { put(to, bytes - 32, third) };
    // SAFETY: as above.
    unsafe { put(to, bytes - 16, last) };
}

/// Stores a vector in memory of one's own, `offset` bytes after `to`.
///
/// # Safety
///
/// `to` is valid for writes of `offset + 16` bytes.
#[inline(always)]
unsafe fn put(to: *mut u8, offset: usize, vector: __m128i) {
    // SAFETY: by the duty of the caller this is inside of the same memory.
    let at = unsafe { to.add(offset) };
    // SAFETY: the duty of the caller; the write asks for no alignment.
    unsafe { at.cast::<__m128i>().write_unaligned(vector) };
}

/// `step` if `is` is odd, else 0: by a branch, so that the processor guesses
/// and goes on before `is` has come, where an address would be waited for.
///
/// What it then loads too early it loads again if another processor wrote it
/// meanwhile: loads stay in order whatever was guessed.
#[inline(always)]
pub(super) fn step_if(is: u64, step: usize) -> usize {
    let mut at = 0_usize;
    // SAFETY: changes these registers and the flags.
    unsafe {
        asm!(
            "test {is:e}, 1",
            "jz 2f",
            "mov {at}, {step}",
            "2:",
            is = in(reg) is,
            step = in(reg) step,
            at = inout(reg) at,
            options(pure, nomem, nostack),
        );
    }
    at
}

/// Begins to fetch the cache line of `word`.
#[inline(always)]
pub(super) fn prefetch(word: *const Word) {
    // SAFETY: a prefetch accesses nothing, whatever the address.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(word.cast()) };
}

/// Begins to fetch the cache line of `word` to the second cache.
#[inline(always)]
pub(super) fn prefetch_far(word: *const Word) {
    // SAFETY: a prefetch accesses nothing, whatever the address.
    unsafe { _mm_prefetch::<_MM_HINT_T1>(word.cast()) };
}

/// Loads a word into no register that is looked at.
#[inline(always)]
pub(super) fn bring(word: &Word) {
    // SAFETY: loads 4 bytes of a word.
    unsafe {
        asm!(
            "mov {any:e}, [{word}]",
            word = in(reg) word,
            any = out(reg) _,
            options(nostack, preserves_flags, readonly),
        );
    }
}
