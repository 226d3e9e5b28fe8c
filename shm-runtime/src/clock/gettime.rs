//! `clock_gettime`, as near as it is to be had.
//!
//! # References
//!
//! vdso(7); `Documentation/ABI/stable/vdso` of Linux.

#![allow(unsafe_code)]

use core::ffi::{CStr, c_int, c_void};
use core::mem::{self, MaybeUninit};
use core::ptr::{self, NonNull};

use crate::sync::{Ordering, Word};

/// That of the vDSO, which the kernel maps into every process, or else the C
/// library's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gettime(Function);

/// The address of the vDSO's; 0 where there is none, and until
/// [`Gettime::find`] was called. Not a lock, which a child would find held that
/// was forked while another thread looked.
static FOUND: Word = Word::new(0);

type Function = unsafe extern "C" fn(libc::clockid_t, *mut libc::timespec) -> c_int;

/// The linker's name of what the kernel maps.
const FILE: &CStr = c"linux-vdso.so.1";

/// The name in it; of architectures that are not known to call it as C does,
/// one that is nowhere.
const NAME: &CStr = match () {
    () if cfg!(target_arch = "x86_64") => c"__vdso_clock_gettime",
    () if cfg!(target_arch = "aarch64") => c"__kernel_clock_gettime",
    () => c"",
};

impl Gettime {
    /// Looks for the vDSO's.
    pub(super) fn find() {
        if let Some(function) = Self::in_vdso() {
            let address = function.as_ptr().expose_provenance();
            // No other memory hangs on it: the kernel has put it there before
            // there was a program.
            FOUND.store(address as u64, Ordering::Relaxed);
        }
    }

    /// What [`Gettime::find`] has found.
    #[inline(always)]
    pub(super) fn here() -> Self {
        let address = match FOUND.load(Ordering::Relaxed) {
            0 => return Self(libc::clock_gettime),
            address => ptr::with_exposed_provenance::<c_void>(address as usize),
        };
        // SAFETY: it is from `in_vdso`. By the kernel's stable ABI a function
        // of this name is of this type where addresses have 64 bits, as they
        // do here. It stays where it is for as long as there is the process.
        Self(unsafe { mem::transmute::<*const c_void, Function>(address) })
    }

    /// None in a program without a dynamic linker, where the kernel has no
    /// vDSO, and where somebody hides it, as valgrind does.
    fn in_vdso() -> Option<NonNull<c_void>> {
        if cfg!(any(miri, target_feature = "crt-static")) {
            return None;
        }
        let flags = libc::RTLD_LAZY | libc::RTLD_NOLOAD;
        // SAFETY: loads nothing, and so runs nobody's code: what is not in the
        // process already is not found.
        let file = NonNull::new(unsafe { libc::dlopen(FILE.as_ptr(), flags) })?;
        // SAFETY: a handle of the linker's and a text that ends in a zero.
        NonNull::new(unsafe { libc::dlsym(file.as_ptr(), NAME.as_ptr()) })
    }

    /// `CLOCK_MONOTONIC_COARSE`, which every kernel has since 2.6.32; should
    /// one refuse it, 0, which stands for no stamp.
    #[inline(always)]
    pub(super) fn monotonic_coarse(self) -> libc::timespec {
        // Not zeros to begin with, which what the kernel stores waits for.
        let mut time = MaybeUninit::uninit();
        // SAFETY: `time` is valid for the one write that this may make.
        let status = unsafe { (self.0)(libc::CLOCK_MONOTONIC_COARSE, time.as_mut_ptr()) };
        if status != 0 {
            return libc::timespec {
                tv_sec: 0,
                tv_nsec: 0,
            };
        }
        // SAFETY: a status of 0 says that it was written.
        unsafe { time.assume_init() }
    }
}

#[cfg(all(test, target_arch = "x86_64", not(miri)))]
mod tests {
    use super::*;

    fn told(gettime: Gettime) -> (i64, i64) {
        let time = gettime.monotonic_coarse();
        (time.tv_sec, time.tv_nsec)
    }

    #[test]
    fn the_kernel_tells_what_the_library_tells() {
        Gettime::find();
        assert_ne!(FOUND.load(Ordering::Relaxed), 0, "this kernel has a vDSO");
        for _ in 0..1_000 {
            let [before, after] = [(); 2].map(|()| Gettime(libc::clock_gettime));
            let (before, now, after) = (told(before), told(Gettime::here()), told(after));
            assert!(
                before <= now && now <= after,
                "{before:?} {now:?} {after:?}"
            );
        }
    }
}
