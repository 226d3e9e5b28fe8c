//! How a live record is written.
//!
//! What is common is a function for each size of record, that is picked when
//! the row is made: a whole record without gaps, and a number of a record that
//! has neither gaps nor bools. All else takes the long way, which also says
//! what is wrong. The functions that publish are the C kind, out of which no
//! panic comes: so who ends with one jumps there and needs no frame.

#![allow(unsafe_code)]

use core::ffi::c_int;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use shm_runtime::raw::{Stamp, Unread, Unwritten};

use crate::count::{Counting, none_here};
use crate::fields::{Entry, Fields, What};
use crate::row::arguments::Arguments;
use crate::row::methods::check_record;
use crate::row::{Row, Stage, give, raise};
use crate::sizes::{BySize, ByWords, by_size, by_words};
use crate::structure;

/// Publishes a structure and gives `None`, or null and an exception.
type Publish = unsafe extern "C" fn(&Row, *mut ffi::PyObject) -> *mut ffi::PyObject;

const PUBLISH_WHOLE: ByWords<Publish> = by_words!(publish_whole);
const PUBLISH: BySize<Publish> = by_size!(publish);

/// Publishes what stands there but for the bits under a mask in one word;
/// false when that is not for here.
type Change = fn(&Row, word: usize, mask: u64, bits: u64) -> bool;

const CHANGE: BySize<Change> = by_size!(change_word);

/// The functions that write records of one type.
pub(super) struct Writing {
    publish: Publish,
    change: Change,
}

impl Writing {
    /// For rows with these fields; `is_whole` says whether they are for the
    /// functions of [whole records](shm_runtime::raw::Slot::is_whole).
    pub(super) fn of(fields: &Fields, is_whole: bool, counting: Counting) -> Self {
        let whole = PUBLISH_WHOLE
            .get(fields.size)
            .filter(|_| is_whole && counting.is_here());
        let has_gaps = !fields.gaps.is_empty();
        Self {
            publish: match (whole, has_gaps) {
                (_, true) => publish_any,
                (Some(&whole), false) => whole,
                (None, false) => PUBLISH.of(fields.size),
            },
            change: match !has_gaps && fields.bools.is_empty() {
                true => CHANGE.of(fields.size),
                false => |_, _, _, _| false,
            },
        }
    }
}

/// A [`Publish`] for [whole records](shm_runtime::raw::Slot::is_whole) of
/// `WORDS` words without gaps; `PAIRS` where there are pairs.
///
/// # Safety
///
/// As of [`Row::publish`]; and the row is of such records, or its segment
/// closed, references are counted here, and the processor has pairs.
unsafe extern "C" fn publish_whole<const WORDS: usize, const PAIRS: bool>(
    row: &Row,
    record: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let stamp = Stamp::now();
    // SAFETY: the duty of the caller; no Python code runs while it is borrowed.
    let bytes = unsafe { structure::bytes(record, 8 * WORDS) };
    // SAFETY: a write runs no Python code.
    let slot = unsafe { row.slot_in_place() };
    // SAFETY: the duties of the caller.
    if unsafe { slot.write_whole::<WORDS, PAIRS>(bytes, stamp) }.is_err() {
        // SAFETY: the duty of the caller.
        return unsafe { publish_any(row, record) };
    }
    // SAFETY: the duty of the caller.
    unsafe { none_here() }
}

/// A [`Publish`] for other records of `LEAST` to `MOST` bytes, without gaps.
///
/// # Safety
///
/// As of [`Row::publish`].
unsafe extern "C" fn publish<const LEAST: usize, const MOST: usize>(
    row: &Row,
    record: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    let stamp = Stamp::now();
    // SAFETY: the duty of the caller; no Python code runs while it is borrowed.
    let bytes = unsafe { structure::bytes(record, row.size) };
    let fits = LEAST <= row.size && row.size <= MOST;
    // SAFETY: a write runs no Python code.
    if fits && unsafe { row.slot_in_place() }.write(bytes, stamp).is_ok() {
        return row.counting.none();
    }
    // SAFETY: the duty of the caller.
    unsafe { publish_any(row, record) }
}

/// A [`Publish`] for any records.
///
/// # Safety
///
/// As of [`Row::publish`].
#[inline(never)]
unsafe extern "C" fn publish_any(row: &Row, record: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls methods while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: the duty of the caller; no Python code runs while it is borrowed.
    let bytes = unsafe { structure::bytes(record, row.size) };
    match row.write_bytes(py, bytes) {
        Ok(()) => row.counting.none(),
        Err(error) => give(py, Err(error)),
    }
}

/// A [`Change`] for records of `LEAST` to `MOST` bytes, with neither gaps nor
/// bools.
fn change_word<const LEAST: usize, const MOST: usize>(
    row: &Row,
    word: usize,
    mask: u64,
    bits: u64,
) -> bool {
    // SAFETY: a write runs no Python code.
    let slot = unsafe { row.slot_in_place() };
    let most = MOST.saturating_add(7) & !7;
    let fits = LEAST <= slot.size() && slot.size() <= most && 8 * word < slot.size();
    fits && slot.change(word, mask, bits, Stamp::now()).is_ok()
}

impl Row {
    /// Publishes a record; `None`, or null and an exception.
    ///
    /// # Safety
    ///
    /// `record` is alive and an instance of the record's class or of one that
    /// derives from it; this thread is attached.
    #[inline(always)]
    pub(crate) unsafe fn publish(&self, record: *mut ffi::PyObject) -> *mut ffi::PyObject {
        // SAFETY: the duty of the caller.
        unsafe { (self.writing.publish)(self, record) }
    }

    /// Publishes what stands there with one number changed; false when that
    /// is not for here.
    #[inline(always)]
    fn assign_number(&self, entry: &Entry, value: &Bound<'_, PyAny>) -> bool {
        let (What::Number(number), Some(fields)) = (entry.what, &self.fields) else {
            return false;
        };
        let field = fields.get().of(entry);
        let limits = field.and_then(|field| field.limits);
        let Some(bits) = limits.and_then(|limits| number.bits(value, limits)) else {
            return false;
        };
        let mask = (u64::MAX >> (64 - 8 * number.size())) << entry.shift;
        (self.writing.change)(self, entry.word as usize, mask, bits << entry.shift)
    }

    /// Why this process does not write, in words.
    #[cold]
    fn not_writer(&self, py: Python<'_>) -> PyErr {
        let Some(segment) = &self.segment else {
            return self.unread(py, Unread::Retired);
        };
        match segment.bind(py).call_method0("check_writer") {
            Err(error) => error,
            Ok(_) => self.unread(py, Unread::Retired),
        }
    }

    /// Why a write was refused, in words.
    #[cold]
    fn unwritten(&self, py: Python<'_>, unwritten: Unwritten) -> PyErr {
        match unwritten {
            Unwritten::NotOwned => self.not_writer(py),
            _ => self.unread(py, Unread::Retired),
        }
    }

    /// Lends what is published now, clean, to be written again with a change.
    #[inline(always)]
    fn with_current<R>(
        &self,
        py: Python<'_>,
        fields: &Fields,
        work: impl FnOnce(&mut [u8]) -> PyResult<R>,
    ) -> PyResult<R> {
        if !self.slot().is_owned() {
            return Err(self.not_writer(py));
        }
        Stage::with(self.size, |stage| {
            self.take(py, 0, stage.room())?;
            // SAFETY: `take` filled it.
            let bytes = unsafe { stage.filled() };
            fields.normalise(bytes);
            fields.scrub(bytes);
            work(bytes)
        })
    }

    /// Publishes what stands there with one field changed; false when that is
    /// not for here.
    #[inline(never)]
    fn assign(&self, py: Python<'_>, entry: &Entry, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        let fields = self.fields(py)?.get();
        let Some(field) = fields.of(entry) else {
            return Ok(false);
        };
        let What::Number(number) = entry.what else {
            return self.with_current(py, fields, |bytes| {
                let fits = field.put(value, bytes);
                if fits {
                    self.publish_bytes(py, bytes)?;
                }
                Ok(fits)
            });
        };
        let bits = field.limits.and_then(|limits| number.bits(value, limits));
        let Some(bits) = bits else {
            return Ok(false);
        };
        let mask = (u64::MAX >> (64 - 8 * number.size())) << entry.shift;
        let word = entry.word as usize;
        self.with_current(py, fields, |bytes| {
            let kept = word_of(bytes, word) & !mask;
            let changed = kept | (bits << entry.shift & mask);
            let written = self
                .slot()
                .write_changed(bytes, word, changed, Stamp::now());
            written.map_err(|unwritten| self.unwritten(py, unwritten))?;
            Ok(true)
        })
    }

    /// The same with some fields; false when one of them is not for here.
    fn write_fields(&self, py: Python<'_>, arguments: &Arguments<'_>) -> PyResult<bool> {
        let fields = self.fields(py)?.get();
        self.with_current(py, fields, |bytes| {
            for (at, value) in arguments.named.iter().enumerate() {
                // SAFETY: the row holds its fields.
                let entry = unsafe { self.names.find(arguments.name(at) as usize) };
                let Some(field) = entry.and_then(|entry| fields.of(entry)) else {
                    return Ok(false);
                };
                // SAFETY: an argument is alive for the call.
                let value = unsafe { Bound::ref_from_ptr(py, value) };
                if !field.put(value, bytes) {
                    return Ok(false);
                }
            }
            self.publish_bytes(py, bytes).map(|()| true)
        })
    }

    /// Publishes a record without more ado.
    #[inline(always)]
    fn publish_bytes(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        match self.slot().write(bytes, Stamp::now()) {
            Ok(_) => Ok(()),
            Err(unwritten) => Err(self.unwritten(py, unwritten)),
        }
    }

    /// Publishes what is said to be a record; `None`, or null and an exception.
    ///
    /// # Safety
    ///
    /// `record` is alive, and this thread attached.
    #[inline(never)]
    unsafe fn write_checked(&self, record: *mut ffi::PyObject) -> *mut ffi::PyObject {
        // SAFETY: the duty of the caller.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: as above.
        let object = unsafe { Bound::ref_from_ptr(py, &record) };
        let is_one = match self.slot().is_owned() {
            true => self
                .fields(py)
                .and_then(|fields| check_record(fields.get(), object)),
            false => Err(self.not_writer(py)),
        };
        match is_one {
            // SAFETY: as above, and so `check_record` has found.
            Ok(()) => unsafe { self.publish(record) },
            Err(error) => give(py, Err(error)),
        }
    }

    /// Publishes a record's bytes, after the gaps were cleared.
    #[inline(always)]
    pub(crate) fn write_bytes(&self, py: Python<'_>, bytes: &[u8]) -> PyResult<()> {
        let fields = self.fields(py)?.get();
        if fields.is_scrubbed(bytes) {
            return self.publish_bytes(py, bytes);
        }
        let mut bytes = bytes.to_vec();
        fields.scrub(&mut bytes);
        self.publish_bytes(py, &bytes)
    }
}

/// Eight bytes of a record, zeros past its end.
#[inline(always)]
fn word_of(record: &[u8], index: usize) -> u64 {
    let rest = &record[8 * index..];
    if let Some((whole, _)) = rest.split_first_chunk() {
        return u64::from_le_bytes(*whole);
    }
    let mut word = [0; 8];
    word[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(word)
}

/// `write(record=None, /, **fields)`.
pub(super) unsafe extern "C" fn write(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    if count == 1 && names.is_null() {
        // SAFETY: there is one argument.
        let record = unsafe { *arguments };
        // SAFETY: the interpreter calls a method with an instance.
        let row = unsafe { &*this.cast::<Row>() };
        // SAFETY: as above, and a type that is alive.
        if unsafe { ffi::Py_TYPE(record) } == row.class {
            // SAFETY: an argument is alive for the call, this one an instance
            // of the record's class.
            return unsafe { row.publish(record) };
        }
    }
    // SAFETY: as they came.
    unsafe { write_other(this, arguments, count, names) }
}

/// `write` of what is no instance of the record's very class.
///
/// # Safety
///
/// `this` is a live record, the rest those of a call by `METH_FASTCALL |
/// METH_KEYWORDS`; this thread is attached.
#[inline(never)]
unsafe extern "C" fn write_other(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the duty of the caller.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: as above.
    let arguments = &unsafe { Arguments::new(arguments, count, names) };
    // SAFETY: as above.
    let row = unsafe { &*this.cast::<Row>() };
    let done = match (arguments.positional, arguments.named) {
        // SAFETY: there always is a `None`.
        ([record], []) if *record != unsafe { ffi::Py_None() } => {
            // SAFETY: an argument is alive for the call.
            return unsafe { row.write_checked(*record) };
        }
        ([], [_, ..]) => row.write_fields(py, arguments),
        _ => Ok(false),
    };
    match done {
        Ok(true) => row.counting.none(),
        Ok(false) => {
            // SAFETY: `this` is alive: the caller has a reference.
            let this = unsafe { Bound::ref_from_ptr(py, &this) };
            give(py, slowly(this, arguments))
        }
        Err(error) => give(py, Err(error)),
    }
}

/// Leaves a write to Python: what it does through the generated class takes
/// any value that this module does not, and says what is wrong with others.
#[cold]
fn slowly<'py>(this: &Bound<'py, PyAny>, arguments: &Arguments<'_>) -> PyResult<Bound<'py, PyAny>> {
    let py = this.py();
    let borrowed = |object: *mut ffi::PyObject| {
        // SAFETY: an argument, or its name, is alive for the call.
        unsafe { Bound::from_borrowed_ptr(py, object) }
    };
    let positional = arguments
        .positional
        .iter()
        .map(|&argument| borrowed(argument));
    let named = PyDict::new(py);
    for (at, &value) in arguments.named.iter().enumerate() {
        named.set_item(borrowed(arguments.name(at)), borrowed(value))?;
    }
    let positional = PyTuple::new(py, positional.collect::<Vec<_>>())?;
    this.getattr("_write")?.call(positional, Some(&named))
}

/// `_publish(record)`.
pub(super) unsafe extern "C" fn publish_record(
    this: *mut ffi::PyObject,
    record: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a method with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: an argument is alive for the call.
    unsafe { row.write_checked(record) }
}

/// `tp_setattro` of a live record: publishes it with one field changed. What
/// is not for here, and what is wrong, is left to the properties of its type.
pub(super) unsafe extern "C" fn setattro(
    this: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
    value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: the interpreter calls a slot of this type with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: `row` holds its fields until it is cleared, and `clear` leaves
    // them alone.
    let entry = unsafe { row.names.find(name as usize) };
    // Null is `del`.
    if let Some(entry) = entry.filter(|_| !value.is_null()) {
        // SAFETY: the interpreter calls slots while this thread is attached.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: a value is alive for the call.
        let value = unsafe { Bound::ref_from_ptr(py, &value) };
        if row.assign_number(entry, value) {
            return 0;
        }
        match row.assign(py, entry, value) {
            Ok(true) => return 0,
            Ok(false) => {}
            Err(error) => {
                raise(py, error);
                return -1;
            }
        }
    }
    // SAFETY: what the interpreter would do without this slot.
    unsafe { ffi::PyObject_GenericSetAttr(this, name, value) }
}
