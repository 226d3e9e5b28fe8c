//! Typed records of foreign memory.
//!
//! The one place where its bytes become a `T`: they are copied to private
//! memory, found whole by the rule, made valid, and only then a value.

#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::copy::LoadInto;
use crate::error::ReadError;
use crate::field::Field;
use crate::foreign::error::ForeignError;
use crate::foreign::guard::{Failed, Guard, Rule, Sound, Unread};
use crate::foreign::memory::Memory;
use crate::foreign::place::ForeignPlace;
use crate::layout::{SharedField, SharedLayout};
use crate::record::bytes_of;

/// Tries without a pause: longer than most writes take.
const SPINS: u32 = 1_000;

/// Tries after that, with a pause before each: a writer that was interrupted
/// in the middle of a write comes back within some of them.
const NAPS: u32 = 2_000;

/// The pause. With what the kernel adds, all of them take a third of a second.
const NAP: Duration = Duration::from_micros(100);

/// Where the records lie.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Of the first record, in bytes.
    pub(crate) at: u64,
    /// From one record to the next, in bytes.
    pub(crate) stride: u64,
    /// How many there are; at least one.
    pub(crate) rows: u64,
}

impl Shape {
    /// Through the last byte of the last record of `size` bytes; none when it
    /// cannot be.
    fn end(&self, size: u64) -> Option<u64> {
        let last = self.stride.checked_mul(self.rows.checked_sub(1)?)?;
        let end = self.at.checked_add(last)?.checked_add(size)?;
        // A map's length, rounded up to words, is an isize.
        let fits = end < isize::MAX as u64 - 8;
        let apart = self.stride >= size || self.rows == 1;
        (fits && apart).then_some(end)
    }
}

/// Records of foreign memory.
#[derive(Debug)]
pub(crate) struct Records<T> {
    memory: Memory,
    place: ForeignPlace,
    /// Its numbers counted from a record's start.
    rule: Rule,
    shape: Shape,
    of: PhantomData<fn() -> T>,
}

impl<T: SharedLayout> Records<T> {
    /// Maps the records at `place`.
    pub(crate) fn open(
        place: &ForeignPlace,
        rule: Rule,
        shape: Shape,
    ) -> Result<Self, ForeignError> {
        let size = size_of::<T>() as u64;
        let Some(end) = shape.end(size) else {
            return Err(ForeignError::BadShape {
                at: shape.at,
                stride: shape.stride,
                rows: shape.rows,
                size,
            });
        };
        check_numbers(place, rule, shape)?;
        Ok(Self {
            memory: Memory::open(place, end)?,
            place: place.clone(),
            rule,
            shape,
            of: PhantomData,
        })
    }

    pub(crate) fn place(&self) -> &ForeignPlace {
        &self.place
    }

    #[inline(always)]
    pub(crate) fn rows(&self) -> u64 {
        self.shape.rows
    }

    /// A whole record.
    #[inline]
    pub(crate) fn read(&self, row: u64) -> Result<T, ReadError> {
        self.take(row, 0)
    }

    /// A field of a record.
    #[inline]
    pub(crate) fn get<F: SharedField>(&self, row: u64, field: Field<T, F>) -> Result<F, ReadError> {
        self.take(row, field.offset())
    }

    /// A whole record into a place that the caller has; returns how many
    /// tries were thrown away. After an error `to` holds some `T`.
    #[inline]
    pub(crate) fn read_into(&self, row: u64, to: &mut T) -> Result<u32, ReadError> {
        let to = ptr::from_mut(to).cast::<MaybeUninit<T>>();
        // SAFETY: `to` is exclusive for as long as `stage` is, and nobody
        // looks at it as a `T` before it was made one again below.
        let stage = unsafe { &mut *to };
        let read = self.fill(row, 0, stage);
        // SAFETY: every byte of `stage` but padding is initialised: it was a
        // `T`, and parts of it may have been written over with bytes.
        unsafe { T::normalise(stage.as_mut_ptr().cast()) };
        read
    }

    #[inline(always)]
    fn take<F: SharedField>(&self, row: u64, offset: usize) -> Result<F, ReadError> {
        let mut stage = MaybeUninit::<F>::uninit();
        self.fill(row, offset, &mut stage)?;
        // SAFETY: `fill` succeeded, so every byte of `stage` is initialised.
        // After this they are a value, by duty 1 of `SharedField`.
        unsafe { F::normalise(stage.as_mut_ptr().cast()) };
        // SAFETY: so they are.
        Ok(unsafe { stage.assume_init() })
    }

    /// Fills `stage` with the bytes at `offset` of a whole record, if it
    /// succeeds; how many tries were thrown away.
    ///
    /// A record need not lie at a multiple of anything: `copy::load` takes
    /// its first and last words apart. That a load may see half of what the
    /// writer stored at once is the rule's affair, as all tearing is.
    #[inline(always)]
    fn fill<F: SharedField>(
        &self,
        row: u64,
        offset: usize,
        stage: &mut MaybeUninit<F>,
    ) -> Result<u32, ReadError> {
        if row >= self.shape.rows {
            return Err(self.missing(row));
        }
        // Inside of the map, whose length is a usize.
        let start = (self.shape.at + row * self.shape.stride) as usize;
        let guard = Guard::<Sound>::new(self.memory.words(), self.rule.at(start));
        let take = LoadInto {
            offset: start + offset,
            to: bytes_of(stage),
        };
        guard
            .read(take, again)
            .map_err(|unread| self.explain(row, unread))
    }

    #[cold]
    fn missing(&self, row: u64) -> ReadError {
        ReadError::NoSuchRow {
            path: self.named(),
            row,
            rows: self.shape.rows,
        }
    }

    #[cold]
    fn explain(&self, row: u64, unread: Unread) -> ReadError {
        let place = Box::new(self.place.clone());
        let Unread { tries, last, still } = unread;
        match last {
            Failed::NotValid => ReadError::NotValid { place, row },
            Failed::Met { opened, closed } if still => ReadError::MidWrite {
                place,
                row,
                tries,
                opened,
                closed,
            },
            Failed::Met { opened, closed } => ReadError::Lapped {
                place,
                row,
                tries,
                opened,
                closed,
            },
        }
    }

    /// As errors that cells and tables of ours have too name it.
    pub(crate) fn named(&self) -> Box<PathBuf> {
        Box::new(match &self.place {
            ForeignPlace::File(path) => path.clone(),
            place @ ForeignPlace::SysV(_) => place.to_string().into(),
        })
    }
}

/// Each number of the rule lies inside one word, in every record.
fn check_numbers(place: &ForeignPlace, rule: Rule, shape: Shape) -> Result<(), ForeignError> {
    // Rows alternate as the second does: one multiple more each time.
    // Of a single one the stride may be anything.
    let starts = [shape.at, shape.at.wrapping_add(shape.stride)];
    for start in &starts[..if shape.rows > 1 { 2 } else { 1 }] {
        for number in rule.numbers() {
            let (found, expected) = (start + number.offset as u64, number.size as u64);
            if !found.is_multiple_of(expected) {
                return Err(ForeignError::Misaligned {
                    place: place.clone(),
                    found,
                    expected,
                });
            }
        }
    }
    Ok(())
}

/// Whether to try on after so many tries, the last of which found this; waits
/// where that helps.
fn again(tries: u32, found: Failed) -> bool {
    if tries < SPINS {
        core::hint::spin_loop();
        return true;
    }
    // A record that is not valid may stay so for hours.
    if found == Failed::NotValid || tries >= SPINS + NAPS {
        return false;
    }
    thread::sleep(NAP);
    true
}
