//! `read` and `write` of one live record, as an object to be called.
//!
//! A type with a `tp_getattro` of its own gets no help from the interpreter
//! with its methods: each use makes a bound method. Those of the interpreter
//! cost as much as the read itself. So each live record has two of its own
//! within its memory: one that somebody holds keeps the record alive, and one
//! that nobody holds is only room.

use core::ffi::c_void;
use core::mem::offset_of;
use core::ptr;

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::row::{Row, give, methods, writing};
use crate::slots;

/// A method of the live record that it is a part of.
#[repr(C)]
pub(crate) struct Method {
    /// Its count is 0 while nobody holds it.
    head: ffi::PyObject,
    vectorcall: ffi::vectorcallfunc,
    /// Which of the record's methods it is.
    which: usize,
}

/// The places of the methods in their record.
pub(super) const READ: usize = 0;
pub(super) const WRITE: usize = 1;

/// In the stable ABI since 3.12; in every interpreter, and the same, since
/// 3.8.
const HAVE_VECTORCALL: core::ffi::c_ulong = 1 << 11;

/// The bit of a vectorcall's count that is not a part of the number.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// The methods of a new record.
pub(super) fn of_row(py: Python<'_>) -> PyResult<[Method; 2]> {
    let class = class(py)?;
    let method = |which, vectorcall| Method {
        head: ffi::PyObject {
            ob_refcnt: 0,
            // The type is never freed, so no reference to it is counted here.
            ob_type: class,
        },
        vectorcall,
        which,
    };
    Ok([method(READ, call_read), method(WRITE, call_write)])
}

/// A new reference to a method of a live record.
///
/// # Safety
///
/// `row` is a live record that is alive, and this thread attached.
#[inline(always)]
pub(super) unsafe fn bound(row: *mut ffi::PyObject, which: usize) -> *mut ffi::PyObject {
    // SAFETY: `row` is alive, by the contract.
    let counting = unsafe { (*row.cast::<Row>()).counting };
    // SAFETY: a live record has its methods there.
    let methods = unsafe { &raw mut (*row.cast::<Row>()).methods };
    let methods = methods.cast::<Method>();
    // SAFETY: `which` is one of the two.
    let method = unsafe { methods.add(which) }.cast::<ffi::PyObject>();
    // SAFETY: a whole object.
    if unsafe { (*method).ob_refcnt } == 0 {
        // SAFETY: `row` is alive, by the contract. `dealloc` gives it back.
        unsafe { counting.hold(row) };
    }
    // SAFETY: as above; the record lives as long as the count is not 0.
    unsafe { counting.hold(method) };
    method
}

/// `tp_dealloc`: nobody holds the method any more.
unsafe extern "C" fn dealloc(this: *mut ffi::PyObject) {
    // SAFETY: the interpreter calls it with an instance.
    let row = unsafe { row_of(this) };
    // SAFETY: the method held its record.
    unsafe { ffi::Py_DECREF(row) };
}

/// The record that a method is a part of.
///
/// # Safety
///
/// `this` is a method of a live record.
#[inline(always)]
unsafe fn row_of(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: by the contract.
    let which = unsafe { (*this.cast::<Method>()).which };
    let before = offset_of!(Row, methods) + which * size_of::<Method>();
    // SAFETY: the record begins so many bytes before.
    unsafe { this.cast::<u8>().sub(before) }.cast()
}

/// The vectorcall of `read`.
unsafe extern "C" fn call_read(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let count = (count & !ARGUMENTS_OFFSET) as ffi::Py_ssize_t;
    // SAFETY: the interpreter calls it with an instance.
    let row = unsafe { row_of(this) };
    // SAFETY: the function takes a live record and the arguments as they came.
    unsafe { methods::read(row, arguments, count, names) }
}

/// The vectorcall of `write`.
unsafe extern "C" fn call_write(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let count = (count & !ARGUMENTS_OFFSET) as ffi::Py_ssize_t;
    // SAFETY: the interpreter calls it with an instance.
    let row = unsafe { row_of(this) };
    // SAFETY: the function takes a live record and the arguments as they came.
    unsafe { writing::write(row, arguments, count, names) }
}

/// `tp_call`, for callers that have a tuple and a dictionary.
unsafe extern "C" fn call_slowly(
    this: *mut ffi::PyObject,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: the interpreter gives a tuple that is alive.
    let arguments = unsafe { Bound::from_borrowed_ptr(py, arguments) };
    // SAFETY: and a dictionary or null.
    let keywords = unsafe { Bound::from_borrowed_ptr_or_opt(py, keywords) };
    let builtin = builtin(py, this);
    let called = builtin.and_then(|builtin| {
        let arguments = arguments.cast_into::<PyTuple>()?;
        let keywords = keywords.map(Bound::cast_into::<PyDict>).transpose()?;
        builtin.call(arguments, keywords.as_ref())
    });
    give(py, called)
}

/// `tp_new`: methods are parts of records, and made with them.
unsafe extern "C" fn refuse(
    _: *mut ffi::PyTypeObject,
    _: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let error = "a method of a live record comes from the record";
    give(py, Err(PyTypeError::new_err(error)))
}

/// `tp_getattro`: to those who look closer it is the interpreter's own bound
/// method, with its name, its signature and its documentation.
unsafe extern "C" fn getattro(
    this: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: a name is alive for the call, and a string.
    let name = unsafe { Bound::from_borrowed_ptr(py, name) };
    let found = builtin(py, this).and_then(|builtin| {
        let name = name.cast_into::<pyo3::types::PyString>()?;
        builtin.getattr(&name)
    });
    give(py, found)
}

/// `tp_repr`.
unsafe extern "C" fn repr(this: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let shown = builtin(py, this).and_then(|builtin| builtin.repr());
    give(py, shown.map(Bound::into_any))
}

/// The interpreter's bound method of the same name.
fn builtin(py: Python<'_>, this: *mut ffi::PyObject) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: those who call this got an instance from the interpreter.
    let which = unsafe { (*this.cast::<Method>()).which };
    let name = match which {
        READ => pyo3::intern!(py, "read"),
        _ => pyo3::intern!(py, "write"),
    };
    // SAFETY: as above.
    let row = unsafe { row_of(this) };
    // SAFETY: the row is alive and `name` a string.
    let found = unsafe { ffi::PyObject_GenericGetAttr(row, name.as_ptr()) };
    // SAFETY: a new reference, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, found) }
}

/// The type of these methods.
fn class(py: Python<'_>) -> PyResult<*mut ffi::PyTypeObject> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let made = CLASS.get_or_try_init(py, || {
        let name = "shm_runtime._native.LiveMethod".to_owned();
        let flags = ffi::Py_TPFLAGS_DEFAULT | HAVE_VECTORCALL;
        let members = [
            ffi::PyMemberDef {
                name: c"__vectorcalloffset__".as_ptr(),
                type_code: ffi::Py_T_PYSSIZET,
                offset: offset_of!(Method, vectorcall) as ffi::Py_ssize_t,
                flags: ffi::Py_READONLY,
                doc: ptr::null(),
            },
            super::memory::member_end(),
        ];
        let members = Box::leak(Box::new(members)).as_mut_ptr();
        let slots = [
            (ffi::Py_tp_new, refuse as *mut c_void),
            (ffi::Py_tp_dealloc, dealloc as *mut c_void),
            (ffi::Py_tp_call, call_slowly as *mut c_void),
            (ffi::Py_tp_getattro, getattro as *mut c_void),
            (ffi::Py_tp_repr, repr as *mut c_void),
            (ffi::Py_tp_members, members.cast()),
        ];
        // SAFETY: the functions are those of the slots and work on a `Method`;
        // the table is leaked.
        let made = unsafe { slots::make_type(py, name, None, size_of::<Method>(), flags, &slots) };
        made.map(Bound::unbind)
    })?;
    Ok(made.bind(py).as_type_ptr())
}
