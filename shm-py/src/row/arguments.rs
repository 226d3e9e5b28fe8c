//! What a method is called with.

#![allow(unsafe_code)]

use core::slice;

use pyo3::ffi;

/// The positional and the named arguments of a call.
pub(super) struct Arguments<'a> {
    pub(super) positional: &'a [*mut ffi::PyObject],
    pub(super) named: &'a [*mut ffi::PyObject],
    names: *mut ffi::PyObject,
}

impl<'a> Arguments<'a> {
    /// # Safety
    ///
    /// They are those of a call by `METH_FASTCALL | METH_KEYWORDS`.
    #[inline(always)]
    pub(super) unsafe fn new(
        arguments: *const *mut ffi::PyObject,
        count: ffi::Py_ssize_t,
        names: *mut ffi::PyObject,
    ) -> Self {
        let count = count as usize;
        let named = match names.is_null() {
            true => 0,
            // SAFETY: `names` is a tuple, by the contract.
            false => unsafe { ffi::Py_SIZE(names) as usize },
        };
        if count + named == 0 {
            return Self {
                positional: &[],
                named: &[],
                names,
            };
        }
        // SAFETY: by the contract, there are as many pointers to live objects,
        // until the call returns.
        let all = unsafe { slice::from_raw_parts(arguments, count + named) };
        let (positional, named) = all.split_at(count);
        Self {
            positional,
            named,
            names,
        }
    }

    /// The name of a named argument.
    #[inline(always)]
    pub(super) fn name(&self, at: usize) -> *mut ffi::PyObject {
        // SAFETY: `names` is a tuple of as many names as `named` has values;
        // without names there is no place to ask for.
        unsafe { ffi::PyTuple_GetItem(self.names, at as ffi::Py_ssize_t) }
    }
}
