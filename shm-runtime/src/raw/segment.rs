//! A mapped segment of records of any type.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use std::fs::File;
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::copy::{self, LoadRow, Stream, words_for};
use crate::error::OpenError;
use crate::latch::Latch;
use crate::raw::slot::{Slot, Unread};
use crate::segment;
use crate::segment::file::SegmentFile;
use crate::segment::slots::Slots;
use crate::table::ahead::{Ahead, FAR, Many, STREAMED};

/// A mapped segment of records of any type.
#[derive(Debug)]
pub struct Segment {
    segment: segment::Segment,
}

/// Why an open file was not mapped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MapError {
    /// The file is no segment that this crate can use.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The system refused the mapping.
    #[error("cannot map `{path}`: {source}", path = path.display())]
    Map {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Segment {
    /// Maps the segment in `file`, found at `path`, for reading.
    ///
    /// # Errors
    ///
    /// [`MapError`]: the header is checked here, whoever else did so before.
    pub fn reader(file: File, path: PathBuf) -> Result<Self, MapError> {
        Self::map(file, path, segment::Segment::reader)
    }

    /// Maps it for writing too. The caller holds the writer lock, through
    /// another open file than this one, and lets nobody write who does not.
    ///
    /// # Errors
    ///
    /// As [`Segment::reader`].
    pub fn writer(file: File, path: PathBuf) -> Result<Self, MapError> {
        Self::map(file, path, segment::Segment::writer)
    }

    fn map(
        file: File,
        path: PathBuf,
        make: impl FnOnce(SegmentFile, segment::head::Head) -> io::Result<segment::Segment>,
    ) -> Result<Self, MapError> {
        let file = SegmentFile {
            file,
            path: path.clone(),
        };
        let head = file.head()?;
        match make(file, head) {
            Ok(segment) => Ok(Self { segment }),
            Err(source) => Err(MapError::Map { path, source }),
        }
    }

    /// Maps every page now and not at its first touch.
    pub fn prefault(&self) {
        self.segment.prefault();
    }

    /// Bytes of one record.
    pub fn record_size(&self) -> usize {
        // A record is a part of a file that was mapped, so it fits.
        self.segment.head().geometry.record_size as usize
    }

    /// How many records there are; 1 in a cell.
    pub fn rows(&self) -> u64 {
        self.segment.rows()
    }

    /// One record's place; none past the last row.
    #[inline]
    pub fn slot(&self, row: u64) -> Option<Slot<'_>> {
        let words = self.segment.record(row)?;
        let slots = self.segment.slots();
        Some(Slot::new(
            words,
            slots.width(),
            slots.copies(),
            slots.home(),
        ))
    }

    /// Copies every record to `to`, each whole, one behind the other; returns
    /// how many tries met a writer and were thrown away.
    ///
    /// # Errors
    ///
    /// The first row that was not read, and why; the rows before it are in
    /// `to`.
    ///
    /// # Panics
    ///
    /// When `to` has not just the room for all records.
    pub fn read_rows(&self, to: &mut [MaybeUninit<u8>]) -> Result<u64, (u64, Unread)> {
        let size = self.record_size();
        let whole = (self.rows() as usize).checked_mul(size);
        assert_eq!(Some(to.len()), whole, "room for each record and no more");
        if to.len() >= FAR {
            return self.read_far(size, to);
        }
        // A length that the compiler knows makes a row's copy a few vectors
        // without a branch, so the sizes that tables mostly have get code of
        // their own.
        match size {
            8 => self.read_rows_of::<8>(to),
            16 => self.read_rows_of::<16>(to),
            24 => self.read_rows_of::<24>(to),
            32 => self.read_rows_of::<32>(to),
            48 => self.read_rows_of::<48>(to),
            64 => self.read_rows_of::<64>(to),
            96 => self.read_rows_of::<96>(to),
            128 => self.read_rows_of::<128>(to),
            256 => self.read_rows_of::<256>(to),
            512 => self.read_rows_of::<512>(to),
            _ => self.read_each::<false>(size, to.chunks_exact_mut(size), |_, _| ()),
        }
    }

    #[inline(never)]
    fn read_rows_of<const SIZE: usize>(
        &self,
        to: &mut [MaybeUninit<u8>],
    ) -> Result<u64, (u64, Unread)> {
        let (rows, _) = to.as_chunks_mut::<SIZE>();
        self.read_each::<false>(SIZE, rows.iter_mut().map(|row| &mut row[..]), |_, _| ())
    }

    /// The records of a table that no cache near this core holds.
    #[cold]
    #[inline(never)]
    fn read_far(&self, size: usize, to: &mut [MaybeUninit<u8>]) -> Result<u64, (u64, Unread)> {
        let (sixteens, _) = to.as_chunks::<16>();
        let streams = to.len() >= STREAMED && size.is_multiple_of(16) && Stream::fits(sixteens);
        let retries = match (self.segment.slots().are_slots(), streams) {
            (true, false) => self.read_far_of::<true, false>(size, to),
            (true, true) => self.read_far_of::<true, true>(size, to),
            (false, false) => self.read_far_of::<false, false>(size, to),
            (false, true) => self.read_far_of::<false, true>(size, to),
        };
        if streams {
            copy::end_streams();
        }
        retries
    }

    #[inline(always)]
    fn read_far_of<const SLOTS: bool, const STREAMS: bool>(
        &self,
        size: usize,
        to: &mut [MaybeUninit<u8>],
    ) -> Result<u64, (u64, Unread)> {
        let rows = Rows::of(&self.segment, size);
        let mut ahead = Ahead::over(rows);
        let to = to.chunks_exact_mut(size);
        self.read_each::<STREAMS>(size, to, |row, latch| match SLOTS {
            true => ahead.of_slot(row, latch),
            false => ahead.of_arrays(row, latch),
        })
    }

    /// Reads every record, after `prepare`, to a place of its own: one that
    /// `STREAMS` past the caches.
    #[inline(always)]
    fn read_each<'t, const STREAMS: bool>(
        &self,
        size: usize,
        to: impl Iterator<Item = &'t mut [MaybeUninit<u8>]>,
        mut prepare: impl FnMut(u64, &Latch<'_>),
    ) -> Result<u64, (u64, Unread)> {
        let rows = Rows::of(&self.segment, size);
        let mut retries = 0;
        for (row, to) in (0..rows.slots.rows()).zip(to) {
            // SAFETY: `row` is below `rows`.
            let latch = unsafe { rows.at(row) };
            prepare(row, &latch);
            let read = match STREAMS {
                true => latch.try_read(&mut Stream(to)),
                false => latch.try_read(&mut LoadRow(to)),
            };
            if read.is_err() {
                retries += self.read_again(row, to)?;
            }
        }
        Ok(retries)
    }

    /// A row whose first try met a writer, or the end.
    #[cold]
    #[inline(never)]
    fn read_again(&self, row: u64, to: &mut [MaybeUninit<u8>]) -> Result<u64, (u64, Unread)> {
        let Some(slot) = self.slot(row) else {
            return Ok(0);
        };
        match slot.read(0, to) {
            Ok(again) => Ok(u64::from(again) + 1),
            Err(unread) => Err((row, unread)),
        }
    }
}

/// The records of a segment, each of so many bytes.
struct Rows<'a> {
    slots: &'a Slots,
    size: usize,
}

impl<'a> Rows<'a> {
    #[inline(always)]
    fn of(segment: &'a segment::Segment, size: usize) -> Self {
        let slots = segment.slots();
        assert_eq!(slots.width(), words_for(size), "slots of such records");
        Self { slots, size }
    }

    /// # Safety
    ///
    /// `row` is below the number of rows.
    #[inline(always)]
    unsafe fn at(&self, row: u64) -> Latch<'a> {
        let width = words_for(self.size);
        // SAFETY: the duty of the caller, and the width is as `of` asserted.
        let words = unsafe { self.slots.record_of_width(row, width) };
        // SAFETY: they were just found with the copies of these slots.
        unsafe { Latch::new_unchecked(words, width, self.slots.copies()) }
    }
}

impl Many for Rows<'_> {
    #[inline(always)]
    fn slots(&self) -> &Slots {
        self.slots
    }

    #[inline(always)]
    fn size(&self) -> usize {
        self.size
    }

    #[inline(always)]
    fn latch(&self, row: u64) -> Option<Latch<'_>> {
        if row >= self.slots.rows() {
            return None;
        }
        // SAFETY: so it was compared.
        Some(unsafe { self.at(row) })
    }
}
