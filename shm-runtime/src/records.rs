//! A segment whose records are of a type that the compiler knows.

#![allow(unsafe_code)]

use core::marker::PhantomData;
use core::ops::Deref;

use crate::copy::words_for;
use crate::field::Field;
use crate::layout::SharedLayout;
use crate::record::Record;
use crate::segment::Segment;
use crate::segment::slots::Slots;

/// A segment of `T`s.
///
/// What a read or a write needs is kept here, and all else behind a pointer:
/// what follows a try that failed is given only that. So the compiler knows
/// that nobody changes the slots, and loads them once for a loop of reads.
#[derive(Debug)]
pub(crate) struct Records<T> {
    slots: Slots,
    segment: Box<Segment>,
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
            // SAFETY: they are dropped with the segment, whose map it keeps.
            slots: unsafe { segment.slots().at_hand() },
            segment: Box::new(segment),
            of: PhantomData,
        }
    }
}

impl<T: SharedLayout> Records<T> {
    /// Where they lie.
    #[inline(always)]
    pub(crate) fn slots(&self) -> &Slots {
        &self.slots
    }

    /// All else.
    #[inline(always)]
    pub(crate) fn segment(&self) -> &Segment {
        &self.segment
    }

    /// The first record, which is always there, where it is one slot: then it
    /// need not be asked how far its copies are apart.
    ///
    /// # Safety
    ///
    /// [`Slots::are_slots`](crate::segment::slots::Slots::are_slots).
    #[inline(always)]
    pub(crate) unsafe fn first_slot(&self) -> Record<'_, T> {
        let slots = &self.slots;
        // SAFETY:
        // 1. The duty of the caller.
        // 2. `over` asserted that this is the width.
        let words = unsafe { slots.first_of_width(words_for(size_of::<T>())) };
        // SAFETY: `words` were just found with the copies of these slots and
        // the width of a `T`.
        unsafe { Record::new(self, 0, words) }
    }

    /// None past the last row.
    #[inline(always)]
    pub(crate) fn row(&self, row: u64) -> Option<Record<'_, T>> {
        if row >= self.slots.rows() {
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
        let slots = &self.slots;
        // SAFETY:
        // 1. The duty of the caller.
        // 2. `over` asserted that this is the width.
        let words = unsafe { slots.record_of_width(row, words_for(size_of::<T>())) };
        // SAFETY: `words` were just found with the copies of these slots and
        // the width of a `T`.
        unsafe { Record::new(self, row, words) }
    }
}

impl<T> Deref for Records<T> {
    type Target = Segment;

    #[inline(always)]
    fn deref(&self) -> &Segment {
        &self.segment
    }
}
