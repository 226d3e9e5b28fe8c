//! Numbered records of another program.

use crate::error::ReadError;
use crate::field::Field;
use crate::foreign::error::ForeignError;
use crate::foreign::options::ForeignTableOptions;
use crate::foreign::place::ForeignPlace;
use crate::foreign::records::Records;
use crate::foreign::sync::ForeignSync;
use crate::layout::{SharedField, SharedLayout};

/// Numbered records in memory that another program makes, for reading.
///
/// Each row is guarded by itself, and two rows may come from different moments.
/// The limits are those of a [`ForeignCell`](crate::ForeignCell).
#[derive(Debug)]
pub struct ForeignTable<T> {
    records: Records<T>,
}

impl<T: SharedLayout> ForeignTable<T> {
    pub(crate) fn over(records: Records<T>) -> Self {
        Self { records }
    }

    /// Maps the memory of `rows` records, one right behind the other, for
    /// reading.
    ///
    /// # Errors
    ///
    /// [`ForeignError`].
    pub fn attach(
        place: impl Into<ForeignPlace>,
        sync: ForeignSync<T>,
        rows: u64,
    ) -> Result<Self, ForeignError> {
        Self::options(place, sync, rows).attach()
    }

    /// Options for attaching, where the defaults do not fit.
    pub fn options(
        place: impl Into<ForeignPlace>,
        sync: ForeignSync<T>,
        rows: u64,
    ) -> ForeignTableOptions<T> {
        ForeignTableOptions::new(place.into(), sync, rows)
    }

    /// How many records there are.
    #[inline]
    pub fn rows(&self) -> u64 {
        self.records.rows()
    }

    /// One record, counted from 0. Reading a row past the end is an error.
    #[inline]
    pub fn row(&self, row: u64) -> ForeignRow<'_, T> {
        ForeignRow {
            records: &self.records,
            row,
        }
    }

    /// Every record in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ForeignRow<'_, T>> {
        // A table fits into memory, so its rows fit into a usize.
        (0..self.rows() as usize).map(|row| self.row(row as u64))
    }

    /// Reads every record into `to`, each whole; returns the number of
    /// retries.
    ///
    /// # Errors
    ///
    /// [`ReadError::BufferLength`] when `to` does not have one place for each
    /// row. Else as [`ForeignRow::read`]; the rows before are then already in
    /// `to`.
    pub fn read_all(&self, to: &mut [T]) -> Result<u64, ReadError> {
        if to.len() as u64 != self.rows() {
            return Err(ReadError::BufferLength {
                path: self.records.named(),
                found: to.len() as u64,
                expected: self.rows(),
            });
        }
        let mut retries = 0;
        for (row, to) in (0..).zip(to) {
            retries += u64::from(self.records.read_into(row, to)?);
        }
        Ok(retries)
    }

    /// Every record, each whole.
    ///
    /// # Errors
    ///
    /// As [`ForeignRow::read`].
    pub fn to_vec(&self) -> Result<Vec<T>, ReadError> {
        self.iter().map(|row| row.read()).collect()
    }

    /// Where the memory lies.
    pub fn place(&self) -> &ForeignPlace {
        self.records.place()
    }
}

/// One record of a foreign table: a place, not a value.
#[derive(Debug)]
pub struct ForeignRow<'a, T> {
    records: &'a Records<T>,
    row: u64,
}

impl<T> Clone for ForeignRow<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ForeignRow<'_, T> {}

impl<T: SharedLayout> ForeignRow<'_, T> {
    /// Its number, counted from 0.
    #[inline]
    pub fn index(&self) -> u64 {
        self.row
    }

    /// The whole record; with [`ForeignSync::none`] it may be torn.
    ///
    /// # Errors
    ///
    /// [`ReadError::NoSuchRow`], [`ReadError::MidWrite`],
    /// [`ReadError::Lapped`] or [`ReadError::NotValid`].
    #[inline]
    pub fn read(&self) -> Result<T, ReadError> {
        self.records.read(self.row)
    }

    /// Reads the whole record into `to`; returns the number of retries.
    ///
    /// # Errors
    ///
    /// As [`ForeignRow::read`]; `to` then holds some valid record.
    #[inline]
    pub fn read_into(&self, to: &mut T) -> Result<u32, ReadError> {
        self.records.read_into(self.row, to)
    }

    /// One field, as whole as the record.
    ///
    /// # Errors
    ///
    /// As [`ForeignRow::read`].
    #[inline]
    pub fn get<F: SharedField>(&self, field: Field<T, F>) -> Result<F, ReadError> {
        self.records.get(self.row, field)
    }
}
