//! Numbered shared records of one type.

pub(crate) mod ahead;

use core::ops::Deref;

use crate::copy::{self, Stream};
use crate::error::{AttachError, CreateError, ReadError, UnlinkError};
use crate::field::Field;
use crate::layout::{SharedField, SharedLayout};
use crate::options::TableOptions;
use crate::place::Place;
use crate::record::Record;
use crate::records::Records;
use crate::row::{Row, RowWriter};
use crate::segment::Segment;
use crate::segment::info::SegmentInfo;
use crate::segment::unlink;
use crate::segment_header::SegmentKind;
use crate::table::ahead::{Ahead, FAR, STREAMED};

/// A segment of numbered records, for reading.
///
/// Each row is a record of its own: it is read and written whole, and two
/// rows may come from different moments. `K` is the type of the field that
/// finds a row, `()` where there is none.
#[derive(Debug)]
pub struct Table<T, K = ()> {
    records: Records<T>,
    key: Option<Field<T, K>>,
}

impl<T: SharedLayout> Table<T> {
    /// Creates a segment of `rows` records and becomes its writer.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; nothing is left behind.
    pub fn create(place: impl Into<Place>, rows: u64) -> Result<TableWriter<T>, CreateError> {
        Self::options(place).rows(rows).create()
    }

    /// Attaches to the segment of a writer, which knows its number of rows.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is unchanged.
    pub fn attach(place: impl Into<Place>) -> Result<Self, AttachError> {
        Self::options(place).attach()
    }

    /// Options for creating or attaching, where the defaults do not fit.
    pub fn options(place: impl Into<Place>) -> TableOptions<T> {
        TableOptions::new(place.into())
    }
}

impl<T: SharedLayout, K> Table<T, K> {
    pub(crate) const KIND: SegmentKind = SegmentKind::Table;

    pub(crate) fn over(segment: Segment, key: Option<Field<T, K>>) -> Self {
        Self {
            records: Records::over(segment),
            key,
        }
    }

    /// How many records there are.
    #[inline]
    pub fn rows(&self) -> u64 {
        self.records.rows()
    }

    /// One record, counted from 0. Reading a row past the end is an error.
    #[inline]
    pub fn row(&self, row: u64) -> Row<'_, T> {
        Row::new(&self.records, row)
    }

    /// Every record in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_, T>> {
        // A table fits into memory, so its rows fit into a usize.
        (0..self.rows() as usize).map(|row| self.row(row as u64))
    }

    /// Reads every record into `to`, each whole; returns the number of
    /// retries.
    ///
    /// # Errors
    ///
    /// [`ReadError::BufferLength`] when `to` does not have one place for each
    /// row. [`ReadError::Retired`] or [`ReadError::Stalled`]; the rows before
    /// are then already in `to`.
    pub fn read_all(&self, to: &mut [T]) -> Result<u64, ReadError> {
        if to.len() as u64 != self.rows() {
            return Err(ReadError::BufferLength {
                path: Box::new(self.records.file().path.clone()),
                found: to.len() as u64,
                expected: self.rows(),
            });
        }
        let size = size_of_val(to);
        if size < FAR {
            return self.each_into(to, |_| (), |record, to| record.next_into::<false>(to));
        }
        // Values that have to be made valid are looked at at once, so they
        // belong into the caches.
        let streams = size >= STREAMED && T::ANY_BYTES && Stream::fits(to);
        let retries = match (self.records.slots().are_slots(), streams) {
            (true, false) => self.far_into::<true, false>(to),
            (true, true) => self.far_into::<true, true>(to),
            (false, false) => self.far_into::<false, false>(to),
            (false, true) => self.far_into::<false, true>(to),
        };
        if streams {
            copy::end_streams();
        }
        retries
    }

    /// Reads every record of a table that no cache near this core holds.
    #[inline(always)]
    fn far_into<const SLOTS: bool, const STREAMS: bool>(
        &self,
        to: &mut [T],
    ) -> Result<u64, ReadError> {
        let mut ahead = Ahead::over(&self.records);
        self.each_into(
            to,
            |record| match SLOTS {
                true => ahead.of_slot(record.row(), &record.latch()),
                false => ahead.of_arrays(record.row(), &record.latch()),
            },
            |record, to| record.next_into::<STREAMS>(to),
        )
    }

    /// Reads every record by `read`, after `prepare`; returns the sum of what
    /// `read` returns.
    #[inline(always)]
    fn each_into(
        &self,
        to: &mut [T],
        mut prepare: impl FnMut(&Record<'_, T>),
        read: impl Fn(Record<'_, T>, &mut T) -> Result<u32, ReadError>,
    ) -> Result<u64, ReadError> {
        let mut retries = 0;
        for (row, to) in (0..).zip(to) {
            if let Some(record) = self.records.row(row) {
                prepare(&record);
                retries += u64::from(read(record, to)?);
            }
        }
        Ok(retries)
    }

    /// Every record, each whole.
    ///
    /// # Errors
    ///
    /// [`ReadError::Retired`] or [`ReadError::Stalled`].
    pub fn to_vec(&self) -> Result<Vec<T>, ReadError> {
        self.iter().map(|row| row.read()).collect()
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
}

impl<T: SharedLayout, K: SharedField + PartialEq> Table<T, K> {
    /// The first row whose key is `key` at this moment, or `None`. Rows that
    /// were never written are not found.
    ///
    /// This is a linear search, a few nanoseconds a row. Keep the row's
    /// [`index`](Row::index) where keys do not move.
    ///
    /// # Errors
    ///
    /// [`ReadError::Retired`] or [`ReadError::Stalled`].
    pub fn by_key(&self, key: &K) -> Result<Option<Row<'_, T>>, ReadError> {
        let Some(field) = self.key else {
            return Ok(None);
        };
        for row in self.iter() {
            // The version first: a row that is written in between is found
            // or not, but never by the zeros that stood there before.
            if row.version()? > 0 && row.get(field)? == *key {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// A segment of numbered records and the right to write to them.
///
/// It can do everything that a [`Table`] can. When it is dropped, the segment
/// and its values stay in place, for readers and for the next writer.
#[derive(Debug)]
pub struct TableWriter<T, K = ()> {
    table: Table<T, K>,
}

impl<T: SharedLayout, K> TableWriter<T, K> {
    pub(crate) fn over(segment: Segment, key: Option<Field<T, K>>) -> Self {
        Self {
            table: Table::over(segment, key),
        }
    }

    /// One record to write to, counted from 0. Writing a row past the end is
    /// an error.
    #[inline]
    pub fn row_mut(&mut self, row: u64) -> RowWriter<'_, T> {
        RowWriter::new(&self.table.records, row)
    }

    /// Removes the segment; its readers get [`ReadError::Retired`].
    ///
    /// # Errors
    ///
    /// [`UnlinkError`].
    pub fn unlink(self) -> Result<(), UnlinkError> {
        unlink::by_owner(&self.table.records)
    }
}

impl<T: SharedLayout, K: SharedField + PartialEq> TableWriter<T, K> {
    /// As [`Table::by_key`], but to write to.
    ///
    /// # Errors
    ///
    /// As [`Table::by_key`].
    pub fn by_key_mut(&mut self, key: &K) -> Result<Option<RowWriter<'_, T>>, ReadError> {
        let found = self.table.by_key(key)?.map(|row| row.index());
        Ok(found.map(|row| self.row_mut(row)))
    }
}

impl<T, K> Deref for TableWriter<T, K> {
    type Target = Table<T, K>;

    fn deref(&self) -> &Table<T, K> {
        &self.table
    }
}
