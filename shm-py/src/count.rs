//! References to objects, counted without a call.

#![allow(unsafe_code)]

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// How this interpreter's references are counted.
///
/// The stable ABI has a function for it, and that call is a tenth of a read.
/// What it does is a part of that ABI too, for extensions that were compiled
/// for interpreters before 3.12 do it themselves: the count is the object's
/// first word. From 3.12 on, the objects that are never freed say so by the
/// sign of its lower half, and are left alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counting {
    /// Not in a debug build, which counts all references together as well.
    here: bool,
}

impl Counting {
    /// That of this interpreter.
    pub(crate) fn of(py: Python<'_>) -> PyResult<Self> {
        static HERE: PyOnceLock<bool> = PyOnceLock::new();
        let here = HERE.get_or_try_init(py, || {
            let counts_all = py.import("sys")?.hasattr("gettotalrefcount")?;
            PyResult::Ok(cfg!(target_pointer_width = "64") && !counts_all)
        })?;
        Ok(Self { here: *here })
    }

    /// Whether no call is needed.
    pub(crate) fn is_here(self) -> bool {
        self.here
    }

    /// A new reference to `object`.
    ///
    /// The last thing that a function does: the call, where one is needed, is
    /// a jump then, and the function needs no frame for it.
    ///
    /// # Safety
    ///
    /// `object` is alive, and this thread attached.
    #[inline(always)]
    pub(crate) unsafe fn held(self, object: *mut ffi::PyObject) -> *mut ffi::PyObject {
        if !self.here {
            // SAFETY: the duties of the caller.
            return unsafe { held_by_call(object) };
        }
        // SAFETY: the duties of the caller.
        unsafe { hold_here(object) };
        object
    }

    /// A new reference to `None`. This thread is attached.
    #[inline(always)]
    pub(crate) fn none(self) -> *mut ffi::PyObject {
        // SAFETY: there always is one.
        let none = unsafe { ffi::Py_None() };
        // SAFETY: it is always alive, and all of this crate runs attached.
        unsafe { self.held(none) }
    }
}

/// [`Counting::held`] where it is not [here](Counting::is_here).
///
/// # Safety
///
/// As of [`Counting::held`].
#[cold]
#[inline(never)]
unsafe extern "C" fn held_by_call(object: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the duties of the caller.
    unsafe { ffi::Py_INCREF(object) };
    object
}

/// [`Counting::none`] where it [is here](Counting::is_here).
///
/// # Safety
///
/// It is, and this thread is attached.
#[inline(always)]
pub(crate) unsafe fn none_here() -> *mut ffi::PyObject {
    // SAFETY: there always is one.
    let none = unsafe { ffi::Py_None() };
    // SAFETY: the duty of the caller; `None` is always alive.
    unsafe { hold_here(none) };
    none
}

/// Takes a reference where that [is here](Counting::is_here).
///
/// # Safety
///
/// As of [`Counting::held`].
#[inline(always)]
unsafe fn hold_here(object: *mut ffi::PyObject) {
    // SAFETY: every object begins with its count.
    let count = unsafe { &raw mut (*object).ob_refcnt };
    // SAFETY: nobody else changes it while this thread is attached, or it is
    // that of an object that is never freed and nobody changes it at all.
    let before = unsafe { count.read() };
    if before as i32 >= 0 {
        // SAFETY: as above.
        unsafe { count.write(before + 1) };
    }
}
