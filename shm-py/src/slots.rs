//! Python types made of slots.

#![allow(unsafe_code)]

use core::ffi::{c_int, c_void};
use std::ffi::CString;

use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

/// A slot and what is in it.
pub(crate) type Slot = (c_int, *mut c_void);

/// Makes a heap type.
///
/// # Errors
///
/// What the interpreter says.
///
/// # Safety
///
/// 1. `slots` hold functions and tables of the kinds that their numbers name,
///    right for instances of `size` bytes, and the tables live for ever.
/// 2. `size` is at least that of an instance of `base`, and what is more is
///    the slots' to care for.
pub(crate) unsafe fn make_type<'py>(
    py: Python<'py>,
    name: String,
    base: Option<&Bound<'py, PyType>>,
    size: usize,
    flags: core::ffi::c_ulong,
    slots: &[Slot],
) -> PyResult<Bound<'py, PyType>> {
    let mut all: Vec<ffi::PyType_Slot> = slots
        .iter()
        .map(|&(slot, pfunc)| ffi::PyType_Slot { slot, pfunc })
        .collect();
    all.push(ffi::PyType_Slot {
        slot: 0,
        pfunc: core::ptr::null_mut(),
    });
    let name = CString::new(name).map_err(|_| PyValueError::new_err("a NUL in a type's name"))?;
    let mut spec = ffi::PyType_Spec {
        // Interpreters before 3.12 keep this pointer in the type, which may
        // live as long as they do.
        name: name.into_raw(),
        basicsize: size as c_int,
        itemsize: 0,
        flags: flags as core::ffi::c_uint,
        slots: all.as_mut_ptr(),
    };
    // Interpreters before 3.10 take nothing but a tuple.
    let bases = base.map(|base| PyTuple::new(py, [base])).transpose()?;
    let bases = bases.as_ref().map_or(core::ptr::null_mut(), Bound::as_ptr);
    // SAFETY: `spec` is whole and lives through the call; its slots are right
    // by this function's contract; a null base is `object`.
    let made = unsafe { ffi::PyType_FromSpecWithBases(&raw mut spec, bases) };
    // SAFETY: a new reference, or null with an exception set.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, made) }?;
    Ok(made.cast_into()?)
}
