//! One shared record.

#![allow(unsafe_code)]

use core::ops::Deref;
use std::time::Duration;

use crate::error::{AttachError, CreateError, ReadError, UnlinkError, WarmError, WriteError};
use crate::field::Field;
use crate::layout::SharedField;
use crate::layout::SharedLayout;
use crate::options::CellOptions;
use crate::place::Place;
use crate::record::{Record, Snapshot};
use crate::records::Records;
use crate::segment::Segment;
use crate::segment::info::SegmentInfo;
use crate::segment::unlink;
use crate::segment_header::SegmentKind;
use crate::warm::KeepWarm;

/// A segment of one record, for reading.
///
/// Any number of processes and threads may read at once. They wait neither for
/// each other nor for the writer.
#[derive(Debug)]
pub struct Cell<T> {
    /// One, and that is a slot.
    records: Records<T>,
}

impl<T: SharedLayout> Cell<T> {
    pub(crate) const KIND: SegmentKind = SegmentKind::Cell;

    /// # Panics
    ///
    /// When the record is no slot, as that of every cell is.
    pub(crate) fn over(segment: Segment) -> Self {
        assert!(segment.slots().are_slots());
        Self {
            records: Records::over(segment),
        }
    }

    /// Creates the segment and becomes its writer.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; nothing is left behind.
    pub fn create(place: impl Into<Place>) -> Result<CellWriter<T>, CreateError> {
        Self::options(place).create()
    }

    /// Attaches to the segment of a writer.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is unchanged.
    pub fn attach(place: impl Into<Place>) -> Result<Self, AttachError> {
        Self::options(place).attach()
    }

    /// Options for creating or attaching, where the defaults do not fit.
    pub fn options(place: impl Into<Place>) -> CellOptions<T> {
        CellOptions::new(place.into())
    }

    /// The whole record, as one write left it.
    ///
    /// # Errors
    ///
    /// [`ReadError::Retired`] or [`ReadError::Stalled`].
    // Always: a value that is returned by a call is copied once more.
    #[inline(always)]
    pub fn read(&self) -> Result<T, ReadError> {
        self.record().read()
    }

    /// Reads the whole record into `to`; returns its version.
    ///
    /// This is the cheapest read: a value that is returned may be copied once
    /// more on its way.
    ///
    /// # Errors
    ///
    /// As [`Cell::read`]; `to` then holds some valid record.
    #[inline(always)]
    pub fn read_into(&self, to: &mut T) -> Result<u64, ReadError> {
        self.record().read_into(to)
    }

    /// The whole record with its version and the number of retries.
    ///
    /// # Errors
    ///
    /// As [`Cell::read`].
    #[inline]
    pub fn snapshot(&self) -> Result<Snapshot<T>, ReadError> {
        self.record().snapshot()
    }

    /// One field, as whole as the record.
    ///
    /// Two calls may see two versions. Read the record if the fields must
    /// belong together.
    ///
    /// # Errors
    ///
    /// As [`Cell::read`].
    #[inline]
    pub fn get<F: SharedField>(&self, field: Field<T, F>) -> Result<F, ReadError> {
        self.record().get(field)
    }

    /// Loads a word of each cache line of the record and discards it.
    ///
    /// A read after a pause waits for memory; a read just after this does not.
    #[inline]
    pub fn warm(&self) {
        self.records.touch(0);
    }

    /// Calls [`Cell::warm`] from a thread at this interval, while the result
    /// lives.
    ///
    /// # Errors
    ///
    /// [`WarmError::NoThread`].
    pub fn keep_warm(&self, every: Duration) -> Result<KeepWarm, WarmError> {
        KeepWarm::start(&self.records, 0, every)
    }

    /// How often the record was written, by all its writers. A program that
    /// polls can compare versions before it reads.
    #[inline]
    pub fn version(&self) -> u64 {
        self.record().version()
    }

    /// How long ago the record was written. `None` when it never was, or when
    /// its writer leaves [stamps](CellOptions::stamps) out.
    ///
    /// # Limits
    ///
    /// Exact to a tick of the kernel, 1 to 10 ms. Time during which the
    /// machine sleeps does not count.
    pub fn age(&self) -> Option<Duration> {
        self.record().age()
    }

    /// Whether the segment's writer knows a field. A field that an older
    /// version does not know reads as its sentinel, or as zeros.
    pub fn has<F>(&self, field: Field<T, F>) -> bool {
        self.records.has(field)
    }

    /// Whether a process holds the segment's writer lock at this moment.
    pub fn writer_alive(&self) -> bool {
        self.records.has_writer()
    }

    /// Whether the segment was unlinked or replaced.
    pub fn is_retired(&self) -> bool {
        self.records.is_retired()
    }

    /// Whether the segment's file still has a name. It has none once it was
    /// unlinked, replaced or removed by `rm`, and reads do not notice an `rm`.
    ///
    /// Makes one system call, `fstat`, and takes no lock. Call it when you
    /// have seen no new version for some time.
    pub fn is_linked(&self) -> bool {
        self.records.is_linked()
    }

    /// What the segment says about itself.
    pub fn info(&self) -> SegmentInfo<'_> {
        SegmentInfo::of(&self.records)
    }

    #[inline(always)]
    fn record(&self) -> Record<'_, T> {
        // SAFETY: so `over` asserted.
        unsafe { self.records.first_slot() }
    }
}

/// A segment of one record and the right to write to it.
///
/// It can do everything that a [`Cell`] can. When it is dropped, the segment
/// and its value stay in place, for readers and for the next writer.
#[derive(Debug)]
pub struct CellWriter<T> {
    cell: Cell<T>,
}

impl<T: SharedLayout> CellWriter<T> {
    pub(crate) fn over(segment: Segment) -> Self {
        Self {
            cell: Cell::over(segment),
        }
    }

    /// Publishes a record; returns its version.
    ///
    /// # Errors
    ///
    /// [`WriteError::Forked`] in a child of the process that made the writer;
    /// [`WriteError::Retired`].
    #[inline(always)]
    pub fn write(&mut self, value: &T) -> Result<u64, WriteError> {
        self.cell.record().write(value)
    }

    /// Publishes what `change` makes of the current record; returns its
    /// version. When `change` panics, nothing is published.
    ///
    /// # Errors
    ///
    /// As [`CellWriter::write`].
    #[inline]
    pub fn update(&mut self, change: impl FnOnce(&mut T)) -> Result<u64, WriteError> {
        self.cell.record().update(change)
    }

    /// Removes the segment; its readers get [`ReadError::Retired`].
    ///
    /// # Errors
    ///
    /// [`UnlinkError`].
    pub fn unlink(self) -> Result<(), UnlinkError> {
        unlink::by_owner(&self.cell.records)
    }
}

impl<T> Deref for CellWriter<T> {
    type Target = Cell<T>;

    fn deref(&self) -> &Cell<T> {
        &self.cell
    }
}
