//! A segment whose records are of a type that the compiler knows.

#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::ops::Deref;

use crate::copy::words_for;
use crate::field::Field;
use crate::layout::SharedLayout;
use crate::record::Record;
use crate::segment::Segment;

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
    /// The first record, which is always there, where it is one slot: then it
    /// need not be asked how far its copies are apart.
    ///
    /// # Safety
    ///
    /// [`Slots::are_slots`](crate::segment::slots::Slots::are_slots).
    #[inline(always)]
    pub(crate) unsafe fn first_slot(&self) -> Record<'_, T> {
        let slots = self.segment.slots();
        // SAFETY:
        // 1. The duty of the caller.
        // 2. `over` asserted that this is the width.
        let words = unsafe { slots.first_of_width(words_for(size_of::<T>())) };
        // SAFETY: `words` were just found with the copies of these slots and
        // the width of a `T`.
        unsafe { Record::new(&self.segment, 0, words, slots.copies()) }
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

    /// # Safety
    ///
    /// `row` is below the number of rows.
    #[inline(always)]
    unsafe fn row_unchecked(&self, row: u64) -> Record<'_, T> {
        let slots = self.segment.slots();
        // SAFETY:
        // 1. The duty of the caller.
        // 2. `over` asserted that this is the width.
        let words = unsafe { slots.record_of_width(row, words_for(size_of::<T>())) };
        // SAFETY: `words` were just found with the copies of these slots and
        // the width of a `T`.
        unsafe { Record::new(&self.segment, row, words, slots.copies()) }
    }
}

impl<T> Deref for Records<T> {
    type Target = Segment;

    #[inline(always)]
    fn deref(&self) -> &Segment {
        &self.segment
    }
}
