//! How live records come and go.

use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::mem::offset_of;
use core::ptr;

use pyo3::exceptions::{PyIndexError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use shm_runtime::raw::Slot;

use crate::count::Counting;
use crate::fields::Fields;
use crate::records::Records;
use crate::row::method::Methods;
use crate::row::writing::Writing;
use crate::row::{Row, give, method, methods, pointer};

/// `tp_new`: the live record of row `index` of `segment`, the one there is or
/// a new one.
pub(super) unsafe extern "C" fn new(
    class: *mut ffi::PyTypeObject,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: `class` is a type that is alive.
    let class = unsafe { PyType::from_borrowed_type_ptr(py, class) };
    // SAFETY: the interpreter gives a tuple that is alive.
    let arguments = unsafe { Bound::from_borrowed_ptr(py, arguments) };
    // SAFETY: and a dictionary or null.
    let keywords = unsafe { Bound::from_borrowed_ptr_or_opt(py, keywords) };
    give(py, make(&class, arguments, keywords))
}

fn make<'py>(
    class: &Bound<'py, PyType>,
    arguments: Bound<'py, PyAny>,
    keywords: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let keywords = keywords
        .map(|keywords| keywords.cast_into::<PyDict>())
        .transpose()?;
    if keywords.is_some_and(|keywords| !keywords.is_empty()) {
        return Err(PyTypeError::new_err("a live record takes no keywords"));
    }
    let (segment, number): (Bound<'py, PyAny>, u64) = arguments.cast::<PyTuple>()?.extract()?;
    let records: Bound<'py, Records> = segment.getattr("native")?.cast_into()?;
    let fields: Bound<'py, Fields> = class.getattr("_fields")?.cast_into()?;
    if let Some(live) = records.get().live(number) {
        // SAFETY: what is registered is alive: it takes itself out of the
        // list before anything else when its last reference goes.
        let live = unsafe { Bound::from_borrowed_ptr(py, live.as_ptr().cast()) };
        if live.get_type().is(class) {
            return Ok(live);
        }
    }
    allocate(class, segment, &records, &fields, number)
}

fn allocate<'py>(
    class: &Bound<'py, PyType>,
    segment: Bound<'py, PyAny>,
    records: &Bound<'py, Records>,
    fields: &Bound<'py, Fields>,
    number: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let counting = Counting::of(py)?;
    // SAFETY: `class` is a heap type of ours whose instances are a `Row`.
    let made = unsafe { ffi::PyType_GenericAlloc(class.as_type_ptr(), 0) };
    // SAFETY: a new reference, or null with an exception set.
    let made = unsafe { Bound::from_owned_ptr_or_err(py, made) }?;
    let row = made.as_ptr().cast::<Row>();
    let known = fields.get();
    let mapped = records.get().segment();
    // What is closed is nowhere, which is right for any function.
    let is_whole = mapped.is_none_or(|mapped| {
        let slot = mapped.slot(number);
        slot.is_some_and(|slot| slot.is_whole(known.size / 8))
    });
    let whole = Row {
        // SAFETY: the allocation has filled the head in.
        head: unsafe { ptr::read(made.as_ptr()) },
        slot: Cell::new(Slot::nowhere()),
        names: known.names(),
        size: known.size,
        has_bools: !known.bools.is_empty(),
        counting,
        class: known.record.bind(py).as_type_ptr(),
        read_into: methods::READ_INTO.of(known.size),
        writing: Writing::of(known, is_whole, counting),
        is_plain: known.bools.is_empty() && counting.is_here(),
        fields: Some(fields.clone().unbind()),
        records: Some(records.clone().unbind()),
        segment: Some(segment.unbind()),
        number,
        weak: ptr::null_mut(),
        methods: Methods::none(),
    };
    // SAFETY: `row` has the room of a `Row`, all zeros but for the head, which
    // is written as it was.
    unsafe { ptr::write(row, whole) };
    let registered =
        pointer(made.as_ptr()).and_then(|row| records.get().register(number, known.size, row));
    match registered {
        Some(slot) => {
            // SAFETY: it was written just now.
            let row = unsafe { &*row };
            row.slot.set(slot);
            Ok(made)
        }
        None => Err(PyIndexError::new_err(format!(
            "no such record in row {number}"
        ))),
    }
}

/// `tp_dealloc`.
pub(super) unsafe extern "C" fn dealloc(this: *mut ffi::PyObject) {
    // SAFETY: the interpreter calls it with an instance.
    if unsafe { &*this.cast::<Row>() }.methods.are_kept() {
        // SAFETY: the room is there, and whole again with this reference.
        unsafe { ffi::Py_INCREF(this) };
        // SAFETY: `this` is alive again, and this thread attached.
        unsafe { method::give_away(this) };
        // Comes back here, without methods, if nobody holds one.
        // SAFETY: the reference from above.
        unsafe { ffi::Py_DECREF(this) };
        return;
    }
    // SAFETY: an object with a head for the collector, which may not come
    // across it half gone.
    unsafe { ffi::PyObject_GC_UnTrack(this.cast()) };
    let row = this.cast::<Row>();
    // SAFETY: the last reference is gone, so nobody else uses it.
    let live = unsafe { &*row };
    live.forget();
    if !live.weak.is_null() {
        // SAFETY: the type has weak references and this object some.
        unsafe { ffi::PyObject_ClearWeakRefs(this) };
    }
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: a whole `Row`, which is not used again.
    let parts = unsafe { ptr::read(row) };
    release(py, parts.fields);
    release(py, parts.records);
    release(py, parts.segment);
    // SAFETY: its type is alive: this object holds it.
    let class = unsafe { ffi::Py_TYPE(this) };
    // SAFETY: it was allocated with a head for the collector.
    unsafe { ffi::PyObject_GC_Del(this.cast()) };
    // SAFETY: an instance of a heap type holds its type.
    unsafe { ffi::Py_DECREF(class.cast()) };
}

/// Gives a reference back now. A plain drop would keep it until PyO3 next
/// attaches this thread, which it does not know to be attached in a slot.
fn release<T>(py: Python<'_>, held: Option<Py<T>>) {
    if let Some(held) = held {
        drop(held.into_bound(py));
    }
}

/// `tp_traverse`.
pub(super) unsafe extern "C" fn traverse(
    this: *mut ffi::PyObject,
    visit: ffi::visitproc,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: the collector calls it with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    if row.methods.are_held() {
        // What is not told of is kept.
        return 0;
    }
    // SAFETY: as above.
    let class = unsafe { ffi::Py_TYPE(this) };
    let held = [
        Some(class.cast()),
        row.fields.as_ref().map(Py::as_ptr),
        row.records.as_ref().map(Py::as_ptr),
        row.segment.as_ref().map(Py::as_ptr),
    ];
    for object in held.into_iter().flatten() {
        // SAFETY: `object` is alive, for this one holds it.
        let stop = unsafe { visit(object, argument) };
        if stop != 0 {
            return stop;
        }
    }
    0
}

/// `tp_clear`: cycles go through the segment alone. The fields stay, for the
/// names point into them.
pub(super) unsafe extern "C" fn clear(this: *mut ffi::PyObject) -> c_int {
    // SAFETY: the collector calls it with an instance that nobody uses, but
    // for its methods.
    let row = unsafe { &mut *this.cast::<Row>() };
    if row.methods.are_held() {
        return 0;
    }
    row.end();
    row.forget();
    // SAFETY: the collector runs while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    release(py, row.segment.take());
    0
}

impl Row {
    /// Takes itself out of the list of its segment.
    fn forget(&self) {
        let number = self.number;
        let this = ptr::NonNull::from(self);
        if let Some(records) = self.records.as_ref() {
            records.get().forget(number, this);
        }
    }
}

/// `tp_members`: where weak references and the segment are.
pub(super) fn members() -> *mut c_void {
    let member = |name: &'static core::ffi::CStr, kind, offset: usize| ffi::PyMemberDef {
        name: name.as_ptr(),
        type_code: kind,
        offset: offset as ffi::Py_ssize_t,
        flags: ffi::Py_READONLY,
        doc: ptr::null(),
    };
    let table = [
        member(
            c"__weaklistoffset__",
            ffi::Py_T_PYSSIZET,
            offset_of!(Row, weak),
        ),
        member(c"_segment", ffi::Py_T_OBJECT_EX, offset_of!(Row, segment)),
        ffi::PyMemberDef {
            name: c"index".as_ptr(),
            type_code: ffi::Py_T_ULONGLONG,
            offset: offset_of!(Row, number) as ffi::Py_ssize_t,
            flags: ffi::Py_READONLY,
            doc: c"The row's number; 0 for a cell.".as_ptr(),
        },
        member_end(),
    ];
    Box::leak(Box::new(table)).as_mut_ptr().cast()
}

pub(super) fn member_end() -> ffi::PyMemberDef {
    ffi::PyMemberDef {
        name: ptr::null(),
        type_code: 0,
        offset: 0,
        flags: 0,
        doc: ptr::null(),
    }
}
