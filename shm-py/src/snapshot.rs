//! A record that takes itself again.
//!
//! A snapshot is an instance of a Python subclass of the generated
//! `ctypes.Structure` with one slot, for the live record it came from. Its
//! `refresh` is a method of this module, which finds the slot by its offset
//! and copies straight to the structure's bytes.

#![allow(unsafe_code)]

use core::mem::MaybeUninit;
use core::{ptr, slice};
use std::sync::OnceLock;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::row::{Row, give};
use crate::structure;

/// Where the slot of a snapshot is: ctypes objects are all of one size.
static SLOT: OnceLock<usize> = OnceLock::new();

/// Gives a snapshot class its `refresh`. `slot` is the descriptor of its one
/// slot, which the class must not show from now on: what is in it is trusted.
#[pyfunction]
pub(crate) fn bind(class: &Bound<'_, PyType>, slot: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = class.py();
    let found = find(class, slot)?;
    if *SLOT.get_or_init(|| found) != found {
        return Err(PyRuntimeError::new_err("ctypes objects of several sizes"));
    }
    // SAFETY: the table outlives the descriptor, and its function takes what
    // the descriptor checks for: an instance of `class`.
    let method = unsafe { ffi::PyDescr_NewMethod(class.as_type_ptr(), definition()) };
    // SAFETY: a new reference, or null with an exception set.
    let method = unsafe { Bound::from_owned_ptr_or_err(py, method) }?;
    class.setattr("refresh", method)
}

/// The offset of the slot, found by looking: something that nothing else
/// refers to is put in, and seen.
fn find(class: &Bound<'_, PyType>, slot: &Bound<'_, PyAny>) -> PyResult<usize> {
    let py = class.py();
    let one = class.call0()?;
    let mark = py.import("builtins")?.getattr("object")?.call0()?;
    slot.call_method1("__set__", (&one, &mark))?;
    let size: usize = class.getattr("__basicsize__")?.extract()?;
    let step = size_of::<usize>();
    let start = one.as_ptr().cast::<u8>();
    for offset in (size_of::<ffi::PyObject>()..=size.saturating_sub(step)).step_by(step) {
        // SAFETY: `one` is at least `size` bytes.
        let place = unsafe { start.add(offset) };
        // SAFETY: as above, and objects are aligned to pointers; any bytes
        // are a number.
        let found = unsafe { ptr::read(place.cast::<usize>()) };
        if found == mark.as_ptr() as usize {
            return Ok(offset);
        }
    }
    Err(PyRuntimeError::new_err(
        "a slot that is nowhere in its object",
    ))
}

/// `refresh()`.
unsafe extern "C" fn refresh(
    this: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls methods while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let Some(&offset) = SLOT.get() else {
        return give(
            py,
            Err(PyRuntimeError::new_err("no snapshot class was bound")),
        );
    };
    // SAFETY: `this` is an instance of a class that `bind` has seen.
    let slot = unsafe { this.cast::<u8>().add(offset) };
    // SAFETY: the slot is there and holds a pointer or null.
    let row = unsafe { ptr::read(slot.cast::<*const Row>()) };
    if row.is_null() {
        let error = PyValueError::new_err(
            "a copy of a snapshot cannot be taken again; hint: `row.snapshot()`",
        );
        return give(py, Err(error));
    }
    // SAFETY: the class puts live records into the slot, and shows it to
    // nobody; the snapshot holds what is there.
    let row = unsafe { &*row };
    // SAFETY: a snapshot has its bytes in a buffer of its own that is never
    // resized, and is as large as the record.
    let start = unsafe { structure::start_of(this) };
    // SAFETY: as above; no Python code runs while it is borrowed.
    let room = unsafe { slice::from_raw_parts_mut(start.cast::<MaybeUninit<u8>>(), row.size) };
    give(py, take(py, row, room).map(|()| py.None().into_bound(py)))
}

#[inline(always)]
fn take(py: Python<'_>, row: &Row, room: &mut [MaybeUninit<u8>]) -> PyResult<()> {
    match row.slot().read(0, room) {
        Ok(retries) => {
            if row.has_bools {
                // SAFETY: `read` has filled it.
                let bytes =
                    unsafe { slice::from_raw_parts_mut(room.as_mut_ptr().cast(), room.len()) };
                row.fields(py)?.get().normalise(bytes);
            }
            match retries {
                0 => Ok(()),
                retries => row.count(py, retries),
            }
        }
        Err(unread) => {
            // What could not be read whole is not shown.
            room.fill(MaybeUninit::new(0));
            Err(row.unread(py, unread))
        }
    }
}

/// The one entry of the method's table.
fn definition() -> *mut ffi::PyMethodDef {
    struct Definition(ffi::PyMethodDef);
    // SAFETY: nobody writes to it after it was made.
    unsafe impl Sync for Definition {}
    // SAFETY: as above.
    unsafe impl Send for Definition {}
    static DEFINITION: OnceLock<Definition> = OnceLock::new();
    let made = DEFINITION.get_or_init(|| {
        Definition(ffi::PyMethodDef {
            ml_name: c"refresh".as_ptr(),
            ml_meth: ffi::PyMethodDefPointer {
                PyCFunction: refresh,
            },
            ml_flags: ffi::METH_NOARGS,
            ml_doc: c"refresh($self)\n--\n\nTakes the record again. After an error every byte of it is 0.".as_ptr(),
        })
    });
    (&raw const made.0).cast_mut()
}
