//! The native half of the Python package `shm_runtime`.
//!
//! What is hot in Python is here: reading a field, taking a record, writing
//! one, a table as an array. What is not, finding and checking and locking a
//! segment, is the Python that the pure backend uses too, so that both have
//! one behaviour and one wording. The protocol is `shm_runtime::raw`'s: this
//! crate copies bytes and makes Python objects of them.
//!
//! # Layout
//!
//! | module | is |
//! |---|---|
//! | `columns` | every row of a table as one numpy array |
//! | `count` | references to objects, counted without a call |
//! | `fields` | what is known of a record: its fields, found by the address of their names |
//! | `row` | the Python type of a live record: slots and memory |
//! | `value` | bytes to Python objects and back |
//! | `records` | a mapped segment and the rows that look into it |
//! | `sizes` | functions that know how large a record may be |
//! | `snapshot` | a record that takes itself again |
//! | `structure` | where a `ctypes.Structure` and a numpy array keep their bytes |

mod columns;
mod count;
mod fields;
mod records;
mod row;
mod sizes;
mod slots;
mod snapshot;
mod structure;
mod value;

use pyo3::prelude::*;

/// What is hot, in Rust. Not for programs: `shm_runtime` is.
#[pymodule(gil_used = true)]
mod _native {
    #[pymodule_export]
    use crate::{
        columns::Columns,
        fields::Fields,
        records::Records,
        row::{live_type, read_field},
        snapshot::bind,
    };

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
        module.add("LiveRecord", crate::row::base_type(module.py())?)
    }
}
