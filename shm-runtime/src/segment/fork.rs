//! Whether this is still the process that took the writer lock.
//!
//! A forked child has the parent's memory, its map and its open files, and so
//! all it takes to write beside the parent. `MADV_WIPEONFORK` tells them
//! apart for the price of one load: the kernel gives the child a page of
//! zeros where the parent keeps a number. `getpid` would cost a system call a
//! write, and pids come back.
//!
//! # References
//!
//! madvise(2); Linux 4.14 and later.

#![allow(unsafe_code)]

use core::ptr;
use std::io;
use std::sync::OnceLock;

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap_anonymous};

use crate::sync::{Ordering, Word};

/// The process in which it was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    page: &'static Word,
    epoch: u64,
}

impl Home {
    /// No process: that of a reader.
    pub(crate) const NONE: Self = Self {
        page: &ZERO,
        epoch: u64::MAX,
    };

    /// The process that asks.
    pub(crate) fn here() -> io::Result<Self> {
        let page = page()?;
        // A child starts an epoch of its own with the first writer that it
        // makes itself. Two of its threads may come at once.
        let mut epoch = page.load(Ordering::Relaxed);
        if epoch == 0 {
            let next = EPOCH.fetch_add(1, Ordering::Relaxed) + 1;
            epoch = match page.compare_exchange(0, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => next,
                Err(other_thread) => other_thread,
            };
        }
        Ok(Self { page, epoch })
    }

    /// Whether it is [`Home::NONE`].
    pub(crate) fn is_none(&self) -> bool {
        self.epoch == Self::NONE.epoch
    }

    /// False in a child that was forked since.
    #[inline(always)]
    pub(crate) fn is_here(&self) -> bool {
        self.page.load(Ordering::Relaxed) == self.epoch
    }
}

/// Never the number of an epoch.
static ZERO: Word = Word::new(0);

/// The last epoch; a child goes on from its parent's, so no two in one line
/// of descent are equal.
static EPOCH: Word = Word::new(0);

/// A page that the kernel wipes in every child, mapped once a process.
fn page() -> io::Result<&'static Word> {
    static PAGE: OnceLock<&'static Word> = OnceLock::new();
    if let Some(page) = PAGE.get() {
        return Ok(page);
    }
    let fresh = map_page()?;
    // Another thread may have been faster; its page counts and this one, four
    // kilobytes once, stays unused.
    Ok(PAGE.get_or_init(|| fresh))
}

fn map_page() -> io::Result<&'static Word> {
    let size = rustix::param::page_size();
    // SAFETY: a new private mapping at an address of the kernel's choice
    // touches no memory that anyone uses.
    let page = unsafe {
        mmap_anonymous(
            ptr::null_mut(),
            size,
            ProtFlags::READ | ProtFlags::WRITE,
            MapFlags::PRIVATE,
        )
    }?;
    // SAFETY: `page` is a whole mapping of `size` bytes that nobody has seen
    // yet; the advice changes nothing in this process.
    unsafe { madvise(page, size, Advice::LinuxWipeOnFork) }?;
    // SAFETY:
    // 1. `page` is aligned to a page and valid for a word, all zeros.
    // 2. It is never unmapped, so it lives for `'static`; in a child it is
    //    mapped still, and wiped.
    // 3. All access is atomic.
    Ok(unsafe { Word::from_ptr(page.cast()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_process_is_at_home_where_there_is_none() {
        assert!(!Home::NONE.is_here());
    }

    #[test]
    fn a_process_is_at_home() -> io::Result<()> {
        let (one, other) = (Home::here()?, Home::here()?);
        assert!(one.is_here());
        assert_eq!(one.epoch, other.epoch);
        Ok(())
    }
}
