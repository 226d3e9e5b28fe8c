//! A file that is cut under a reader, made an error of its reads.
//!
//! Files in `/dev/shm` cannot be sealed, so a touch past the end of one that
//! was truncated is SIGBUS, which ends the process. The guard is a handler of
//! that signal. Where the touch was in a reader's map, it puts other memory in
//! the place of the whole map, and the load that failed is made again: there
//! every word is a sequence that says *retired*. So the read finds, by the
//! looks that it takes anyway, that it has no record, and a read costs no more
//! than without a guard.
//!
//! The whole map and not the page that was touched: a record may lie on two
//! pages, of which the other is still there. And in rising order: a record's
//! sequence lies before its copies, so nobody reads the new words of a copy
//! under the old sequence.
//!
//! # References
//!
//! mremap(2), on an old size of zero; signal-safety(7): the handler makes
//! system calls and atomic accesses, and nothing else.

#![allow(unsafe_code)]

use core::ffi::{c_int, c_void};
use core::{mem, ptr};
use std::io;
use std::sync::{Mutex, OnceLock, PoisonError};

use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect};

use crate::latch::RETIRED;
use crate::sync::{Ordering, WORD, Word, fence};

/// Bytes of the memory that takes a map's place, as often as it is needed. A
/// process may have some 65,000 mappings, so more would not do for large maps
/// and less not for many small ones.
const FILL: usize = 1 << 20;

/// Turns the truncation of a segment under a reader of this process into an
/// error, [`ReadError::Truncated`](crate::ReadError::Truncated). Without the
/// guard it is a SIGBUS that ends the process.
///
/// It covers the segments that are attached to from now on, for the rest of
/// the process's life. Calling it again changes nothing.
///
/// # Errors
///
/// When it cannot have a megabyte of memory.
///
/// # Limits
///
/// - It is a signal handler, so the program should decide on it, not a
///   library. It passes other faults on to the previous handler. A handler
///   that is installed later runs before this one and must do the same.
/// - It is for readers. A writer's stores cannot be taken back.
/// - The system fills the last page of a file with zeros and sends no signal
///   there. A file that is truncated in the middle of a page shows zeros after
///   the cut, as if its writer had written them.
///
/// # Examples
///
/// ```
/// shm_runtime::guard_truncation()?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn guard_truncation() -> io::Result<()> {
    static INSTALLED: Mutex<bool> = Mutex::new(false);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    if !*installed {
        let fill = Fill::new()?;
        let before = Before(action(None)?);
        // The first alone: this is done once, but for an error below.
        let _ = (FILLING.set(fill), BEFORE.set(before));
        // SAFETY: of plain integers and a signal set, all of whose bytes may
        // be zero.
        let mut ours: libc::sigaction = unsafe { mem::zeroed() };
        ours.sa_sigaction = on_fault as extern "C" fn(_, _, _) as usize;
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        action(Some(&ours))?;
        *installed = true;
    }
    Ok(())
}

/// What takes the place of maps; nothing while nobody asked for a guard.
static FILLING: OnceLock<Fill> = OnceLock::new();

/// What handled the signal before.
static BEFORE: OnceLock<Before> = OnceLock::new();

struct Before(libc::sigaction);

/// Words that all say *retired*, shared so that they can be mapped again.
struct Fill {
    start: *mut c_void,
    page: usize,
}

// SAFETY: memory that is only read, and only by the kernel.
unsafe impl Send for Fill {}
// SAFETY: as above.
unsafe impl Sync for Fill {}

impl Fill {
    /// Not a file of its own: a program that closes all its descriptors, as
    /// daemons do, would close that too.
    fn new() -> io::Result<Self> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice touches
        // no memory that anyone uses.
        let start = unsafe { mmap_anonymous(ptr::null_mut(), FILL, access, MapFlags::SHARED) }?;
        for at in 0..FILL / WORD {
            // SAFETY: inside of the mapping, which is `FILL` bytes long.
            let word = unsafe { start.cast::<u64>().add(at) };
            // SAFETY: aligned and writable, and nobody else knows it yet.
            unsafe { word.write(RETIRED) };
        }
        // SAFETY: the mapping's own bytes; nobody writes to it from now on.
        unsafe { mprotect(start, FILL, MprotectFlags::READ) }?;
        Ok(Self {
            start,
            page: rustix::param::page_size(),
        })
    }

    /// Puts itself in the place of a map, as often as it is long. False when
    /// the kernel refuses.
    fn replace(&self, start: usize, end: usize) -> bool {
        let end = end.next_multiple_of(self.page);
        for at in (start..end).step_by(FILL) {
            let size = FILL.min(end - at);
            let at: *mut c_void = ptr::with_exposed_provenance_mut(at);
            let flags = libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED;
            // By libc: rustix 1.1 asks libc's `mremap` for MAP_FIXED, which
            // is another number.
            // SAFETY:
            // 1. An old size of zero leaves `self` as it is and maps the same
            //    pages again: it is shared memory, at least `size` bytes.
            // 2. What is unmapped at `at` is a part of a reader's map, of
            //    which no word is behind a reference to plain memory, and in
            //    its place are words again. The caller knows it to be mapped.
            let made = unsafe { libc::mremap(self.start, 0, size, flags, at) };
            if made == libc::MAP_FAILED {
                return false;
            }
        }
        true
    }
}

/// A reader's map in the list that the handler looks through; dropped before
/// the map is.
#[derive(Debug)]
pub(crate) struct Guard {
    seat: &'static Seat,
}

impl Guard {
    /// Guards the words of a map that is read only. None while the program
    /// wants no guard.
    pub(crate) fn over(words: &[Word]) -> Option<Self> {
        FILLING.get()?;
        let start = words.as_ptr().expose_provenance();
        let mut seat = &FIRST;
        loop {
            if seat.take(start, start + words.len() * WORD) {
                return Some(Self { seat });
            }
            seat = seat.next.get_or_init(|| Box::leak(Box::default()));
        }
    }

    /// Whether the map's file was cut, and the map is there no more.
    pub(crate) fn is_truncated(&self) -> bool {
        self.seat.truncated.load(Ordering::Relaxed) != 0
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let state = self.seat.state.load(Ordering::Relaxed);
        // SYNC POINT seat: pairs with the Acquire exchange in `take`.
        self.seat.state.store(state + 1, Ordering::Release);
    }
}

/// A seat for a map in a list that only grows: a handler cannot wait for a
/// lock, nor see memory be freed.
///
/// | `state` modulo 3 | the seat is |
/// |---|---|
/// | 0 | free |
/// | 1 | being filled |
/// | 2 | a map's |
#[derive(Debug)]
struct Seat {
    /// Grows with each step, so that no state comes twice.
    state: Word,
    /// The address of the map's first byte.
    start: Word,
    /// The address after its last.
    end: Word,
    /// 1 once the map was replaced.
    truncated: Word,
    next: OnceLock<&'static Seat>,
}

static FIRST: Seat = Seat::new();

impl Default for Seat {
    fn default() -> Self {
        Self::new()
    }
}

impl Seat {
    const fn new() -> Self {
        Self {
            state: Word::new(0),
            start: Word::new(0),
            end: Word::new(0),
            truncated: Word::new(0),
            next: OnceLock::new(),
        }
    }

    /// Takes the seat, if it is free.
    fn take(&self, start: usize, end: usize) -> bool {
        let state = self.state.load(Ordering::Relaxed);
        // SYNC POINT seat: pairs with the Release store in `drop`.
        let mine = state.is_multiple_of(3)
            && self
                .state
                .compare_exchange(state, state + 1, Ordering::Acquire, Ordering::Relaxed)
                .is_ok();
        if mine {
            // SYNC POINT fill: pairs with the Acquire fence in `has`.
            fence(Ordering::Release);
            self.start.store(start as u64, Ordering::Relaxed);
            self.end.store(end as u64, Ordering::Relaxed);
            self.truncated.store(0, Ordering::Relaxed);
            // SYNC POINT taken: pairs with the Acquire load in `has`.
            self.state.store(state + 2, Ordering::Release);
        }
        mine
    }

    /// The map that is here, if `address` lies in it.
    fn has(&self, address: usize) -> Option<(usize, usize)> {
        // SYNC POINT taken: pairs with the last store in `take`.
        let state = self.state.load(Ordering::Acquire);
        let start = self.start.load(Ordering::Relaxed) as usize;
        let end = self.end.load(Ordering::Relaxed) as usize;
        // SYNC POINT fill: pairs with the Release fence in `take`. A place
        // that changes meanwhile is not the map's that was touched: who
        // touches it holds it.
        fence(Ordering::Acquire);
        let still = self.state.load(Ordering::Relaxed) == state;
        (still && state % 3 == 2 && (start..end).contains(&address)).then_some((start, end))
    }
}

/// Replaces the map that `address` is in. False where there is none.
fn recover(address: usize) -> bool {
    let Some(fill) = FILLING.get() else {
        return false;
    };
    let mut seat = Some(&FIRST);
    while let Some(here) = seat {
        if let Some((start, end)) = here.has(address) {
            // First: who sees the new words asks for this next.
            here.truncated.store(1, Ordering::Release);
            return fill.replace(start, end);
        }
        seat = here.next.get().copied();
    }
    false
}

/// Handles SIGBUS.
extern "C" fn on_fault(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel hands a handler with SA_SIGINFO one that it filled,
    // and that stays as it is until the handler returns.
    let told = unsafe { &*info };
    let code = told.si_code;
    if code == libc::BUS_ADRERR {
        // SAFETY: with this code it holds an address.
        let address = unsafe { told.si_addr() };
        // SAFETY: gives the address of this thread's own.
        let errno = unsafe { libc::__errno_location() };
        // SAFETY: it is there for as long as the thread is.
        let before = unsafe { errno.read() };
        let recovered = recover(address.addr());
        // SAFETY: as above. Who was interrupted may be about to look at it.
        unsafe { errno.write(before) };
        if recovered {
            return;
        }
    }
    pass_on(signal, info, context, code);
}

/// What would have happened without this handler.
fn pass_on(signal: c_int, info: *mut libc::siginfo_t, context: *mut c_void, code: c_int) {
    let before = BEFORE.get();
    let handler = before.map_or(libc::SIG_DFL, |before| before.0.sa_sigaction);
    // Sent by somebody, as `kill` does, and by no fault.
    let sent = code <= 0;
    match (handler, before) {
        (libc::SIG_IGN, _) if sent => {}
        (libc::SIG_DFL | libc::SIG_IGN, _) | (_, None) => {
            // SAFETY: as in `guard_truncation`; zeros are the default.
            let default: libc::sigaction = unsafe { mem::zeroed() };
            // The instruction is made again and ends the process. What was
            // sent is sent again, and comes when this handler returns.
            let _ = action(Some(&default));
            if sent {
                // SAFETY: takes a number.
                unsafe { libc::raise(signal) };
            }
        }
        (handler, Some(before)) if before.0.sa_flags & libc::SA_SIGINFO != 0 => {
            // SAFETY: with this flag a handler that is neither of the two
            // above is such a function, says sigaction(2).
            let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) =
                unsafe { mem::transmute(handler) };
            handler(signal, info, context);
        }
        (handler, Some(_)) => {
            // SAFETY: as above, without the flag.
            let handler: extern "C" fn(c_int) = unsafe { mem::transmute(handler) };
            handler(signal);
        }
    }
}

/// `sigaction(SIGBUS)` — what handles it, and from now on `new`.
fn action(new: Option<&libc::sigaction>) -> io::Result<libc::sigaction> {
    // SAFETY: of plain integers and a signal set, all of whose bytes may be
    // zero.
    let mut old: libc::sigaction = unsafe { mem::zeroed() };
    let new = new.map_or(ptr::null(), ptr::from_ref);
    // SAFETY: `new` is null or an action whose handler may be called at any
    // time; `old` is ours to write to.
    match unsafe { libc::sigaction(libc::SIGBUS, new, &raw mut old) } {
        0 => Ok(old),
        _ => Err(io::Error::last_os_error()),
    }
}
