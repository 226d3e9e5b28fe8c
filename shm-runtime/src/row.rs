//! One record of a table.

use core::ops::Deref;
use std::time::Duration;

use crate::error::{ReadError, WarmError, WriteError};
use crate::field::Field;
use crate::layout::{SharedField, SharedLayout};
use crate::record::{Record, Snapshot};
use crate::records::Records;
use crate::warm::KeepWarm;

/// One record of a table, for reading: a place, not a value.
#[derive(Debug)]
pub struct Row<'a, T> {
    records: &'a Records<T>,
    row: u64,
}

impl<T> Clone for Row<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Row<'_, T> {}

impl<'a, T: SharedLayout> Row<'a, T> {
    #[inline(always)]
    pub(crate) fn new(records: &'a Records<T>, row: u64) -> Self {
        Self { records, row }
    }

    /// Its number, counted from 0.
    #[inline]
    pub fn index(&self) -> u64 {
        self.row
    }

    /// The whole record, as one write left it.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoSuchRow`], [`ReadError::Retired`] or
    /// [`ReadError::Stalled`].
    // Always: a value that is returned by a call is copied once more.
    #[inline(always)]
    pub fn read(&self) -> Result<T, ReadError> {
        self.record()?.read()
    }

    /// Reads the whole record into `to`; returns its version.
    ///
    /// This is the cheapest read: a value that is returned may be copied once
    /// more on its way.
    ///
    /// # Errors
    ///
    /// As [`Row::read`]; `to` then holds some valid record.
    #[inline(always)]
    pub fn read_into(&self, to: &mut T) -> Result<u64, ReadError> {
        self.record()?.read_into(to)
    }

    /// The whole record with its version and the number of retries.
    ///
    /// # Errors
    ///
    /// As [`Row::read`].
    #[inline]
    pub fn snapshot(&self) -> Result<Snapshot<T>, ReadError> {
        self.record()?.snapshot()
    }

    /// One field, as whole as the record.
    ///
    /// Two calls may see two versions. Read the record if the fields must
    /// belong together.
    ///
    /// # Errors
    ///
    /// As [`Row::read`].
    #[inline]
    pub fn get<F: SharedField>(&self, field: Field<T, F>) -> Result<F, ReadError> {
        self.record()?.get(field)
    }

    /// Loads a word of each cache line of the row and discards it.
    ///
    /// A read after a pause waits for memory; a read just after this does not.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoSuchRow`].
    #[inline]
    pub fn warm(&self) -> Result<(), ReadError> {
        match self.records.touch(self.row) {
            true => Ok(()),
            false => Err(self.missing()),
        }
    }

    /// Calls [`Row::warm`] from a thread at this interval, while the result
    /// lives.
    ///
    /// # Errors
    ///
    /// [`WarmError`].
    pub fn keep_warm(&self, every: Duration) -> Result<KeepWarm, WarmError> {
        KeepWarm::start(self.records, self.row, every)
    }

    /// How often the row was written, by all its writers.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoSuchRow`].
    #[inline]
    pub fn version(&self) -> Result<u64, ReadError> {
        Ok(self.record()?.version())
    }

    /// How long ago the row was written. `None` when it never was, or when its
    /// writer leaves [stamps](crate::TableOptions::stamps) out. Exact to a
    /// tick of the kernel, 1 to 10 ms.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoSuchRow`].
    pub fn age(&self) -> Result<Option<Duration>, ReadError> {
        Ok(self.record()?.age())
    }

    #[inline(always)]
    fn record(&self) -> Result<Record<'a, T>, ReadError> {
        match self.records.row(self.row) {
            Some(record) => Ok(record),
            None => Err(self.missing()),
        }
    }

    #[cold]
    #[inline(never)]
    fn missing(&self) -> ReadError {
        ReadError::NoSuchRow {
            path: Box::new(self.records.file().path.clone()),
            row: self.row,
            rows: self.records.rows(),
        }
    }
}

/// One record of a table and the right to write to it.
///
/// It can do everything that a [`Row`] can.
#[derive(Debug)]
pub struct RowWriter<'a, T> {
    row: Row<'a, T>,
}

impl<'a, T: SharedLayout> RowWriter<'a, T> {
    #[inline(always)]
    pub(crate) fn new(records: &'a Records<T>, row: u64) -> Self {
        Self {
            row: Row::new(records, row),
        }
    }

    /// Publishes a record; returns its version.
    ///
    /// # Errors
    ///
    /// [`WriteError::NoSuchRow`]; [`WriteError::Forked`] in a child of the
    /// process that made the writer; [`WriteError::Retired`].
    #[inline(always)]
    pub fn write(&mut self, value: &T) -> Result<u64, WriteError> {
        self.record()?.write(value)
    }

    /// Publishes what `change` makes of the current record; returns its
    /// version. When `change` panics, nothing is published.
    ///
    /// # Errors
    ///
    /// As [`RowWriter::write`].
    #[inline]
    pub fn update(&mut self, change: impl FnOnce(&mut T)) -> Result<u64, WriteError> {
        self.record()?.update(change)
    }

    #[inline(always)]
    fn record(&self) -> Result<Record<'a, T>, WriteError> {
        match self.row.records.row(self.row.row) {
            Some(record) => Ok(record),
            None => Err(self.missing()),
        }
    }

    #[cold]
    #[inline(never)]
    fn missing(&self) -> WriteError {
        WriteError::NoSuchRow {
            path: Box::new(self.row.records.file().path.clone()),
            row: self.row.row,
            rows: self.row.records.rows(),
        }
    }
}

impl<'a, T> Deref for RowWriter<'a, T> {
    type Target = Row<'a, T>;

    fn deref(&self) -> &Row<'a, T> {
        &self.row
    }
}
