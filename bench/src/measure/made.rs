//! A table to measure with.

use anyhow::Result;
use shm_runtime::{Order, SharedLayout, Table, TableWriter};

use crate::peer::fresh_name;

/// A table of zeros that is gone with its writer.
pub(super) struct Made<T: SharedLayout> {
    pub(super) writer: Option<TableWriter<T>>,
    pub(super) table: Table<T>,
}

impl<T: SharedLayout> Made<T> {
    /// Its rows were written once, or `unevenly`: every other one twice, so
    /// that two copies are in use.
    pub(super) fn new(rows: u64, order: Order, unevenly: bool) -> Result<Self> {
        let name = fresh_name();
        let options = Table::<T>::options(name.as_str()).rows(rows).order(order);
        let mut writer = options.create()?;
        for row in 0..rows {
            for _ in 0..1 + u64::from(unevenly) * (row % 2) {
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
