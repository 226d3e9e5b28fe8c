//! `read` and `write` of one live record, as an object to be called.
//!
//! A type with a `tp_getattro` of its own gets no help from the interpreter
//! with its methods: each use makes a bound method. Those of the interpreter
//! cost as much as the read itself, so there is a smaller one here, whose
//! memory is used again.

use core::cell::Cell;
use core::ffi::c_void;
use core::mem::offset_of;
use core::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::row::give;
use crate::row::methods::{Fast, READ};
use crate::slots;

/// A method of one live record.
#[repr(C)]
struct Method {
    head: ffi::PyObject,
    vectorcall: ffi::vectorcallfunc,
    /// A reference to the live record.
    row: *mut ffi::PyObject,
    function: Fast,
}

/// Room for one more method, when there is some; of whichever thread is
/// attached.
struct Spare(Cell<*mut ffi::PyObject>);

// SAFETY: it is used while attached to the interpreter, and that is one
// thread at a time: the module says that it needs the lock.
unsafe impl Sync for Spare {}

static SPARE: Spare = Spare(Cell::new(ptr::null_mut()));

/// In the stable ABI since 3.12; in every interpreter, and the same, since
/// 3.8.
const HAVE_VECTORCALL: core::ffi::c_ulong = 1 << 11;

/// The bit of a vectorcall's count that is not a part of the number.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// A new reference to a method of a live record, or null with an exception.
///
/// # Safety
///
/// `row` is a live record that is alive, and this thread attached.
#[inline]
pub(super) unsafe fn bound(
    py: Python<'_>,
    row: *mut ffi::PyObject,
    function: Fast,
) -> *mut ffi::PyObject {
    let class = match class(py) {
        Ok(class) => class,
        Err(error) => {
            error.restore(py);
            return ptr::null_mut();
        }
    };
    let mut room = SPARE.0.replace(ptr::null_mut());
    if room.is_null() {
        // SAFETY: a call of the interpreter's allocator.
        room = unsafe { ffi::PyObject_Malloc(size_of::<Method>()) }.cast();
    }
    if room.is_null() {
        // SAFETY: this thread is attached.
        return unsafe { ffi::PyErr_NoMemory() };
    }
    // SAFETY: `room` has the size of an instance, and nobody uses it.
    let made = unsafe { ffi::PyObject_Init(room, class) };
    let method = made.cast::<Method>();
    // SAFETY: `row` is alive, by the contract.
    unsafe { ffi::Py_INCREF(row) };
    // SAFETY: inside of the room, as are the two that follow.
    unsafe { (*method).vectorcall = call };
    // SAFETY: as above.
    unsafe { (*method).row = row };
    // SAFETY: as above.
    unsafe { (*method).function = function };
    made
}

/// `tp_dealloc`.
unsafe extern "C" fn dealloc(this: *mut ffi::PyObject) {
    let method = this.cast::<Method>();
    // SAFETY: the interpreter calls it with an instance, for the last time.
    let row = unsafe { (*method).row };
    // SAFETY: it is alive: this object holds it.
    let class = unsafe { ffi::Py_TYPE(this) };
    let old = SPARE.0.replace(this);
    if !old.is_null() {
        // SAFETY: it came from this allocator, and nobody uses it.
        unsafe { ffi::PyObject_Free(old.cast()) };
    }
    // SAFETY: the method held its record.
    unsafe { ffi::Py_DECREF(row) };
    // SAFETY: an instance of a heap type holds its type.
    unsafe { ffi::Py_DECREF(class.cast()) };
}

/// The vectorcall.
unsafe extern "C" fn call(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: usize,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let method = this.cast::<Method>();
    // SAFETY: the interpreter calls it with an instance.
    let method = unsafe { &*method };
    let count = (count & !ARGUMENTS_OFFSET) as ffi::Py_ssize_t;
    // SAFETY: the function takes a live record, which `row` is, and the
    // arguments as they came.
    unsafe { (method.function)(method.row, arguments, count, names) }
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
    let method = this.cast::<Method>();
    // SAFETY: those who call this got an instance from the interpreter.
    let method = unsafe { &*method };
    let name = match ptr::fn_addr_eq(method.function, READ) {
        true => pyo3::intern!(py, "read"),
        false => pyo3::intern!(py, "write"),
    };
    // SAFETY: the row is alive and `name` a string.
    let found = unsafe { ffi::PyObject_GenericGetAttr(method.row, name.as_ptr()) };
    // SAFETY: a new reference, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, found) }
}

/// The type of these methods.
#[inline]
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
