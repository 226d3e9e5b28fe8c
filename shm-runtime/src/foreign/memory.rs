//! Memory of another program, mapped for reading.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};
use core::slice;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use crate::copy::{self, words_for};
use crate::foreign::error::ForeignError;
use crate::foreign::place::{ForeignPlace, SysVKey};
use crate::segment::map::{Access, Map};
use crate::sync::{WORD, Word};

/// Memory of another program, mapped for reading.
#[derive(Debug)]
pub(crate) enum Memory {
    /// A file's.
    File(Map),
    /// A System V segment's.
    SysV(Attached),
}

impl Memory {
    /// Maps the first `size` bytes of what is at `place`.
    ///
    /// # Limits
    ///
    /// A file that is truncated later raises SIGBUS at the first touch past
    /// its last page. A System V segment cannot shrink.
    pub(crate) fn open(place: &ForeignPlace, size: u64) -> Result<Self, ForeignError> {
        copy::prepare();
        match place {
            ForeignPlace::File(path) => {
                let file = open_file(place, path)?;
                check_size(place, &file, size)?;
                // Whole words: a page has some, and what of it lies past the
                // file's end reads as zeros.
                let mapped = size.next_multiple_of(WORD as u64);
                let map = Map::new(&file, mapped, Access::Read)
                    .map_err(|error| io_error(place, "map", error))?;
                // Again: it may have been cut in between.
                check_size(place, &file, size)?;
                Ok(Self::File(map))
            }
            ForeignPlace::SysV(key) => Attached::open(place, *key, size).map(Self::SysV),
        }
    }

    /// All words that hold a byte of it.
    #[inline(always)]
    pub(crate) fn words(&self) -> &[Word] {
        match self {
            Self::File(map) => map.words(),
            Self::SysV(attached) => attached.words(),
        }
    }
}

/// Opens a regular file for reading; links are followed, for nothing is
/// written.
fn open_file(place: &ForeignPlace, path: &Path) -> Result<File, ForeignError> {
    let not_a_file = |found| ForeignError::NotAFile {
        place: place.clone(),
        found,
    };
    // Nothing is waited for: a FIFO would block until somebody writes.
    let careful = OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = match rustix::fs::open(path, OFlags::RDONLY | careful, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NXIO) => return Err(not_a_file("a socket or a device")),
        Err(errno) => return Err(io_error(place, "open", errno.into())),
    };
    let kind = match file.metadata() {
        Ok(metadata) => metadata.file_type(),
        Err(error) => return Err(io_error(place, "look at", error)),
    };
    match kind {
        _ if kind.is_file() => Ok(file),
        _ if kind.is_dir() => Err(not_a_file("a directory")),
        _ if kind.is_fifo() => Err(not_a_file("a FIFO")),
        _ => Err(not_a_file("a device")),
    }
}

fn check_size(place: &ForeignPlace, file: &File, expected: u64) -> Result<(), ForeignError> {
    match file.metadata() {
        Ok(metadata) => check_found(place, metadata.len(), expected),
        Err(error) => Err(io_error(place, "look at", error)),
    }
}

fn check_found(place: &ForeignPlace, found: u64, expected: u64) -> Result<(), ForeignError> {
    match found >= expected {
        true => Ok(()),
        false => Err(ForeignError::TooSmall {
            place: place.clone(),
            found,
            expected,
        }),
    }
}

fn io_error(place: &ForeignPlace, doing: &'static str, source: io::Error) -> ForeignError {
    let place = place.clone();
    match source.kind() {
        io::ErrorKind::NotFound => ForeignError::NotFound { place },
        io::ErrorKind::PermissionDenied => ForeignError::PermissionDenied { place },
        _ => ForeignError::Io {
            place,
            doing,
            source,
        },
    }
}

/// A System V segment, attached for reading until it is dropped.
#[derive(Debug)]
pub(crate) struct Attached {
    start: NonNull<Word>,
    words: usize,
}

// SAFETY: it is memory that all threads may use by atomics, which is all it
// hands out; detaching takes ownership.
unsafe impl Send for Attached {}
// SAFETY: as above.
unsafe impl Sync for Attached {}

impl Attached {
    /// Attaches the segment of `key`, of which `size` bytes are wanted.
    fn open(place: &ForeignPlace, key: SysVKey, size: u64) -> Result<Self, ForeignError> {
        let failed = |doing| io_error(place, doing, io::Error::last_os_error());
        // SAFETY: takes three numbers. No size and no flag: the segment is
        // looked up and never made.
        let id = unsafe { libc::shmget(key.0.cast_signed(), 0, 0) };
        if id == -1 {
            return Err(failed("look up"));
        }
        let mut about = MaybeUninit::<libc::shmid_ds>::uninit();
        // SAFETY: `about` has the room that IPC_STAT fills.
        if unsafe { libc::shmctl(id, libc::IPC_STAT, about.as_mut_ptr()) } == -1 {
            return Err(failed("look at"));
        }
        // SAFETY: the call succeeded, so it filled it.
        let about = unsafe { about.assume_init() };
        check_found(place, about.shm_segsz as u64, size)?;
        // SAFETY: a new mapping at an address of the kernel's choice touches
        // no memory that anyone uses.
        let start = unsafe { libc::shmat(id, ptr::null(), libc::SHM_RDONLY) };
        if start.addr() == usize::MAX {
            return Err(failed("attach"));
        }
        match NonNull::new(start.cast()) {
            Some(start) => Ok(Self {
                start,
                // A segment is whole pages, so its last word is there. `size`
                // is at most the segment's, which is a `usize`.
                words: words_for(size as usize),
            }),
            // The kernel maps page 0 only where it is told to.
            None => Err(io_error(place, "attach", io::ErrorKind::OutOfMemory.into())),
        }
    }

    #[inline(always)]
    fn words(&self) -> &[Word] {
        // SAFETY:
        // 1. The segment holds `words` words, begins on a page and so is
        //    aligned, and stays attached until `drop`, which needs `&mut
        //    self`; the kernel keeps a removed segment for those who have it.
        // 2. Other processes may change the bytes; all that is shared here is
        //    atomic. Every value of the bytes is a word.
        // 3. The mapping is read-only, and only relaxed 64-bit loads are made:
        //    see `Map::words`.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.words) }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        // SAFETY: `open` attached it here; every borrow of its words has
        // ended, for it borrowed `self`.
        let detached = unsafe { libc::shmdt(self.start.as_ptr().cast()) };
        debug_assert!(detached == 0, "what was attached can be detached");
    }
}
