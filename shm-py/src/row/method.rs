//! `read` and `write` of one live record, as objects to be called.
//!
//! A type with a `tp_getattro` of its own gets no help from the interpreter
//! with its methods: each use would make a bound one. So a live record keeps
//! the interpreter's own bound methods, which its newer versions call in the
//! shortest way, from their first use on.
//!
//! A bound method holds its record, and the record its methods: that nobody
//! but the collector would take apart. So a method that a record keeps does
//! not count as a holder of it:
//!
//! | the method is | its reference to the record | the collector |
//! |---|---|---|
//! | kept by the record | is not counted | does not know it |
//! | given away | is counted | knows it |
//!
//! When the last reference to a record goes, it gives its methods away. Those
//! that somebody else holds then keep the record alive, and the others go.
//! While somebody holds one, the collector takes neither the record apart nor
//! what it holds.

#![allow(unsafe_code)]

use core::cell::Cell;
use core::ptr;

use pyo3::ffi;

use crate::row::{Row, table};

/// The places of the methods in their record.
pub(crate) const READ: u16 = 0;
pub(crate) const WRITE: u16 = 1;

/// The methods that a live record keeps; null before their first use.
pub(super) struct Methods([Cell<*mut ffi::PyObject>; 2]);

impl Methods {
    pub(super) fn none() -> Self {
        Self([const { Cell::new(ptr::null_mut()) }; 2])
    }

    /// Whether there are any.
    pub(super) fn are_kept(&self) -> bool {
        self.0.iter().any(|kept| !kept.get().is_null())
    }

    /// Whether somebody else holds one of them, and so the record.
    pub(super) fn are_held(&self) -> bool {
        self.0.iter().any(|kept| {
            let method = kept.get();
            // SAFETY: a method that is kept is alive. Where the word holds
            // more than the count, that is its lower half.
            !method.is_null() && unsafe { (*method).ob_refcnt } as i32 != 1
        })
    }
}

/// A new reference to a method of a live record; null and an exception where
/// there is no memory left.
///
/// # Safety
///
/// `row` is a live record that is alive, and this thread attached.
#[inline(always)]
pub(super) unsafe fn bound(row: *mut ffi::PyObject, which: u16) -> *mut ffi::PyObject {
    // SAFETY: `row` is alive, by the contract.
    let live = unsafe { &*row.cast::<Row>() };
    let method = live.methods.0[usize::from(which) & 1].get();
    if method.is_null() {
        // SAFETY: the duties of the caller.
        return unsafe { make(row, which) };
    }
    // SAFETY: the record keeps it.
    unsafe { live.counting.held(method) }
}

/// A method that is used for the first time.
///
/// # Safety
///
/// As of [`bound`].
#[cold]
unsafe extern "C" fn make(row: *mut ffi::PyObject, which: u16) -> *mut ffi::PyObject {
    let definition = table::definition(which);
    // SAFETY: the definition lives for ever, and its function takes a live
    // record, which `row` is.
    let method = unsafe { ffi::PyCFunction_NewEx(definition, row, ptr::null_mut()) };
    if method.is_null() {
        return method;
    }
    // SAFETY: the collector knows every new one. It would take the method for
    // a holder of the record.
    unsafe { ffi::PyObject_GC_UnTrack(method.cast()) };
    // SAFETY: the method's reference to the record, which is alive without it.
    unsafe { ffi::Py_DECREF(row) };
    // SAFETY: `row` is alive, by the contract.
    let live = unsafe { &*row.cast::<Row>() };
    // SAFETY: it is alive. One reference is the record's.
    unsafe { ffi::Py_INCREF(method) };
    live.methods.0[usize::from(which) & 1].set(method);
    method
}

/// Gives the methods of a record away, to whoever else holds them.
///
/// # Safety
///
/// `row` is a live record that is alive, and this thread attached.
pub(super) unsafe fn give_away(row: *mut ffi::PyObject) {
    // SAFETY: the duty of the caller.
    let live = unsafe { &*row.cast::<Row>() };
    for kept in &live.methods.0 {
        let method = kept.replace(ptr::null_mut());
        if method.is_null() {
            continue;
        }
        // SAFETY: `row` is alive. From now on the method's reference counts.
        unsafe { ffi::Py_INCREF(row) };
        // SAFETY: it is alive, and the collector does not know it.
        unsafe { ffi::PyObject_GC_Track(method.cast()) };
        // SAFETY: the record's reference.
        unsafe { ffi::Py_DECREF(method) };
    }
}
