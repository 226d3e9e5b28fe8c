//! A segment whose records are of a type that the compiler knows.

#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::ops::Deref;

use crate::copy::{self, words_for};
use crate::field::Field;
use crate::layout::SharedLayout;
use crate::record::Record;
use crate::segment::Segment;
use crate::sync::WORD;

/// A segment of `T`s.
#[derive(Debug)]
pub(crate) struct Records<T> {
    segment: Segment,
    of: PhantomData<fn() -> T>,
}

impl<T> Records<T> {
    /// The segment holds `T`s, or what can be seen as such: that was checked
    /// by its fingerprint when it was opened, or field by field.
    ///
    /// # Panics
    ///
    /// When its slots are not even as wide as a `T`.
    pub(crate) fn over(segment: Segment) -> Self {
        assert_eq!(segment.slots().width(), words_for(size_of::<T>()));
        Self {
            segment,
            of: PhantomData,
        }
    }
}

impl<T: SharedLayout> Records<T> {
    /// The first record, which is always there.
    #[inline(always)]
    pub(crate) fn first(&self) -> Record<'_, T> {
        // SAFETY: a segment has one row at least.
        unsafe { self.row_unchecked(0) }
    }

    /// None past the last row.
    #[inline(always)]
    pub(crate) fn row(&self, row: u64) -> Option<Record<'_, T>> {
        if row >= self.segment.slots().rows() {
            return None;
        }
        // SAFETY: so it was compared.
        Some(unsafe { self.row_unchecked(row) })
    }

    /// Whether the segment has a field.
    pub(crate) fn has<F>(&self, field: Field<T, F>) -> bool {
        let bytes = field.offset()..field.offset() + size_of::<F>();
        let translated = self.segment.translated();
        translated.is_none_or(|records| !records.view.lacks(bytes))
    }

    /// Begins to fetch a record, if there is such a row.
    #[inline(always)]
    pub(crate) fn fetch(&self, row: u64) {
        const LINE: usize = 64 / WORD;
        /// The processor goes on by itself.
        const MOST: usize = 8;
        if let Some(slot) = self.segment.slots().slot(row) {
            for first in (0..slot.len()).step_by(LINE).take(MOST) {
                copy::prefetch(slot, first);
            }
        }
    }

    /// # Safety
    ///
    /// `row` is below the number of rows.
    #[inline(always)]
    unsafe fn row_unchecked(&self, row: u64) -> Record<'_, T> {
        let slots = self.segment.slots();
        // SAFETY:
        // 1. The duty of the caller.
        // 2. `over` asserted that this is the width.
        let slot = unsafe { slots.slot_of_width(row, words_for(size_of::<T>())) };
        // SAFETY: `slot` was just found with the copies of these slots and the
        // width of a `T`.
        unsafe { Record::new(&self.segment, row, slot, slots.copies()) }
    }
}

impl<T> Deref for Records<T> {
    type Target = Segment;

    #[inline(always)]
    fn deref(&self) -> &Segment {
        &self.segment
    }
}
