//! Records of another layout, read by a program that cannot take them as they
//! lie.
//!
//! The way to a record is made for programs whose layout is the segment's, and
//! has no branch for this. So it is led to a slot that is retired from the
//! start: every first try fails there, and what follows a failed try comes
//! here.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use std::io;

use crate::copy::LoadInto;
use crate::latch::{self, Latch, RETIRED, Unread, Whole};
use crate::segment::map::Map;
use crate::segment::slots::Slots;
use crate::segment::view::View;
use crate::sync::{Ordering, WORD};

/// Records of another layout.
#[derive(Debug)]
pub(crate) struct Translated {
    pub(crate) view: View,
    /// Where the records really are.
    pub(crate) slots: Slots,
    /// The slot that is retired.
    _blind: Map,
}

impl Translated {
    /// Of the records in `slots`; and the slots that lead here a program whose
    /// records have `words` words.
    ///
    /// # Safety
    ///
    /// 1. `slots` are those of a map that lives as long as this.
    /// 2. The second part of what is returned is used no longer than the first.
    pub(crate) unsafe fn new(slots: Slots, view: View, words: usize) -> io::Result<(Self, Slots)> {
        let size = latch::words(words, Slots::DECOYS).checked_mul(WORD);
        let size = size.ok_or(io::ErrorKind::OutOfMemory)?;
        let blind = Map::blank(size)?;
        blind.words()[0].store(RETIRED, Ordering::Relaxed);
        // SAFETY: the map becomes a part of what is returned, and the slots
        // are used no longer than that.
        let decoy = unsafe { Slots::decoy(&blind, words, slots.rows()) };
        let made = Self {
            view,
            slots,
            _blind: blind,
        };
        Ok((made, decoy))
    }

    /// Fills `to` with what this program sees of a record from byte `offset`
    /// on.
    pub(crate) fn read(
        &self,
        row: u64,
        offset: usize,
        to: &mut [MaybeUninit<u8>],
    ) -> Result<Whole, Unread> {
        let Some(latch) = self.latch(row) else {
            return Err(Unread::Retired);
        };
        let copied = self.view.copied(offset, to.len());
        let part = LoadInto {
            // Nothing is copied from behind the end, and that it is there is
            // asserted even so.
            offset: if copied == 0 { 0 } else { offset },
            to: &mut to[..copied],
        };
        let whole = latch.read(part)?;
        self.view.complete(offset, to);
        Ok(whole)
    }

    /// How often a record was written.
    pub(crate) fn version(&self, row: u64) -> u64 {
        self.latch(row).map_or(0, |latch| latch.version())
    }

    /// What its last writer stamped it with.
    pub(crate) fn stamp(&self, row: u64) -> u64 {
        self.latch(row).map_or(0, |latch| latch.stamp())
    }

    fn latch(&self, row: u64) -> Option<Latch<'_>> {
        let (width, copies) = (self.slots.width(), self.slots.copies());
        let words = self.slots.record(row)?;
        Some(Latch::new(words, width, copies))
    }
}
