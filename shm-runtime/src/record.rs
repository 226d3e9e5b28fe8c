//! Typed records in and out of a latch.
//!
//! The one place where bytes of a segment become a `T`: they are copied to
//! private memory, found whole, made valid, and only then a value.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::{ptr, slice};
use std::time::Duration;

use crate::clock::{self, Coarse};
use crate::copy::{self, LoadInto, LoadRow, LoadValue, Stream, words_for};
use crate::error::{ReadError, WriteError};
use crate::field::Field;
use crate::latch::{Failed, Latch, MAX_TRIES, Retired, Unread, Whole, Words};
use crate::layout::{SharedField, SharedLayout};
use crate::records::Records;
use crate::segment::Segment;

/// A whole record, its version and its retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Snapshot<T> {
    /// The record.
    pub value: T,
    /// Its version, counted from 1; 0 for the zero record before the first
    /// write.
    pub version: u64,
    /// How many tries met a writer and were discarded.
    pub retries: u32,
}

/// Bytes of the longest record that an update changes in registers.
const MOST_IN_REGISTERS: usize = 256;

/// One record of a segment.
pub(crate) struct Record<'a, T> {
    records: &'a Records<T>,
    row: u64,
    words: Words<'a>,
}

impl<'a, T: SharedLayout> Record<'a, T> {
    /// Sees `words`, row `row` of `segment`, as a `T`.
    ///
    /// # Safety
    ///
    /// `words` are those of a `T` in the copies of these records' slots.
    #[inline(always)]
    pub(crate) unsafe fn new(records: &'a Records<T>, row: u64, words: Words<'a>) -> Self {
        Self {
            records,
            row,
            words,
        }
    }

    /// Asked for where it is needed, which is rarely: it takes a load.
    #[inline(always)]
    fn segment(&self) -> &'a Segment {
        self.records.segment()
    }

    #[inline(always)]
    pub(crate) fn latch(&self) -> Latch<'a> {
        // SAFETY: that is the duty of `new`.
        unsafe {
            Latch::new_unchecked(
                self.words,
                words_for(size_of::<T>()),
                self.records.slots().copies(),
            )
        }
    }

    /// The whole record.
    #[inline(always)]
    pub(crate) fn read(&self) -> Result<T, ReadError> {
        self.take(0)
    }

    /// The whole record into a place that the caller has; returns its version.
    ///
    /// A torn try leaves bytes of two versions in `to`, and they are made
    /// valid even so: after an error `to` holds some `T`.
    #[inline(always)]
    pub(crate) fn read_into(&self, to: &mut T) -> Result<u64, ReadError> {
        let to = ptr::from_mut(to).cast::<MaybeUninit<T>>();
        // SAFETY: `to` is exclusive for as long as `stage` is, and nobody
        // looks at it as a `T` before `fill`, which never panics after it
        // began to write, has made it one again.
        let stage = unsafe { &mut *to };
        match self.fill(0, stage) {
            Ok(whole) => Ok(whole.version),
            Err(error) => {
                // SAFETY: every byte of `stage` but padding is initialised: it
                // was a `T`, and parts of it may have been written over.
                unsafe { T::normalise(stage.as_mut_ptr().cast()) };
                Err(error)
            }
        }
    }

    /// [`Record::read_into`] of one of many, whose turn was known before;
    /// returns how many tries were thrown away.
    ///
    /// One that `STREAMS` goes past the caches, into a place that
    /// [`Stream::fits`]. No closure says how: it would be a call.
    #[inline(always)]
    pub(crate) fn next_into<const STREAMS: bool>(&self, to: &mut T) -> Result<u32, ReadError> {
        let to = ptr::from_mut(to).cast::<MaybeUninit<T>>();
        // SAFETY: `to` is exclusive for as long as `stage` is, and nobody
        // looks at it as a `T` before it is one again.
        let stage = unsafe { &mut *to };
        let read = match STREAMS {
            true => self.latch().read_near(Stream(bytes_of(stage))),
            false => self.latch().read_near(LoadRow(bytes_of(stage))),
        };
        let read = match read {
            Ok(whole) => Ok(whole),
            Err(unread) => translate(self.segment(), self.row, 0, bytes_of(stage), unread),
        };
        // SAFETY: every byte of `stage` but padding is initialised, after an
        // error too: it was a `T`.
        unsafe { T::normalise(stage.as_mut_ptr().cast()) };
        read.map(|whole| whole.retries)
    }

    /// One field of it.
    #[inline(always)]
    pub(crate) fn get<F: SharedField>(&self, field: Field<T, F>) -> Result<F, ReadError> {
        self.take(field.offset())
    }

    /// The whole record with what is known of it.
    #[inline(always)]
    pub(crate) fn snapshot(&self) -> Result<Snapshot<T>, ReadError> {
        let mut value = MaybeUninit::uninit();
        let whole = self.fill(0, &mut value)?;
        Ok(Snapshot {
            // SAFETY: `fill` succeeded.
            value: unsafe { value.assume_init() },
            version: whole.version,
            retries: whole.retries,
        })
    }

    /// The `F` at byte `offset` of the whole record.
    ///
    /// No function that the compiler does not see into is told where the stage
    /// is, and what comes by way of a failed try has a stage of its own and is
    /// moved from there: so a value of up to 256 bytes goes from registers
    /// straight to where it is wanted, and a larger one is copied once less.
    /// A loop over the tries would want registers that the caller has use for.
    #[inline(always)]
    fn take<F: SharedField>(&self, offset: usize) -> Result<F, ReadError> {
        let mut stage = MaybeUninit::<F>::uninit();
        let to = bytes_of(&mut stage);
        let mut load = LoadValue(LoadInto { offset, to });
        if let Err(failed) = self.latch().try_once(&mut load) {
            let mut late = MaybeUninit::<F>::uninit();
            let to = bytes_of(&mut late);
            fill_on(self.segment(), self.row, self.latch(), offset, to, failed)?;
            stage = late;
        }
        // SAFETY: `load` or `fill_on` filled every byte of `stage`. After this
        // they are a value, by duty 1 of `SharedField`.
        unsafe { F::normalise(stage.as_mut_ptr().cast()) };
        // SAFETY: so they are.
        Ok(unsafe { stage.assume_init() })
    }

    /// Which row it is.
    #[inline(always)]
    pub(crate) fn row(&self) -> u64 {
        self.row
    }

    /// Makes `stage` the `F` at byte `offset` of the whole record. Where this
    /// succeeds, `stage` is a value.
    ///
    /// By reference, because LLVM copies a large value once more for each
    /// function that it is returned through.
    #[inline(always)]
    fn fill<F: SharedField>(
        &self,
        offset: usize,
        stage: &mut MaybeUninit<F>,
    ) -> Result<Whole, ReadError> {
        let to = bytes_of(stage);
        let whole = match self.latch().try_once(&mut LoadInto { offset, to }) {
            Ok(version) => Whole {
                version,
                retries: 0,
            },
            Err(failed) => {
                let to = bytes_of(stage);
                fill_on(self.segment(), self.row, self.latch(), offset, to, failed)?
            }
        };
        // SAFETY: the last call of `copy::load`, or `translate`, filled every
        // byte of `stage`. After this they are a value, by duty 1 of
        // `SharedField`.
        unsafe { F::normalise(stage.as_mut_ptr().cast()) };
        Ok(whole)
    }

    #[inline]
    pub(crate) fn version(&self) -> u64 {
        match self.latch().version() {
            0 => version_of(self.segment(), self.row),
            version => version,
        }
    }

    pub(crate) fn age(&self) -> Option<Duration> {
        // Zero before the first write, and after one that was not stamped.
        let stamp = match self.segment().translated() {
            None => self.latch().stamp(),
            Some(records) => records.stamp(self.row),
        };
        if stamp == 0 || self.segment().is_truncated() {
            return None;
        }
        let age_ns = clock::monotonic_coarse_ns().saturating_sub(stamp);
        Some(Duration::from_nanos(age_ns))
    }

    /// Publishes `value`; returns its version.
    #[inline(always)]
    pub(crate) fn write(&self, value: &T) -> Result<u64, WriteError> {
        if !self.records.slots().are_owned() {
            return Err(forked(self.segment()));
        }
        match put(&self.latch(), value, self.records.slots().clock) {
            Ok(version) => Ok(version),
            Err(Retired) => Err(retired(self.segment())),
        }
    }

    /// Publishes what `change` makes of the current record. When it panics,
    /// nothing is published.
    #[inline(always)]
    pub(crate) fn update(&self, change: impl FnOnce(&mut T)) -> Result<u64, WriteError> {
        if size_of::<T>() > MOST_IN_REGISTERS {
            return self.update_in_place(change);
        }
        // Of one's own record, so the first try succeeds. An error is told
        // apart here: who gave it to a function would keep the value in memory.
        let mut value = match self.read() {
            Ok(value) => value,
            Err(ReadError::Retired { .. }) => return Err(retired(self.segment())),
            Err(error) => return Err(WriteError::Read(error)),
        };
        change(&mut value);
        self.write(&value)
    }

    /// The same of a long record, which is changed where it was read to: a
    /// value that is returned would be moved once more.
    #[inline(always)]
    fn update_in_place(&self, change: impl FnOnce(&mut T)) -> Result<u64, WriteError> {
        let mut stage = MaybeUninit::uninit();
        match self.fill(0, &mut stage) {
            Ok(_) => {}
            Err(ReadError::Retired { .. }) => return Err(retired(self.segment())),
            Err(error) => return Err(WriteError::Read(error)),
        }
        // SAFETY: `fill` succeeded.
        let value = unsafe { stage.assume_init_mut() };
        change(value);
        self.write(value)
    }
}

// Functions and not methods: a reference to a `Record` would keep it in memory
// where the hot path has it in registers.

/// What follows a first try that failed.
#[cold]
#[inline(never)]
fn fill_on(
    segment: &Segment,
    row: u64,
    latch: Latch<'_>,
    offset: usize,
    to: &mut [MaybeUninit<u8>],
    failed: Failed,
) -> Result<Whole, ReadError> {
    match latch.try_on(LoadInto { offset, to }, failed) {
        Ok(whole) => Ok(whole),
        Err(unread) => translate(segment, row, offset, to, unread),
    }
}

/// Fills `to` where the slots of a segment cannot, because its layout is not
/// the program's; else says why there is no record.
#[cold]
#[inline(never)]
fn translate(
    segment: &Segment,
    row: u64,
    offset: usize,
    to: &mut [MaybeUninit<u8>],
    unread: Unread,
) -> Result<Whole, ReadError> {
    let read = match segment.translated() {
        Some(records) => records.read(row, offset, to),
        None => Err(unread),
    };
    read.map_err(|unread| explain(segment, row, unread))
}

/// The version where the slots say 0, which they also do where the segment's
/// layout is not the program's.
#[cold]
#[inline(never)]
fn version_of(segment: &Segment, row: u64) -> u64 {
    segment
        .translated()
        .map_or(0, |records| records.version(row))
}

/// The bytes that a value will have.
#[inline(always)]
pub(crate) fn bytes_of<F>(stage: &mut MaybeUninit<F>) -> &mut [MaybeUninit<u8>] {
    // SAFETY: `stage` is `size_of::<F>()` bytes that nobody else has, and
    // `MaybeUninit<u8>` asks neither for alignment nor for a value.
    unsafe {
        slice::from_raw_parts_mut(stage.as_mut_ptr().cast::<MaybeUninit<u8>>(), size_of::<F>())
    }
}

#[cold]
#[inline(never)]
fn explain(segment: &Segment, row: u64, unread: Unread) -> ReadError {
    let path = Box::new(segment.file().path.clone());
    match unread {
        // Its guard says it as *retired*, which costs a read nothing.
        Unread::Retired if segment.is_truncated() => ReadError::Truncated { path },
        Unread::Retired => ReadError::Retired { path },
        Unread::Stalled { opened, closed } => ReadError::Stalled {
            path,
            row,
            tries: MAX_TRIES,
            opened,
            closed,
        },
    }
}

#[cold]
#[inline(never)]
fn forked(segment: &Segment) -> WriteError {
    WriteError::Forked {
        path: Box::new(segment.file().path.clone()),
    }
}

#[cold]
#[inline(never)]
fn retired(segment: &Segment) -> WriteError {
    WriteError::Retired {
        path: Box::new(segment.file().path.clone()),
    }
}

/// Publishes `value`, stamped by `clock` if there is one; returns its version.
#[inline(always)]
fn put<T: SharedLayout>(
    latch: &Latch<'_>,
    value: &T,
    clock: Option<Coarse>,
) -> Result<u64, Retired> {
    // rustc's padding is uninitialised memory: loading it would be undefined,
    // and storing it would show this process's memory to others. So a padded
    // record goes through a stage where zeros are written over it.
    let mut stage = MaybeUninit::<T>::uninit();
    let initialised = if T::PADDED {
        let to = stage.as_mut_ptr();
        // SAFETY: `value` and `stage` are two places for one `T`.
        unsafe { ptr::copy_nonoverlapping(value, to, 1) };
        // SAFETY: `stage` is valid for writes of a `T`.
        unsafe { T::scrub(to.cast()) };
        to.cast_const()
    } else {
        ptr::from_ref(value)
    };
    // SAFETY:
    // 1. `initialised` points to a `T` that outlives `bytes` and that nobody
    //    writes to while it lives.
    // 2. By duty 2 of `SharedField` each of its bytes is initialised: it has
    //    no padding, or `scrub` wrote over it.
    let bytes = unsafe { slice::from_raw_parts(initialised.cast::<u8>(), size_of::<T>()) };

    // First: what is known by then has to be kept across the call.
    let stamp = clock.map_or(0, Coarse::now_ns);
    let writing = latch.begin()?;
    copy::store_value(writing.words(), bytes);
    Ok(writing.publish(stamp))
}
