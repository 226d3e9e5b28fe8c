//! What a live record can do but be written: be read, say how old it is.

use core::ffi::c_void;
use core::{mem, ptr};

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};
use shm_runtime::raw::Unread;

use crate::fields::Fields;
use crate::row::arguments::Arguments;
use crate::row::{Row, give};
use crate::sizes::{BySize, by_size};
use crate::structure;

/// `read(out=None)`.
///
/// # Safety
///
/// `this` is a live record, the rest those of a call by `METH_FASTCALL |
/// METH_KEYWORDS`; this thread is attached.
pub(super) unsafe extern "C" fn read(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a method with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: the method is in the table as one of this kind.
    let arguments = unsafe { Arguments::new(arguments, count, names) };
    let out = match (arguments.positional, arguments.named) {
        ([], []) => return read_slowly(row, None),
        ([out], []) => *out,
        ([], [out]) if is_out(py, arguments.name(0)) => *out,
        _ => return wrong_arguments(py),
    };
    // SAFETY: an argument is alive for the call.
    let class = unsafe { ffi::Py_TYPE(out) };
    // At the end of a segment `out` keeps what it has.
    if class != row.class || row.has_bools || row.slot().version().is_none() {
        return read_slowly(row, Some(out));
    }
    // SAFETY: `out` is alive and an instance of the record's class.
    unsafe { (row.read_into)(row, out) }
}

/// Fills a record and gives a new reference to it.
pub(super) type ReadInto = unsafe fn(&Row, *mut ffi::PyObject) -> *mut ffi::PyObject;

pub(super) const READ_INTO: BySize<ReadInto> = by_size!(read_into);

/// A [`ReadInto`] for records of `LEAST` to `MOST` bytes, without bools.
///
/// # Safety
///
/// `out` is alive and an instance of the record's class; this thread is
/// attached.
unsafe fn read_into<const LEAST: usize, const MOST: usize>(
    row: &Row,
    out: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: `out` is such an instance; no Python code runs while its bytes
    // are borrowed.
    let room = unsafe { structure::room(out, row.size) };
    let fits = LEAST <= row.size && row.size <= MOST;
    if !fits || !row.slot().try_read(0, room) {
        return read_on(row, out);
    }
    // SAFETY: the duty of the caller.
    unsafe { row.counting.held(out) }
}

/// Whether a name, which is alive, is `out`.
#[inline(always)]
fn is_out(py: Python<'_>, name: *mut ffi::PyObject) -> bool {
    let out = pyo3::intern!(py, "out");
    if name == out.as_ptr() {
        return true;
    }
    // SAFETY: the name of an argument is a string, and alive for the call.
    let name = unsafe { Bound::from_borrowed_ptr(py, name) };
    name.eq(out).unwrap_or(false)
}

#[cold]
fn wrong_arguments(py: Python<'_>) -> *mut ffi::PyObject {
    let error = "read() takes at most one argument, `out`";
    give(py, Err(PyTypeError::new_err(error)))
}

/// A read into `out`, or a new record, that has not begun.
#[inline(never)]
fn read_slowly(row: &Row, out: Option<*mut ffi::PyObject>) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls methods while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let out = out.map(|out| {
        // SAFETY: an argument is alive for the call.
        unsafe { Bound::from_borrowed_ptr(py, out) }
    });
    let begun = row.record(py, out.filter(|out| !out.is_none()));
    give(py, begun.and_then(|out| row.fill(py, out)))
}

/// A read into `out`, an instance of the record's class, whose first try met
/// a writer.
#[inline(never)]
extern "C" fn read_on(row: &Row, out: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls methods while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: an argument is alive for the call.
    let out = unsafe { Bound::from_borrowed_ptr(py, out) };
    give(py, row.fill(py, out))
}

impl Row {
    /// The record to read into.
    fn record<'py>(
        &self,
        py: Python<'py>,
        out: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let fields = self.fields(py)?.get();
        // At the end of a segment `out` keeps what it has.
        if self.slot().version().is_none() {
            return Err(self.unread(py, Unread::Retired));
        }
        match out {
            Some(out) => check_record(fields, &out).map(|()| out),
            None => fields.new_record(py),
        }
    }

    /// Fills `out`, an instance of the record's class.
    #[inline(always)]
    fn fill<'py>(&self, py: Python<'py>, out: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        // SAFETY: `out` is such an instance; no Python code runs while its
        // bytes are borrowed.
        let room = unsafe { structure::room(out.as_ptr(), self.size) };
        let whole = self.slot().try_read(0, room);
        if !whole || self.has_bools {
            self.take_whole(py, room, whole)?;
        }
        Ok(out)
    }
}

impl Row {
    /// How often the record was written.
    #[inline]
    pub(super) fn version<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.slot().version() {
            Some(version) => Ok(version.into_pyobject(py)?.into_any()),
            None => Err(self.unread(py, Unread::Retired)),
        }
    }
}

/// `version`.
pub(super) unsafe extern "C" fn version(
    this: *mut ffi::PyObject,
    _: *mut c_void,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a getter with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    give(py, row.version(py))
}

/// `_stamp`.
pub(super) unsafe extern "C" fn stamp(
    this: *mut ffi::PyObject,
    _: *mut c_void,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a getter with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let stamp = row.slot().stamp().into_pyobject(py).map(Bound::into_any);
    give(py, stamp.map_err(PyErr::from))
}

/// Refuses what is no record of this type.
#[inline]
pub(super) fn check_record(fields: &Fields, record: &Bound<'_, PyAny>) -> PyResult<()> {
    let class = fields.record.bind(record.py());
    if structure::begins_as(record, class) {
        return Ok(());
    }
    Err(PyTypeError::new_err(format!(
        "expected a `{}`, found a `{}`",
        class.name()?,
        record.get_type().name()?
    )))
}

impl Fields {
    /// A new record, all zeros: what calling the class without arguments
    /// gives, but for the call of an `__init__` that would do nothing.
    fn new_record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let class: &Bound<'py, PyType> = self.record.bind(py);
        // SAFETY: the class is alive.
        let new = unsafe { ffi::PyType_GetSlot(class.as_type_ptr(), ffi::Py_tp_new) };
        if new.is_null() {
            return class.call0();
        }
        // SAFETY: what is in that slot is a function of this type.
        let new = unsafe { mem::transmute::<*mut c_void, ffi::newfunc>(new) };
        let nothing = PyTuple::empty(py);
        // SAFETY: as the interpreter itself calls it.
        let made = unsafe { new(class.as_type_ptr(), nothing.as_ptr(), ptr::null_mut()) };
        // SAFETY: a new reference, or null with an exception set.
        unsafe { Bound::from_owned_ptr_or_err(py, made) }
    }
}
