//! Foreign segments that a schema names, as constants.

use std::path::Path;

use crate::foreign::cell::ForeignCell;
use crate::foreign::error::ForeignError;
use crate::foreign::options::{ForeignCellOptions, ForeignTableOptions};
use crate::foreign::place::{ForeignPlace, SysVKey};
use crate::foreign::sync::ForeignSync;
use crate::foreign::table::ForeignTable;
use crate::layout::SharedLayout;

/// [`ForeignPlace`] as a constant can hold it.
#[derive(Clone, Copy, Debug)]
enum Place {
    File(&'static str),
    SysV(SysVKey),
}

impl Place {
    fn named(self) -> ForeignPlace {
        match self {
            Self::File(path) => Path::new(path).into(),
            Self::SysV(key) => key.into(),
        }
    }
}

/// A foreign cell that a schema names: `clock::NTP0.attach()?`.
#[derive(Debug)]
pub struct ForeignCellSpec<T> {
    place: Place,
    sync: ForeignSync<T>,
    at: u64,
}

/// A foreign table that a schema names: `race::CARS.attach()?`.
#[derive(Debug)]
pub struct ForeignTableSpec<T> {
    place: Place,
    sync: ForeignSync<T>,
    at: u64,
    rows: u64,
    stride: u64,
}

impl<T: SharedLayout> ForeignCellSpec<T> {
    /// A segment in the file of this path.
    pub const fn file(path: &'static str, sync: ForeignSync<T>) -> Self {
        Self {
            place: Place::File(path),
            sync,
            at: 0,
        }
    }

    /// A segment in the System V segment of this key.
    pub const fn sysv(key: u32, sync: ForeignSync<T>) -> Self {
        Self {
            place: Place::SysV(SysVKey(key)),
            sync,
            at: 0,
        }
    }

    /// The byte that the record begins at.
    #[must_use]
    pub const fn at(mut self, at: u64) -> Self {
        self.at = at;
        self
    }

    /// Where it lies, by the schema.
    pub fn place(&self) -> ForeignPlace {
        self.place.named()
    }

    /// Maps the memory for reading.
    ///
    /// # Errors
    ///
    /// [`ForeignError`].
    pub fn attach(&self) -> Result<ForeignCell<T>, ForeignError> {
        self.options().attach()
    }

    /// Options for attaching, where the defaults do not fit.
    pub fn options(&self) -> ForeignCellOptions<T> {
        self.options_at(self.place())
    }

    /// The same options at another place than [`ForeignCellSpec::place`].
    pub fn options_at(&self, place: impl Into<ForeignPlace>) -> ForeignCellOptions<T> {
        ForeignCellOptions::new(place.into(), self.sync).at(self.at)
    }
}

impl<T: SharedLayout> ForeignTableSpec<T> {
    /// A segment in the file of this path.
    pub const fn file(path: &'static str, sync: ForeignSync<T>, rows: u64) -> Self {
        Self::new(Place::File(path), sync, rows)
    }

    /// A segment in the System V segment of this key.
    pub const fn sysv(key: u32, sync: ForeignSync<T>, rows: u64) -> Self {
        Self::new(Place::SysV(SysVKey(key)), sync, rows)
    }

    const fn new(place: Place, sync: ForeignSync<T>, rows: u64) -> Self {
        Self {
            place,
            sync,
            at: 0,
            rows,
            stride: size_of::<T>() as u64,
        }
    }

    /// The byte that the first record begins at.
    #[must_use]
    pub const fn at(mut self, at: u64) -> Self {
        self.at = at;
        self
    }

    /// Bytes from one record to the next.
    #[must_use]
    pub const fn stride(mut self, stride: u64) -> Self {
        self.stride = stride;
        self
    }

    /// Where it lies, by the schema.
    pub fn place(&self) -> ForeignPlace {
        self.place.named()
    }

    /// How many records the schema gives it.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Maps the memory for reading.
    ///
    /// # Errors
    ///
    /// [`ForeignError`].
    pub fn attach(&self) -> Result<ForeignTable<T>, ForeignError> {
        self.options().attach()
    }

    /// Options for attaching, where the defaults do not fit.
    pub fn options(&self) -> ForeignTableOptions<T> {
        self.options_at(self.place())
    }

    /// The same options at another place than [`ForeignTableSpec::place`].
    pub fn options_at(&self, place: impl Into<ForeignPlace>) -> ForeignTableOptions<T> {
        ForeignTableOptions::new(place.into(), self.sync, self.rows)
            .at(self.at)
            .stride(self.stride)
    }
}
