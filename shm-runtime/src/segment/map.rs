//! `mmap(MAP_SHARED)` — the only place where a segment becomes memory.

#![allow(unsafe_code)]

use core::ffi::c_void;
use core::hint::black_box;
use core::ptr::NonNull;
use core::{ptr, slice};
use std::fs::File;
use std::io;

use rustix::mm::{Advice, MapFlags, ProtFlags, madvise, mmap, mmap_anonymous, munmap};
use rustix::param::page_size;

use crate::clock;
use crate::copy;
use crate::segment::guard::Guard;
use crate::sync::{Ordering, WORD, Word};

/// What may be done with a map's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Relaxed loads alone: a store would be a fault.
    Read,
    /// Loads and stores.
    Write,
}

/// A file's first bytes as words that other processes share.
#[derive(Debug)]
pub(crate) struct Map {
    start: NonNull<Word>,
    /// Its length in words.
    words: usize,
    /// Of a reader's map, where the program wants one.
    guard: Option<Guard>,
}

// SAFETY: a map is memory that all threads may use by atomics, which is all
// it hands out; unmapping takes ownership.
unsafe impl Send for Map {}
// SAFETY: as above.
unsafe impl Sync for Map {}

impl Map {
    /// Words of this process alone, all zero, `size` bytes rounded down.
    pub(crate) fn blank(size: usize) -> io::Result<Self> {
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice touches
        // no memory that anyone uses.
        let start =
            unsafe { mmap_anonymous(ptr::null_mut(), size, protection, MapFlags::PRIVATE) }?;
        Self::at(start, size)
    }

    /// Maps the first `size` bytes of `file`.
    ///
    /// The caller checked that the file is so long. A file that is truncated
    /// later raises SIGBUS at the first touch past its end: files in
    /// /dev/shm cannot be sealed against it. `guard.rs` has a remedy.
    pub(crate) fn new(file: &File, size: u64, access: Access) -> io::Result<Self> {
        let too_large = |_| io::Error::from(io::ErrorKind::OutOfMemory);
        let size = usize::try_from(size).map_err(too_large)?;
        let protection = match access {
            Access::Read => ProtFlags::READ,
            Access::Write => ProtFlags::READ | ProtFlags::WRITE,
        };
        // SAFETY: a new mapping at an address of the kernel's choice touches
        // no memory that anyone uses.
        let start = unsafe { mmap(ptr::null_mut(), size, protection, MapFlags::SHARED, file, 0) }?;
        let mut map = Self::at(start, size)?;
        match access {
            Access::Read => map.guard = Guard::over(map.words()),
            Access::Write => clock::prepare(),
        }
        Ok(map)
    }

    fn at(start: *mut c_void, size: usize) -> io::Result<Self> {
        copy::prepare();
        match NonNull::new(start.cast()) {
            Some(start) => Ok(Self {
                start,
                words: size / WORD,
                guard: None,
            }),
            // The kernel maps page 0 only where it is told to.
            None => Err(io::ErrorKind::OutOfMemory.into()),
        }
    }

    /// Whether the file was cut and the guard took the map away.
    pub(crate) fn is_truncated(&self) -> bool {
        self.guard.as_ref().is_some_and(Guard::is_truncated)
    }

    /// `madvise(MADV_POPULATE_READ)` — puts every page of the map into this
    /// process's page tables, so that no first touch is a fault.
    pub(crate) fn prefault(&self) {
        let start = self.start.as_ptr().cast();
        // SAFETY: the mapping is whole and stays until `drop`; this advice
        // changes no byte of it.
        let done = unsafe { madvise(start, self.words * WORD, Advice::LinuxPopulateRead) };
        if done.is_err() {
            // Linux before 5.14 does not know it.
            self.touch();
        }
    }

    /// The same by a load of each page, more slowly.
    fn touch(&self) {
        for word in self.words().iter().step_by(page_size() / WORD) {
            black_box(word.load(Ordering::Relaxed));
        }
    }

    /// Every word of the map. Stores are for [`Access::Write`] alone.
    #[inline(always)]
    pub(crate) fn words(&self) -> &[Word] {
        // SAFETY:
        // 1. The mapping holds `words` words, begins on a page and so is
        //    aligned, and stays until `drop`, which needs `&mut self`.
        // 2. Other processes may change the bytes; all that is shared here
        //    is atomic. Every value of the bytes is a word.
        // 3. Where the mapping is read-only, the crate makes relaxed 64-bit
        //    loads alone, which the standard library allows on x86-64 and
        //    aarch64: core::sync::atomic, *Atomic accesses to read-only
        //    memory*, https://doc.rust-lang.org/1.88.0/core/sync/atomic/
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.words) }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        // While it stands, no other map can be where this one is.
        self.guard = None;
        // SAFETY: this very mapping was made in `new`; every borrow of its
        // words has ended, for it borrowed `self`.
        let unmapped = unsafe { munmap(self.start.as_ptr().cast(), self.words * WORD) };
        debug_assert!(unmapped.is_ok(), "a whole mapping can be unmapped");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Bytes of the mapping of `path` that are in the page tables.
    fn mapped_bytes(path: &str) -> usize {
        let maps = fs::read_to_string("/proc/self/smaps").expect("procfs is mounted");
        let mut lines = maps.lines().skip_while(|line| !line.ends_with(path));
        let resident = lines.find_map(|line| line.strip_prefix("Rss:"));
        let resident = resident.expect("the mapping is there").trim();
        let kib = resident.strip_suffix(" kB").expect("in KiB");
        kib.parse::<usize>().expect("a number") * 1024
    }

    #[test]
    fn every_page_is_mapped_when_it_is_asked_for() -> io::Result<()> {
        let file = tempfile::NamedTempFile::new_in("/dev/shm")?;
        let path = file.path().to_str().expect("it is text");
        let size = 256 * page_size();
        // Reserved, as in a segment: of a hole nothing would be mapped.
        fs::write(file.path(), vec![1; size])?;
        for ask in [Map::prefault, Map::touch] {
            let map = Map::new(file.as_file(), size as u64, Access::Read)?;
            assert_eq!(mapped_bytes(path), 0);
            ask(&map);
            assert_eq!(mapped_bytes(path), size);
        }
        Ok(())
    }
}
