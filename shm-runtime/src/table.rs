//! Numbered shared records of one type.

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

/// How many rows ahead of the one that it copies a read of many rows fetches:
/// about as many as memory brings while it waits for the first. Heads are
/// fetched twice as far ahead, as they tell which copy to fetch.
const AHEAD: u64 = 32;

/// Bytes of records in arrays from which on they are fetched ahead: of slots
/// the processor finds the next ones by itself.
const FETCHED: usize = 512 << 10;

/// Bytes of records from which on they are copied past the caches: more than
/// a core's share of them.
const STREAMED: usize = 16 << 20;

/// A segment of numbered records, for reading.
///
/// Each row is a record of its own: it is read and written whole, and two
/// rows may be of different moments. `K` is the type of the field that finds
/// a row, `()` where there is none.
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
    /// [`CreateError`], with nothing left behind.
    pub fn create(place: impl Into<Place>, rows: u64) -> Result<TableWriter<T>, CreateError> {
        Self::options(place).rows(rows).create()
    }

    /// Attaches to the segment of a writer; it knows how many rows there are.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is as it was.
    pub fn attach(place: impl Into<Place>) -> Result<Self, AttachError> {
        Self::options(place).attach()
    }

    /// How to create or attach, where the defaults will not do.
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

    /// One record, counted from 0. A row that is not there is an error when
    /// it is read.
    #[inline]
    pub fn row(&self, row: u64) -> Row<'_, T> {
        Row::new(&self.records, row)
    }

    /// Every record in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_, T>> {
        // A table fits into memory, so its rows fit into a usize.
        (0..self.rows() as usize).map(|row| self.row(row as u64))
    }

    /// Reads every record into `to`, each whole; returns how many tries met
    /// a writer and were thrown away.
    ///
    /// # Errors
    ///
    /// [`ReadError::BufferLength`] when `to` has not one place for each row;
    /// [`ReadError::Retired`] or [`ReadError::Stalled`], with the rows before
    /// already in `to`.
    pub fn read_all(&self, to: &mut [T]) -> Result<u64, ReadError> {
        if to.len() as u64 != self.rows() {
            return Err(ReadError::BufferLength {
                path: Box::new(self.records.file().path.clone()),
                found: to.len() as u64,
                expected: self.rows(),
            });
        }
        let size = size_of_val(to);
        let slots = |row| self.ahead(row + AHEAD, Record::fetch_all);
        // Of a record in arrays only the copy that is published: its head is
        // fetched before, with those of others on its line.
        let arrays = |row| {
            self.ahead(row + 2 * AHEAD, Record::fetch_head);
            self.ahead(row + AHEAD, Record::fetch_published);
        };
        let in_slots = self.records.slots().are_slots();
        // Values that have to be made valid are looked at at once, so they
        // belong into the caches.
        if size >= STREAMED && T::ANY_BYTES && Stream::fits(to) {
            let retries = match in_slots {
                true => self.each_into(to, slots, |record, to| record.stream_into(to)),
                false => self.each_into(to, arrays, |record, to| record.stream_into(to)),
            };
            copy::end_streams();
            return retries;
        }
        if size >= FETCHED && !in_slots {
            return self.each_into(to, arrays, |record, to| record.next_into(to));
        }
        self.each_into(to, |_| (), |record, to| record.next_into(to))
    }

    /// Has a record that may not be there fetched.
    #[inline(always)]
    fn ahead<'s>(&'s self, row: u64, fetch: impl FnOnce(&Record<'s, T>)) {
        if let Some(record) = self.records.row(row) {
            fetch(&record);
        }
    }

    /// Reads every record by `read`, `fetch`ing others ahead; returns the sum
    /// of what `read` returns.
    #[inline(always)]
    fn each_into(
        &self,
        to: &mut [T],
        fetch: impl Fn(u64),
        read: impl Fn(Record<'_, T>, &mut T) -> Result<u32, ReadError>,
    ) -> Result<u64, ReadError> {
        let mut retries = 0;
        for (row, to) in (0..).zip(to) {
            fetch(row);
            if let Some(record) = self.records.row(row) {
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

    /// Whether the segment's writer knows a field. One that it does not know,
    /// because it is of an older version, reads as its sentinel, or as zeros.
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

    /// Whether the segment's file has a name still; not so once it was
    /// unlinked, replaced or removed by `rm`, which no read notices.
    ///
    /// A system call, `fstat`, which takes no lock: for who has seen no new
    /// version for some time.
    pub fn is_linked(&self) -> bool {
        self.records.is_linked()
    }

    /// What the segment says of itself.
    pub fn info(&self) -> SegmentInfo<'_> {
        SegmentInfo::of(&self.records)
    }
}

impl<T: SharedLayout, K: SharedField + PartialEq> Table<T, K> {
    /// The first row whose key is `key` at this moment; none when there is
    /// none. Rows that were never written are not found.
    ///
    /// Looks at one row after the other, a few nanoseconds each: keep the
    /// row's [`index`](Row::index) where keys do not move.
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
/// Everything a [`Table`] can do, it can. Dropped, it leaves the segment and
/// its values in place, for readers and for the next writer.
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

    /// One record to write to, counted from 0. A row that is not there is an
    /// error when it is written.
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
    /// [`Table::by_key`], to write to.
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
