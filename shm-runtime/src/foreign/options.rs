//! How to attach to memory of another program.

use std::thread;
use std::time::{Duration, Instant};

use crate::foreign::cell::ForeignCell;
use crate::foreign::error::ForeignError;
use crate::foreign::place::ForeignPlace;
use crate::foreign::records::{Records, Shape};
use crate::foreign::sync::ForeignSync;
use crate::foreign::table::ForeignTable;
use crate::layout::SharedLayout;

/// How often memory that is not there yet is looked for.
const PAUSE: Duration = Duration::from_millis(2);

/// What cells and tables have in common.
#[derive(Clone, Debug)]
struct Choices<T> {
    place: ForeignPlace,
    sync: ForeignSync<T>,
    shape: Shape,
    wait: Duration,
}

impl<T: SharedLayout> Choices<T> {
    fn new(place: ForeignPlace, sync: ForeignSync<T>, rows: u64) -> Self {
        let stride = size_of::<T>() as u64;
        Self {
            place,
            sync,
            shape: Shape {
                at: 0,
                stride,
                rows,
            },
            wait: Duration::ZERO,
        }
    }

    fn attach(&self) -> Result<Records<T>, ForeignError> {
        // A wait past the end of time is one without end.
        let deadline = Instant::now().checked_add(self.wait);
        loop {
            let error = match Records::open(&self.place, self.sync.rule(), self.shape) {
                Ok(records) => return Ok(records),
                Err(error) => error,
            };
            // Programs make a file first and give it its size then.
            let may_come = matches!(
                error,
                ForeignError::NotFound { .. } | ForeignError::TooSmall { .. }
            );
            let left = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => PAUSE,
            };
            if !may_come || left.is_zero() {
                return Err(error);
            }
            thread::sleep(left.min(PAUSE));
        }
    }
}

/// Gives both builders the options that they have in common.
macro_rules! common_options {
    () => {
        /// The byte that the first record begins at. The default is 0.
        pub fn at(mut self, at: u64) -> Self {
            self.choices.shape.at = at;
            self
        }

        /// How long an attach waits for memory that does not exist yet or is
        /// still too small. By default it does not wait.
        pub fn wait(mut self, wait: Duration) -> Self {
            self.choices.wait = wait;
            self
        }
    };
}

/// How to attach to a [`ForeignCell`].
#[derive(Clone, Debug)]
#[must_use = "ends in `attach`"]
pub struct ForeignCellOptions<T> {
    choices: Choices<T>,
}

impl<T: SharedLayout> ForeignCellOptions<T> {
    pub(crate) fn new(place: ForeignPlace, sync: ForeignSync<T>) -> Self {
        Self {
            choices: Choices::new(place, sync, 1),
        }
    }

    common_options!();

    /// Maps the memory for reading.
    ///
    /// # Errors
    ///
    /// [`ForeignError`].
    pub fn attach(&self) -> Result<ForeignCell<T>, ForeignError> {
        self.choices.attach().map(ForeignCell::over)
    }
}

/// How to attach to a [`ForeignTable`].
#[derive(Clone, Debug)]
#[must_use = "ends in `attach`"]
pub struct ForeignTableOptions<T> {
    choices: Choices<T>,
}

impl<T: SharedLayout> ForeignTableOptions<T> {
    pub(crate) fn new(place: ForeignPlace, sync: ForeignSync<T>, rows: u64) -> Self {
        Self {
            choices: Choices::new(place, sync, rows),
        }
    }

    common_options!();

    /// Bytes from one record to the next. The default is the record's size.
    pub fn stride(mut self, stride: u64) -> Self {
        self.choices.shape.stride = stride;
        self
    }

    /// Maps the memory for reading.
    ///
    /// # Errors
    ///
    /// [`ForeignError`].
    pub fn attach(&self) -> Result<ForeignTable<T>, ForeignError> {
        self.choices.attach().map(ForeignTable::over)
    }
}
