//! Segments that a schema names, as constants.

use core::marker::PhantomData;

use crate::cell::{Cell, CellWriter};
use crate::error::{AttachError, CreateError, UnlinkError};
use crate::field::Field;
use crate::layout::{SchemaId, SharedLayout};
use crate::options::{CellOptions, TableOptions};
use crate::order::Order;
use crate::place::Place;
use crate::segment::geometry::DEFAULT_COPIES;
use crate::segment::unlink::unlink;
use crate::table::{Table, TableWriter};

/// A cell that a schema names: `market::LEADER.attach()?`.
#[derive(Debug)]
pub struct CellSpec<T> {
    schema: SchemaId,
    segment: &'static str,
    copies: u32,
    of: PhantomData<fn() -> T>,
}

/// A table that a schema names: `market::QUOTES.attach()?`.
#[derive(Debug)]
pub struct TableSpec<T, K = ()> {
    schema: SchemaId,
    segment: &'static str,
    rows: u64,
    copies: u32,
    order: Order,
    key: Option<Field<T, K>>,
}

impl<T: SharedLayout> CellSpec<T> {
    /// The cell `segment` of a schema.
    pub const fn new(schema: SchemaId, segment: &'static str) -> Self {
        Self {
            schema,
            segment,
            copies: DEFAULT_COPIES,
            of: PhantomData,
        }
    }

    /// The same spec, with `copies` copies of the record in a new segment.
    #[must_use]
    pub const fn copies(self, copies: u32) -> Self {
        Self { copies, ..self }
    }

    /// The default name: `market.leader`.
    pub fn name(&self) -> String {
        default_name(self.schema, self.segment)
    }

    /// Creates the segment and becomes its writer.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; nothing is left behind.
    pub fn create(&self) -> Result<CellWriter<T>, CreateError> {
        self.options().create()
    }

    /// Attaches to the segment of a writer.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is unchanged.
    pub fn attach(&self) -> Result<Cell<T>, AttachError> {
        self.options().attach()
    }

    /// Removes the segment; its readers get `Retired`.
    ///
    /// # Errors
    ///
    /// As [`unlink`](fn@crate::unlink).
    pub fn unlink(&self) -> Result<(), UnlinkError> {
        unlink(self.name())
    }

    /// Options for creating or attaching, where the defaults do not fit.
    pub fn options(&self) -> CellOptions<T> {
        self.options_at(self.name())
    }

    /// The same options at another place than [`CellSpec::name`].
    pub fn options_at(&self, place: impl Into<Place>) -> CellOptions<T> {
        CellOptions::new(place.into()).named(self.schema, self.segment, self.copies)
    }
}

impl<T: SharedLayout> TableSpec<T> {
    /// The table `segment` of a schema.
    pub const fn new(schema: SchemaId, segment: &'static str, rows: u64) -> Self {
        Self {
            schema,
            segment,
            rows,
            copies: DEFAULT_COPIES,
            order: Order::Rows,
            key: None,
        }
    }

    /// The same spec, with `copies` copies of each record in a new segment.
    #[must_use]
    pub const fn copies(self, copies: u32) -> Self {
        Self { copies, ..self }
    }

    /// The same spec, with this order of records in a new segment.
    #[must_use]
    pub const fn order(self, order: Order) -> Self {
        Self { order, ..self }
    }

    /// The same spec, with a field that finds a row.
    #[must_use]
    pub const fn key<K>(self, key: Field<T, K>) -> TableSpec<T, K> {
        TableSpec {
            schema: self.schema,
            segment: self.segment,
            rows: self.rows,
            copies: self.copies,
            order: self.order,
            key: Some(key),
        }
    }
}

impl<T: SharedLayout, K> TableSpec<T, K> {
    /// The default name: `market.quotes`.
    pub fn name(&self) -> String {
        default_name(self.schema, self.segment)
    }

    /// How many records the schema gives it.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Creates the segment and becomes its writer.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; nothing is left behind.
    pub fn create(&self) -> Result<TableWriter<T, K>, CreateError> {
        self.options().create()
    }

    /// Attaches to the segment of a writer.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is unchanged.
    pub fn attach(&self) -> Result<Table<T, K>, AttachError> {
        self.options().attach()
    }

    /// Removes the segment; its readers get `Retired`.
    ///
    /// # Errors
    ///
    /// As [`unlink`](fn@crate::unlink).
    pub fn unlink(&self) -> Result<(), UnlinkError> {
        unlink(self.name())
    }

    /// Options for creating or attaching, where the defaults do not fit.
    pub fn options(&self) -> TableOptions<T, K> {
        self.options_at(self.name())
    }

    /// The same options at another place than [`TableSpec::name`].
    pub fn options_at(&self, place: impl Into<Place>) -> TableOptions<T, K> {
        TableOptions::new(place.into())
            .rows(self.rows)
            .named(self.schema, self.segment, self.copies)
            .usual_order(self.order)
            .with_key(self.key)
    }
}

fn default_name(schema: SchemaId, segment: &str) -> String {
    format!("{}.{segment}", schema.package)
}
