//! A table to measure with.

use anyhow::Result;
use shm_runtime::{Order, SharedLayout, Table, TableWriter};

use crate::measure::cold::chance;
use crate::peer::fresh_name;

/// A table of zeros that is gone with its writer.
pub(super) struct Made<T: SharedLayout> {
    pub(super) writer: Option<TableWriter<T>>,
    pub(super) table: Table<T>,
}

impl<T: SharedLayout> Made<T> {
    /// Its rows were written once, or `unevenly`: each once or twice as chance
    /// has it, so that no processor can learn in which copy the next one is.
    pub(super) fn new(rows: u64, order: Order, unevenly: bool) -> Result<Self> {
        let name = fresh_name();
        let options = Table::<T>::options(name.as_str()).rows(rows).order(order);
        let mut writer = options.create()?;
        let mut twice = chance();
        for row in 0..rows {
            for _ in 0..1 + u32::from(unevenly && twice()) {
                writer.row_mut(row).update(|_| ())?;
            }
        }
        Ok(Self {
            // What is measured is memory, not the first touch of a page.
            table: Table::options(name.as_str()).prefault(true).attach()?,
            writer: Some(writer),
        })
    }
}

impl<T: SharedLayout> Drop for Made<T> {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            let _ = writer.unlink();
        }
    }
}
