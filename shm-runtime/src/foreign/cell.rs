//! One record of another program.

use crate::error::ReadError;
use crate::field::Field;
use crate::foreign::error::ForeignError;
use crate::foreign::options::ForeignCellOptions;
use crate::foreign::place::ForeignPlace;
use crate::foreign::records::Records;
use crate::foreign::sync::ForeignSync;
use crate::layout::{SharedField, SharedLayout};

/// One record in memory that another program makes, for reading.
///
/// What a [`Cell`](crate::Cell) knows from its header is missing: there is no
/// version and no age, and nobody can tell whether the program still runs.
///
/// # Limits
///
/// The caller promises that the bytes are laid out as `T`; only the size is
/// checked. There is one copy of the record, so a read waits for the writer,
/// a third of a second at most.
#[derive(Debug)]
pub struct ForeignCell<T> {
    records: Records<T>,
}

impl<T: SharedLayout> ForeignCell<T> {
    pub(crate) fn over(records: Records<T>) -> Self {
        Self { records }
    }

    /// Maps the memory for reading.
    ///
    /// # Errors
    ///
    /// [`ForeignError`].
    pub fn attach(
        place: impl Into<ForeignPlace>,
        sync: ForeignSync<T>,
    ) -> Result<Self, ForeignError> {
        Self::options(place, sync).attach()
    }

    /// Options for attaching, where the defaults do not fit.
    pub fn options(place: impl Into<ForeignPlace>, sync: ForeignSync<T>) -> ForeignCellOptions<T> {
        ForeignCellOptions::new(place.into(), sync)
    }

    /// The whole record; with [`ForeignSync::none`] it may be torn.
    ///
    /// # Errors
    ///
    /// [`ReadError::MidWrite`], [`ReadError::Lapped`] or
    /// [`ReadError::NotValid`].
    #[inline]
    pub fn read(&self) -> Result<T, ReadError> {
        self.records.read(0)
    }

    /// Reads the whole record into `to`; returns the number of retries.
    ///
    /// # Errors
    ///
    /// As [`ForeignCell::read`]; `to` then holds some valid record.
    #[inline]
    pub fn read_into(&self, to: &mut T) -> Result<u32, ReadError> {
        self.records.read_into(0, to)
    }

    /// One field, as whole as the record.
    ///
    /// Two calls may see two writes. Read the record if the fields must belong
    /// together.
    ///
    /// # Errors
    ///
    /// As [`ForeignCell::read`].
    #[inline]
    pub fn get<F: SharedField>(&self, field: Field<T, F>) -> Result<F, ReadError> {
        self.records.get(0, field)
    }

    /// Where the memory lies.
    pub fn place(&self) -> &ForeignPlace {
        self.records.place()
    }
}
