//! Every row of a table as one numpy array.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::slice;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use shm_runtime::raw::{Segment, Unread};

use crate::fields::Fields;
use crate::records::{Records, unread_error};
use crate::structure;

/// From how many bytes on a copy lets other threads run: it takes longer than
/// they need to be told.
const LET_OTHERS_RUN: usize = 256 << 10;

/// What takes every row of a table at once.
#[pyclass(frozen, module = "shm_runtime._native")]
pub(crate) struct Columns {
    segment: Py<PyAny>,
    records: Py<Records>,
    fields: Py<Fields>,
    /// `numpy.ndarray`, `numpy.empty` and the record's dtype.
    array: Py<PyType>,
    empty: Py<PyAny>,
    dtype: Py<PyAny>,
    /// The first other dtype that was found to be equal: to compare two that
    /// are not one object takes numpy an eighth of the whole copy of a
    /// thousand rows.
    equal: PyOnceLock<Py<PyAny>>,
    rows: usize,
}

#[pymethods]
impl Columns {
    /// Of an open segment whose rows have these fields.
    #[new]
    fn new(
        segment: Bound<'_, PyAny>,
        fields: Bound<'_, Fields>,
        numpy: &Bound<'_, PyAny>,
        dtype: Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let records: Bound<'_, Records> = segment.getattr("native")?.cast_into()?;
        let Some(mapped) = records.get().segment() else {
            return Err(unread_error(&segment, Unread::Retired));
        };
        let size: usize = dtype.getattr("itemsize")?.extract()?;
        if mapped.record_size() != fields.get().size || size != fields.get().size {
            return Err(PyValueError::new_err("fields of another record"));
        }
        Ok(Self {
            rows: mapped.rows() as usize,
            segment: segment.unbind(),
            records: records.unbind(),
            fields: fields.unbind(),
            array: numpy.getattr("ndarray")?.cast_into()?.unbind(),
            empty: numpy.getattr("empty")?.unbind(),
            dtype: dtype.unbind(),
            equal: PyOnceLock::new(),
        })
    }

    /// Every record, each whole, in a new array or in `out`.
    #[pyo3(signature = (out))]
    fn read<'py>(&self, out: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = out.py();
        let segment = self.segment.bind(py);
        let Some(mapped) = self.records.get().segment() else {
            return Err(unread_error(segment, Unread::Retired));
        };
        let dtype = self.dtype.bind(py);
        let out = match out.is_none() {
            true => self.empty.bind(py).call1((self.rows, dtype))?,
            false => out.clone(),
        };
        let start = match structure::begins_as(&out, self.array.bind(py)) {
            // SAFETY: it is an array.
            true => unsafe { structure::start_of_array(&out, self.rows, |own| self.is_ours(own)) }?,
            false => None,
        };
        let Some(start) = start else {
            return Err(PyTypeError::new_err(format!(
                "expected a contiguous array of {} records of this dtype",
                self.rows
            )));
        };
        let fields = self.fields.get();
        let size = self.rows * fields.size;
        // SAFETY: the array holds `rows` records of the dtype, whose size is
        // the record's; numpy does not move them while `out` is referenced.
        let to = unsafe { slice::from_raw_parts_mut(start.cast::<MaybeUninit<u8>>(), size) };
        let copied = match size < LET_OTHERS_RUN {
            true => copy(&mapped, fields, to),
            false => py.detach(|| copy(&mapped, fields, to)),
        };
        match copied {
            Ok(0) => Ok(out),
            Ok(retries) => {
                let before: u64 = segment.getattr("retries")?.extract()?;
                segment.setattr("retries", before + retries)?;
                Ok(out)
            }
            Err(unread) => Err(unread_error(segment, unread)),
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.segment)?;
        visit.call(&self.records)?;
        visit.call(&self.fields)
    }
}

impl Columns {
    /// Whether an array of this dtype has these records.
    fn is_ours(&self, dtype: &Bound<'_, PyAny>) -> PyResult<bool> {
        let py = dtype.py();
        if dtype.is(&self.dtype) || self.equal.get(py).is_some_and(|equal| dtype.is(equal)) {
            return Ok(true);
        }
        let equal = dtype.eq(&self.dtype)?;
        if equal {
            self.equal.get_or_init(py, || dtype.clone().unbind());
        }
        Ok(equal)
    }
}

/// Takes all records and makes their bools valid.
fn copy(segment: &Segment, fields: &Fields, to: &mut [MaybeUninit<u8>]) -> Result<u64, Unread> {
    let retries = segment.read_rows(to).map_err(|(_, unread)| unread)?;
    if !fields.bools.is_empty() {
        // SAFETY: `read_rows` has filled every byte.
        let bytes = unsafe { slice::from_raw_parts_mut(to.as_mut_ptr().cast::<u8>(), to.len()) };
        for record in bytes.chunks_exact_mut(fields.size) {
            fields.normalise(record);
        }
    }
    Ok(retries)
}
