//! How to create a segment or attach to one.

use core::marker::PhantomData;
use std::time::Duration;

use crate::cell::{Cell, CellWriter};
use crate::error::{AttachError, CreateError};
use crate::field::Field;
use crate::layout::{SchemaId, SharedLayout};
use crate::order::Order;
use crate::place::Place;
use crate::segment::Segment;
use crate::segment::attach;
use crate::segment::blueprint::Blueprint;
use crate::segment::create::{self, Plan};
use crate::segment::descriptor::Descriptor;
use crate::segment::geometry::DEFAULT_COPIES;
use crate::segment_header::SegmentKind;
use crate::table::{Table, TableWriter};

/// What cells and tables have in common.
#[derive(Clone, Debug)]
struct Choices {
    place: Place,
    /// The segment's name in its schema; empty when it has none.
    segment: &'static str,
    schema: SchemaId,
    mode: u32,
    /// What a segment must have.
    copies: Option<u32>,
    /// What a new one gets where nothing else was asked for.
    usual_copies: u32,
    /// The same of the order of records.
    order: Option<Order>,
    usual_order: Order,
    exist_ok: bool,
    replace: bool,
    stamps: bool,
    prefault: bool,
    wait: Duration,
}

impl Choices {
    fn new<T: SharedLayout>(place: Place) -> Self {
        Self {
            place,
            segment: "",
            schema: T::SCHEMA,
            mode: 0o600,
            copies: None,
            usual_copies: DEFAULT_COPIES,
            order: None,
            usual_order: Order::Rows,
            exist_ok: false,
            replace: false,
            stamps: true,
            prefault: false,
            wait: Duration::ZERO,
        }
    }

    fn create<T: SharedLayout>(
        &self,
        kind: SegmentKind,
        rows: u64,
        key: Option<&'static str>,
    ) -> Result<Segment, CreateError> {
        let descriptor = Descriptor::of::<T>(self.schema, self.segment, kind, rows, key);
        let mut segment = create::create(&Plan {
            place: &self.place,
            blueprint: Blueprint::of::<T>(kind),
            rows,
            copies: self.copies,
            usual_copies: self.usual_copies,
            order: self.order,
            usual_order: self.usual_order,
            mode: self.mode,
            exist_ok: self.exist_ok,
            replace: self.replace,
            schema_version: self.schema.version,
            schema_fingerprint: self.schema.fingerprint,
            descriptor: &descriptor.to_string(),
        })?;
        if !self.stamps {
            segment.leave_stamps_out();
        }
        if self.prefault {
            segment.prefault();
        }
        Ok(segment)
    }

    fn attach(&self, blueprint: Blueprint) -> Result<Segment, AttachError> {
        let segment = attach::attach(&self.place, blueprint, self.wait)?;
        if self.prefault {
            segment.prefault();
        }
        Ok(segment)
    }
}

/// Gives both builders the options that they have in common.
macro_rules! common_options {
    () => {
        /// Who may open a new segment, as a mode for `chmod`. The default is
        /// 0o600, and the umask does not matter. Readers need only read
        /// permission.
        pub fn mode(mut self, mode: u32) -> Self {
            self.choices.mode = mode;
            self
        }

        /// How many copies of each record the segment keeps: 2, 4 or 8. Use
        /// four for a writer that never pauses, so that it does not lap its
        /// readers.
        ///
        /// By default a new segment gets what its schema says, or two. A
        /// segment that is taken over may then have any number: its readers
        /// and its next writer follow the header. If you set this option, a
        /// segment with another number is not taken over.
        pub fn copies(mut self, copies: u32) -> Self {
            self.choices.copies = Some(copies);
            self
        }

        /// Takes over an existing segment, if it has the same layout and no
        /// live writer: its values and versions go on.
        pub fn exist_ok(mut self, exist_ok: bool) -> Self {
            self.choices.exist_ok = exist_ok;
            self
        }

        /// Replaces an existing segment without a live writer by a new one,
        /// whatever its layout. The old one's readers get
        /// [`ReadError::Retired`](crate::ReadError::Retired). A file that is
        /// no segment is never replaced. Together with `exist_ok`, replaces
        /// only what cannot be taken over.
        pub fn replace(mut self, replace: bool) -> Self {
            self.choices.replace = replace;
            self
        }

        /// Whether this writer stamps each write with the time, from which
        /// `age` is computed. The default is true. The clock costs more than
        /// all the rest of a small write. Without stamps `age` is `None`.
        pub fn stamps(mut self, stamps: bool) -> Self {
            self.choices.stamps = stamps;
            self
        }

        /// Whether every page of the segment is mapped at once, instead of
        /// each at its first touch. The default is false. With it opening
        /// takes longer, by the size of the segment, and the first read of a
        /// record costs no page fault. A page that the system swaps out later
        /// still costs one.
        pub fn prefault(mut self, prefault: bool) -> Self {
            self.choices.prefault = prefault;
            self
        }

        /// How long an attach waits for a segment that does not exist yet. By
        /// default it does not wait.
        pub fn wait(mut self, wait: Duration) -> Self {
            self.choices.wait = wait;
            self
        }

        /// What the schema calls the segment, which schema that is, and how
        /// many copies it wants.
        pub(crate) fn named(
            mut self,
            schema: SchemaId,
            segment: &'static str,
            copies: u32,
        ) -> Self {
            self.choices.schema = schema;
            self.choices.segment = segment;
            self.choices.usual_copies = copies;
            self
        }
    };
}

/// How to create a [`Cell`] or attach to one.
#[derive(Clone, Debug)]
#[must_use = "ends in `create` or `attach`"]
pub struct CellOptions<T> {
    choices: Choices,
    of: PhantomData<fn() -> T>,
}

impl<T: SharedLayout> CellOptions<T> {
    pub(crate) fn new(place: Place) -> Self {
        Self {
            choices: Choices::new::<T>(place),
            of: PhantomData,
        }
    }

    common_options!();

    /// Creates the segment and becomes its writer.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; nothing is left behind.
    pub fn create(&self) -> Result<CellWriter<T>, CreateError> {
        let segment = self.choices.create::<T>(Cell::<T>::KIND, 1, None)?;
        Ok(CellWriter::over(segment))
    }

    /// Attaches to the segment of a writer.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is unchanged.
    pub fn attach(&self) -> Result<Cell<T>, AttachError> {
        let segment = self.choices.attach(Blueprint::of::<T>(Cell::<T>::KIND))?;
        Ok(Cell::over(segment))
    }
}

/// How to create a [`Table`] or attach to one.
#[derive(Clone, Debug)]
#[must_use = "ends in `create` or `attach`"]
pub struct TableOptions<T, K = ()> {
    choices: Choices,
    rows: u64,
    key: Option<Field<T, K>>,
}

impl<T: SharedLayout> TableOptions<T> {
    pub(crate) fn new(place: Place) -> Self {
        Self {
            choices: Choices::new::<T>(place),
            rows: 0,
            key: None,
        }
    }
}

impl<T: SharedLayout, K> TableOptions<T, K> {
    common_options!();

    /// How many records a new table has. Readers learn the number from the
    /// segment.
    pub fn rows(mut self, rows: u64) -> Self {
        self.rows = rows;
        self
    }

    /// How the records of a new table are arranged. Use [`Order::Arrays`] for
    /// a table that is mainly read whole.
    ///
    /// By default a new table gets what its schema says, or [`Order::Rows`]. A
    /// table that is taken over may then have either: its readers and its next
    /// writer follow the header. If you set this option, a table with the
    /// other order is not taken over.
    pub fn order(mut self, order: Order) -> Self {
        self.choices.order = Some(order);
        self
    }

    /// What a new table gets unless something else is asked for.
    pub(crate) fn usual_order(mut self, order: Order) -> Self {
        self.choices.usual_order = order;
        self
    }

    /// The field that finds a row.
    pub fn key<L>(self, key: Field<T, L>) -> TableOptions<T, L> {
        self.with_key(Some(key))
    }

    pub(crate) fn with_key<L>(self, key: Option<Field<T, L>>) -> TableOptions<T, L> {
        TableOptions {
            choices: self.choices,
            rows: self.rows,
            key,
        }
    }

    /// Creates the segment and becomes its writer.
    ///
    /// # Errors
    ///
    /// [`CreateError`]; nothing is left behind.
    pub fn create(&self) -> Result<TableWriter<T, K>, CreateError> {
        let key = self.key.map(|key| key.name());
        let segment = self
            .choices
            .create::<T>(Table::<T, K>::KIND, self.rows, key)?;
        Ok(TableWriter::over(segment, self.key))
    }

    /// Attaches to the segment of a writer.
    ///
    /// # Errors
    ///
    /// [`AttachError`]; the segment is unchanged.
    pub fn attach(&self) -> Result<Table<T, K>, AttachError> {
        let blueprint = Blueprint::of::<T>(Table::<T, K>::KIND).keyed(self.key);
        let segment = self.choices.attach(blueprint)?;
        Ok(Table::over(segment, self.key))
    }
}
