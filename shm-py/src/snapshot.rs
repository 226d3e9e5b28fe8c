//! A record that takes itself again.
//!
//! A snapshot is an instance of a Python subclass of the generated
//! `ctypes.Structure` with one slot, for the live record it came from. Its
//! `refresh` and `write` are methods of this module, which find the slot by
//! its offset and copy straight to and from the structure's bytes.

#![allow(unsafe_code)]

use core::ffi::CStr;
use core::mem::MaybeUninit;
use core::ptr;
use std::sync::OnceLock;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::count::{Counting, none_here};
use crate::row::{Row, give};
use crate::sizes::{self, BySize, ByWords, by_size, by_words};
use crate::structure;

/// Where the slot of a snapshot is: ctypes objects are all of one size.
static SLOT: OnceLock<usize> = OnceLock::new();

/// Gives a snapshot class its `refresh` and its `write`. `slot` is the descriptor of its one
/// slot, which the class must not show from now on: what is in it is trusted
/// to be a live record of this type. `is_plain` says that it is for the
/// functions of [whole records](shm_runtime::raw::Slot::is_whole), and that
/// its bytes are all that a refresh is about: there are no bools.
#[pyfunction]
pub(crate) fn bind(
    class: &Bound<'_, PyType>,
    slot: &Bound<'_, PyAny>,
    is_plain: bool,
) -> PyResult<()> {
    let py = class.py();
    let found = find(class, slot)?;
    if *SLOT.get_or_init(|| found) != found {
        return Err(PyRuntimeError::new_err("ctypes objects of several sizes"));
    }
    let size: usize = py
        .import("ctypes")?
        .call_method1("sizeof", (class,))?
        .extract()?;
    let Definitions {
        refresh_whole,
        refresh,
        write,
    } = definitions();
    let is_plain = is_plain && Counting::of(py)?.is_here();
    let whole = refresh_whole.get(size).filter(|_| is_plain);
    let refresh = whole.unwrap_or(&refresh[REFRESHES.number_by_words(size)]);
    for (name, definition) in [("refresh", refresh), ("write", write)] {
        let definition = ptr::from_ref(definition).cast_mut();
        // SAFETY: the table outlives the descriptor, and its function takes
        // what the descriptor checks for: an instance of `class`.
        let method = unsafe { ffi::PyDescr_NewMethod(class.as_type_ptr(), definition) };
        // SAFETY: a new reference, or null with an exception set.
        let method = unsafe { Bound::from_owned_ptr_or_err(py, method) }?;
        class.setattr(name, method)?;
    }
    Ok(())
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

/// A function of the table that takes no arguments.
type NoArguments =
    unsafe extern "C" fn(*mut ffi::PyObject, *mut ffi::PyObject) -> *mut ffi::PyObject;

const REFRESHES_WHOLE: ByWords<NoArguments> = by_words!(refresh_whole);

/// `refresh()` of [whole records](shm_runtime::raw::Slot::is_whole) of `WORDS`
/// words, whose bytes are all that it is about; `PAIRS` where there are pairs.
unsafe extern "C" fn refresh_whole<const WORDS: usize, const PAIRS: bool>(
    this: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls the method with an instance of a class
    // that `bind` has seen, and holds it meanwhile.
    let Some(row) = (unsafe { row_of(this) }) else {
        return unbound();
    };
    // SAFETY: a snapshot is as large as the record; no Python code runs while
    // its bytes are borrowed.
    let room = unsafe { structure::room(this, 8 * WORDS) };
    // SAFETY: nothing runs meanwhile.
    let slot = unsafe { row.slot_in_place() };
    // SAFETY: `bind` chose this function for such records, and for a processor
    // that has pairs, if it asks for them.
    if !unsafe { slot.try_read_whole::<WORDS, PAIRS>(room) } {
        return finish(row, room.as_mut_ptr(), false);
    }
    // SAFETY: `bind` chose this function where references are counted here;
    // the interpreter calls methods while this thread is attached.
    unsafe { none_here() }
}

const REFRESHES: BySize<NoArguments> = by_size!(refresh);

/// `refresh()` of any other records of `LEAST` to `MOST` bytes; where there is
/// a most, of whole words.
unsafe extern "C" fn refresh<const LEAST: usize, const MOST: usize>(
    this: *mut ffi::PyObject,
    _: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls the method with an instance of a class
    // that `bind` has seen, and holds it meanwhile.
    let Some(row) = (unsafe { row_of(this) }) else {
        return unbound();
    };
    // The record's own size is only asked where it is not that of its words.
    let size = match MOST {
        usize::MAX => row.size,
        _ => row.slot().size(),
    };
    // SAFETY: a snapshot is as large as the record, which is nowhere else when
    // it has words at all; no Python code runs while its bytes are borrowed.
    let room = unsafe { structure::room(this, size) };
    let fits = LEAST <= size && size <= MOST;
    if !fits || !row.slot().try_read(0, room) {
        return finish(row, room.as_mut_ptr(), false);
    }
    if !row.is_plain {
        return finish(row, room.as_mut_ptr(), true);
    }
    // SAFETY: a plain row's references are counted here; the interpreter calls
    // methods while this thread is attached.
    unsafe { none_here() }
}

/// All that a refresh may need beside one try: in a function of its own, so
/// that the common case gets by with few registers.
#[inline(never)]
extern "C" fn finish(row: &Row, start: *mut MaybeUninit<u8>, whole: bool) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls methods while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: as in `refresh`, and there the borrow has ended.
    let room = unsafe { core::slice::from_raw_parts_mut(start, row.size) };
    let done = row.take_whole(py, room, whole);
    give(py, done.map(|()| py.None().into_bound(py)))
}

/// `write()`.
unsafe extern "C" fn write(this: *mut ffi::PyObject, _: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: as in `refresh`.
    let Some(row) = (unsafe { row_of(this) }) else {
        return unbound();
    };
    // SAFETY: a snapshot is an instance of a class that derives from the
    // record's.
    unsafe { row.publish(this) }
}

/// The live record of a snapshot; none of a copy that is bound to none.
///
/// # Safety
///
/// `this` is an instance of a class that `bind` has seen, and outlives `'a`.
#[inline(always)]
unsafe fn row_of<'a>(this: *mut ffi::PyObject) -> Option<&'a Row> {
    // SAFETY: `bind` has set it.
    let offset = unsafe { SLOT.get().unwrap_unchecked() };
    // SAFETY: by the contract there is the slot.
    let slot = unsafe { this.cast::<u8>().add(*offset) };
    // SAFETY: it holds a pointer or null.
    let row = unsafe { ptr::read(slot.cast::<*const Row>()) };
    // SAFETY: the class puts live records into the slot, and shows it to
    // nobody; the snapshot holds what is there.
    unsafe { row.as_ref() }
}

/// The error of a copy that is bound to nothing.
#[cold]
extern "C" fn unbound() -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls methods while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let error =
        "a copy of a snapshot is bound to no row; hint: `row.snapshot()`, `row.write(copy)`";
    give(py, Err(PyValueError::new_err(error)))
}

/// The entries of the methods' tables.
struct Definitions {
    /// Of each of [`REFRESHES_WHOLE`].
    refresh_whole: ByWords<ffi::PyMethodDef>,
    /// Of each of [`REFRESHES`].
    refresh: [ffi::PyMethodDef; sizes::COUNT],
    write: ffi::PyMethodDef,
}

// SAFETY: nobody writes to them after they were made.
unsafe impl Sync for Definitions {}
// SAFETY: as above.
unsafe impl Send for Definitions {}

fn definitions() -> &'static Definitions {
    static DEFINITIONS: OnceLock<Definitions> = OnceLock::new();
    let method = |name: &'static CStr, function, doc: &'static CStr| ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: ffi::PyMethodDefPointer {
            PyCFunction: function,
        },
        ml_flags: ffi::METH_NOARGS,
        ml_doc: doc.as_ptr(),
    };
    let refresh = |function| {
        method(
            c"refresh",
            function,
            c"refresh($self)\n--\n\nTakes the record again. After an error every byte of it is 0.",
        )
    };
    DEFINITIONS.get_or_init(|| Definitions {
        refresh_whole: REFRESHES_WHOLE.map(refresh),
        refresh: REFRESHES.map(refresh),
        write: method(
            c"write",
            write,
            c"write($self)\n--\n\nPublishes this copy as the record that its row holds next.",
        ),
    })
}
