//! Where a `ctypes.Structure` and a numpy array keep their bytes.
//!
//! The buffer protocol would say so too, but it is not in the stable ABI
//! before Python 3.11 and costs more than the copy. So the address is taken
//! from the object itself, and what is relied on is checked where it can be.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::{ptr, slice};
use std::sync::OnceLock;

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;

/// What every `ctypes` object begins with; so it has been since ctypes is a
/// part of Python.
#[repr(C)]
struct CData {
    head: ffi::PyObject,
    start: *mut u8,
}

/// Whether an object begins as those of a class do: it is an instance of it or
/// of one that derives from it.
///
/// Not `isinstance`, which asks the object what it would like to be: of a weak
/// proxy, or a mock, it says yes.
#[inline]
pub(crate) fn begins_as(object: &Bound<'_, PyAny>, class: &Bound<'_, PyType>) -> bool {
    // SAFETY: `object` is alive, and so is its type.
    let own = unsafe { ffi::Py_TYPE(object.as_ptr()) };
    let class = class.as_type_ptr();
    // SAFETY: both are types that are alive.
    own == class || unsafe { ffi::PyType_IsSubtype(own, class) } != 0
}

/// Whether instances of a class have `size` bytes of their own that
/// [`start_of`] finds: it is a `ctypes.Structure`, and not smaller.
pub(crate) fn has_room(class: &Bound<'_, PyType>, size: usize) -> PyResult<bool> {
    let ctypes = class.py().import("ctypes")?;
    let structure: Bound<'_, PyType> = ctypes.getattr("Structure")?.cast_into()?;
    // SAFETY: both are types that are alive.
    if unsafe { ffi::PyType_IsSubtype(class.as_type_ptr(), structure.as_type_ptr()) } == 0 {
        return Ok(false);
    }
    let own: usize = ctypes.call_method1("sizeof", (class,))?.extract()?;
    Ok(size <= own)
}

/// Finds out whether `ctypes` objects begin as they are taken to.
///
/// # Errors
///
/// When they do not: then this extension cannot serve this interpreter.
pub(crate) fn check(record: &Bound<'_, PyType>) -> PyResult<()> {
    static CHECKED: OnceLock<()> = OnceLock::new();
    if CHECKED.get().is_some() {
        return Ok(());
    }
    let py = record.py();
    let one = record.call0()?;
    let address: usize = py
        .import("ctypes")?
        .call_method1("addressof", (&one,))?
        .extract()?;
    // SAFETY: `one` is an instance of a `ctypes.Structure`, so it is larger
    // than a head and a pointer.
    let found = unsafe { start_of(one.as_ptr()) };
    if found as usize != address {
        return Err(PyRuntimeError::new_err(
            "this interpreter's ctypes keeps its bytes elsewhere; \
             hint: set SHM_RUNTIME_BACKEND=pure",
        ));
    }
    CHECKED.get_or_init(|| ());
    Ok(())
}

/// Where an instance of a `ctypes.Structure` keeps its bytes.
///
/// # Safety
///
/// `structure` is such an instance.
#[inline(always)]
pub(crate) unsafe fn start_of(structure: *mut ffi::PyObject) -> *mut u8 {
    let data = structure.cast::<CData>();
    // SAFETY: by the contract it begins with a head and the pointer; `check`
    // saw that it does.
    unsafe { (*data).start }
}

/// The bytes of a record, to be filled.
///
/// # Safety
///
/// 1. `structure` is an instance of a `ctypes.Structure` of at least `size`
///    bytes.
/// 2. Nothing else looks at the bytes while they are borrowed: no Python code
///    runs.
#[inline(always)]
pub(crate) unsafe fn room<'a>(
    structure: *mut ffi::PyObject,
    size: usize,
) -> &'a mut [MaybeUninit<u8>] {
    // SAFETY: by the contract.
    let start = unsafe { start_of(structure) };
    // SAFETY: the structure has `size` bytes at `start` that nobody else uses,
    // by the contract.
    unsafe { slice::from_raw_parts_mut(start.cast(), size) }
}

/// The bytes of a record.
///
/// # Safety
///
/// As of [`room`].
#[inline(always)]
pub(crate) unsafe fn bytes<'a>(structure: *mut ffi::PyObject, size: usize) -> &'a [u8] {
    // SAFETY: by the contract.
    let start = unsafe { start_of(structure) };
    // SAFETY: as in `room`; ctypes zeroes or fills all that it allocates.
    unsafe { slice::from_raw_parts(start, size) }
}

/// What every numpy array begins with: a part of numpy's own ABI, which each
/// extension that uses `PyArray_DATA` has compiled in.
#[repr(C)]
struct Array {
    head: ffi::PyObject,
    data: *mut u8,
    dimensions: i32,
    shape: *mut isize,
    strides: *mut isize,
    base: *mut ffi::PyObject,
    dtype: *mut ffi::PyObject,
    flags: i32,
}

const C_CONTIGUOUS: i32 = 0x0001;
const WRITEABLE: i32 = 0x0400;

/// The start of an array of `rows` records that may be written to; none when
/// `array` is not just that. `is_ours` tells whether a dtype is that of the
/// records.
///
/// # Safety
///
/// `array` is an instance of `numpy.ndarray`, whose ABI is that of numpy 1 and
/// 2.
pub(crate) unsafe fn start_of_array(
    array: &Bound<'_, PyAny>,
    rows: usize,
    is_ours: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<bool>,
) -> PyResult<Option<*mut u8>> {
    let py = array.py();
    let array = array.as_ptr().cast::<Array>();
    // SAFETY: by the contract it begins so.
    let array = unsafe { ptr::read(array) };
    let wanted = C_CONTIGUOUS | WRITEABLE;
    if array.dimensions != 1 || array.flags & wanted != wanted {
        return Ok(None);
    }
    // SAFETY: an array of one dimension has one length there.
    let length = unsafe { *array.shape };
    // SAFETY: every array has a dtype, and holds it.
    let own = unsafe { Bound::from_borrowed_ptr(py, array.dtype) };
    let fits = length as usize == rows && is_ours(&own)?;
    Ok(fits.then_some(array.data))
}
