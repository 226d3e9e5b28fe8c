//! The Python type of a live record: slots and memory.
//!
//! Every record type of a schema gets a heap type of its own. Its
//! `tp_getattro` and its `tp_setattro` find a field by the address of the
//! interned name, which costs less than any descriptor; what is no field is
//! looked up as usual.

#![allow(unsafe_code)]

mod arguments;
mod memory;
pub(crate) mod method;
mod methods;
mod table;
mod writing;

use core::cell::Cell;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};
use core::slice;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};
use shm_runtime::raw::{Peek, Slot, Unread};

use crate::count::Counting;
use crate::fields::{Entry, Fields, Make, Names, What};
use crate::records::{Records, unread_error};
use crate::row::method::Methods;
use crate::slots;
use crate::structure;
use crate::value::Number;

/// A live record. What a read of a number needs stands first.
#[repr(C)]
pub(crate) struct Row {
    head: ffi::PyObject,
    /// Changes once, when the segment is closed.
    slot: Cell<Slot<'static>>,
    names: Names,
    pub(crate) size: usize,
    pub(crate) has_bools: bool,
    pub(crate) counting: Counting,
    /// Whether a record's bytes are all that a refresh is about: no bools,
    /// and references are [counted here](Counting::is_here).
    pub(crate) is_plain: bool,
    /// The record's, which the fields hold.
    class: *mut ffi::PyTypeObject,
    read_into: methods::ReadInto,
    writing: writing::Writing,
    pub(crate) fields: Option<Py<Fields>>,
    records: Option<Py<Records>>,
    pub(crate) segment: Option<Py<PyAny>>,
    number: u64,
    weak: *mut ffi::PyObject,
    methods: Methods,
}

impl Row {
    /// The segment is closed: from now on nothing is read.
    pub(crate) fn end(&self) {
        self.slot.set(Slot::nowhere());
    }

    #[inline(always)]
    pub(crate) fn slot(&self) -> Slot<'static> {
        self.slot.get()
    }

    /// The slot where it is, of which nothing is loaded before it is needed.
    ///
    /// # Safety
    ///
    /// No Python code runs while it is borrowed: that could close the segment.
    #[inline(always)]
    pub(crate) unsafe fn slot_in_place(&self) -> &Slot<'static> {
        // SAFETY: by the contract nobody changes it meanwhile.
        unsafe { &*self.slot.as_ptr() }
    }

    /// Notes tries that met a writer.
    #[cold]
    pub(crate) fn count(&self, py: Python<'_>, retries: u32) -> PyResult<()> {
        let Some(segment) = &self.segment else {
            return Ok(());
        };
        let segment = segment.bind(py);
        let name = pyo3::intern!(py, "retries");
        let before: u64 = segment.getattr(name)?.extract()?;
        segment.setattr(name, before + u64::from(retries))
    }

    /// Why nothing was read, in words.
    #[cold]
    pub(crate) fn unread(&self, py: Python<'_>, unread: Unread) -> PyErr {
        match &self.segment {
            Some(segment) => unread_error(segment.bind(py), unread),
            None => PyValueError::new_err("the record was taken apart by the garbage collector"),
        }
    }

    pub(crate) fn fields<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, Fields>> {
        match &self.fields {
            Some(fields) => Ok(fields.bind(py)),
            None => Err(self.unread(py, Unread::Retired)),
        }
    }

    /// Fills `to` from byte `offset` of the record on.
    #[inline(always)]
    pub(crate) fn take(
        &self,
        py: Python<'_>,
        offset: usize,
        to: &mut [MaybeUninit<u8>],
    ) -> PyResult<()> {
        match self.slot().read(offset, to) {
            Ok(0) => Ok(()),
            Ok(retries) => self.count(py, retries),
            Err(unread) => Err(self.unread(py, unread)),
        }
    }

    /// Makes a whole record of what one try has left in `to`; `whole` says
    /// whether it took it. After an error every byte is 0.
    pub(crate) fn take_whole(
        &self,
        py: Python<'_>,
        to: &mut [MaybeUninit<u8>],
        whole: bool,
    ) -> PyResult<()> {
        let mut retries = 0;
        if !whole {
            match self.slot().read(0, to) {
                Ok(again) => retries = again + 1,
                Err(unread) => {
                    // What could not be read whole is not shown.
                    to.fill(MaybeUninit::new(0));
                    return Err(self.unread(py, unread));
                }
            }
        }
        if self.has_bools {
            let fields = self.fields(py)?.get();
            // SAFETY: a read has filled it.
            let bytes = unsafe { slice::from_raw_parts_mut(to.as_mut_ptr().cast(), to.len()) };
            fields.normalise(bytes);
        }
        // Last: it runs Python code, which may free what `to` borrows.
        match retries {
            0 => Ok(()),
            _ => self.count(py, retries),
        }
    }

    /// The number in a word of the record, when the first try met a writer.
    #[cold]
    fn number_again(&self, py: Python<'_>, entry: &Entry, number: Number) -> *mut ffi::PyObject {
        let read = match self.slot().word(entry.word as usize) {
            Ok((word, retries)) => self.count(py, retries + 1).map(|()| word),
            Err(unread) => Err(self.unread(py, unread)),
        };
        give(py, read.map(|word| number.object(py, word >> entry.shift)))
    }

    /// A field that is no number in one word.
    fn field<'py>(&self, this: &Bound<'py, PyAny>, field: usize) -> PyResult<Bound<'py, PyAny>> {
        let py = this.py();
        let fields = self.fields(py)?.clone();
        let Some(field) = fields.get().fields.get(field) else {
            return Err(PyValueError::new_err("no such field"));
        };
        if let Make::Call { get } = &field.make {
            return get.bind(py).call1((this,));
        }
        Stage::with(field.size, |stage| {
            self.take(py, field.offset, stage.room())?;
            // SAFETY: `take` filled it.
            field.object(py, unsafe { stage.filled() })
        })
    }
}

/// Room for a record's bytes on their way.
pub(crate) struct Stage<'a> {
    room: &'a mut [MaybeUninit<u8>],
}

/// Records up to this size need no allocation on their way.
const SMALL: usize = 1024;

impl Stage<'_> {
    /// Lends room for `size` bytes.
    #[inline]
    pub(crate) fn with<R>(size: usize, work: impl FnOnce(&mut Stage<'_>) -> R) -> R {
        if size <= SMALL {
            let mut small = MaybeUninit::<[MaybeUninit<u8>; SMALL]>::uninit();
            // SAFETY: an array of `MaybeUninit` is one, whatever it holds.
            let small = unsafe { small.assume_init_mut() };
            work(&mut Stage {
                room: &mut small[..size],
            })
        } else {
            let mut large = vec![MaybeUninit::uninit(); size];
            work(&mut Stage { room: &mut large })
        }
    }

    #[inline]
    pub(crate) fn room(&mut self) -> &mut [MaybeUninit<u8>] {
        self.room
    }

    /// The bytes.
    ///
    /// # Safety
    ///
    /// All of [`Stage::room`] was filled.
    #[inline]
    pub(crate) unsafe fn filled(&mut self) -> &mut [u8] {
        // SAFETY: by the contract each byte is initialised.
        unsafe { slice::from_raw_parts_mut(self.room.as_mut_ptr().cast(), self.room.len()) }
    }
}

/// `tp_getattro` of a live record.
unsafe extern "C" fn getattro(
    this: *mut ffi::PyObject,
    name: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a slot of this type with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: `row` holds its fields until it is cleared, and `clear` leaves
    // them alone.
    let entry = unsafe { row.names.first(name as usize) };
    if entry.name != name as usize {
        return elsewhere(this, name);
    }
    let What::Number(number) = entry.what else {
        return member(this, entry);
    };
    // SAFETY: no Python code runs before the word is there.
    let slot = unsafe { row.slot_in_place() };
    // SAFETY: the fields are of this record, and so are all words of theirs.
    let Some(peek) = (unsafe { slot.peek(entry.word as usize) }) else {
        return field(this, entry);
    };
    if !slot.is_untouched(peek) {
        return late(this, entry, peek);
    }
    // SAFETY: the interpreter calls slots while this thread is attached.
    unsafe { number.give(peek.word() >> entry.shift) }
}

/// A number that was looked at while a writer began or ended something.
///
/// What is not common is in functions of its own, here as below, so that a
/// number touches few lines of code and needs few registers. They are the C
/// kind because no panic comes out of those: then nothing is left to be done
/// after them, the common case needs no frame, and leaves with a jump.
#[cold]
#[inline(never)]
extern "C" fn late(this: *mut ffi::PyObject, entry: &Entry, peek: Peek) -> *mut ffi::PyObject {
    // SAFETY: `this` is a live record, and alive.
    let row = unsafe { &*this.cast::<Row>() };
    let What::Number(number) = entry.what else {
        return field(this, entry);
    };
    // SAFETY: nothing runs meanwhile.
    if unsafe { row.slot_in_place() }.still_holds(peek) {
        // SAFETY: the interpreter calls slots while this thread is attached.
        return unsafe { number.give(peek.word() >> entry.shift) };
    }
    // SAFETY: as above.
    let py = unsafe { Python::assume_attached() };
    row.number_again(py, entry, number)
}

/// What is not found where it should be.
#[inline(never)]
extern "C" fn elsewhere(this: *mut ffi::PyObject, name: *mut ffi::PyObject) -> *mut ffi::PyObject {
    // SAFETY: `this` is a live record, and alive.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: as in `getattro`.
    match unsafe { row.names.find(name as usize) } {
        Some(entry) => member(this, entry),
        // SAFETY: what the interpreter would do without this slot.
        None => unsafe { ffi::PyObject_GenericGetAttr(this, name) },
    }
}

/// What stands behind a name and is no number.
#[inline(never)]
extern "C" fn member(this: *mut ffi::PyObject, entry: &Entry) -> *mut ffi::PyObject {
    if entry.what == What::Method {
        // SAFETY: `this` is a live record, and alive.
        return unsafe { method::bound(this, entry.field) };
    }
    field(this, entry)
}

/// What is no method, or was not read at the first try.
#[inline(never)]
extern "C" fn field(this: *mut ffi::PyObject, entry: &Entry) -> *mut ffi::PyObject {
    // SAFETY: `this` is a live record, and alive.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: the interpreter calls slots while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    if let What::Number(number) = entry.what {
        return match row.slot().try_word(entry.word as usize) {
            // Only its name was not found at once.
            // SAFETY: as above.
            Some(word) => unsafe { number.give(word >> entry.shift) },
            None => row.number_again(py, entry, number),
        };
    }
    if entry.what == What::Version {
        return give(py, row.version(py));
    }
    // SAFETY: `this` is alive: the caller has a reference.
    let this = unsafe { Bound::from_borrowed_ptr(py, this) };
    give(py, row.field(&this, entry.field.into()))
}

/// A result as the interpreter wants it: a new reference, or null and an
/// exception.
#[inline(always)]
pub(crate) fn give(py: Python<'_>, result: PyResult<Bound<'_, PyAny>>) -> *mut ffi::PyObject {
    match result {
        Ok(object) => object.into_ptr(),
        Err(error) => {
            raise(py, error);
            ptr::null_mut()
        }
    }
}

/// Leaves an exception to the interpreter.
///
/// PyO3 keeps what is dropped until it attaches a thread itself, and in a
/// slot it does not know that this one is attached. So it is told: else each
/// error would leave something behind, for ever in a program that uses slots
/// alone.
#[cold]
fn raise(py: Python<'_>, error: PyErr) {
    let mut error = Some(error);
    let restored = Python::try_attach(|py| {
        if let Some(error) = error.take() {
            error.restore(py);
        }
    });
    // The interpreter is at its end.
    if let (None, Some(error)) = (restored, error) {
        error.restore(py);
    }
}

/// A field of a live record by its number: what the properties of its type
/// call, for names that the quick way does not know.
#[pyfunction]
pub(crate) fn read_field<'py>(
    field: usize,
    row: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = row.py();
    let live = of_object(row)?;
    let fields = live.fields(py)?.clone();
    let Some(known) = fields.get().fields.get(field) else {
        return Err(PyValueError::new_err("no such field"));
    };
    row.getattr(known.name.bind(py))
}

/// The live record in an object, if it is one.
pub(crate) fn of_object<'a>(object: &'a Bound<'_, PyAny>) -> PyResult<&'a Row> {
    let base = base_type(object.py())?;
    if !structure::begins_as(object, &base) {
        return Err(PyTypeError::new_err("expected a live record"));
    }
    // SAFETY: every instance of the base type begins with a `Row`.
    Ok(unsafe { &*object.as_ptr().cast::<Row>() })
}

/// The type that every live record's type derives from.
pub(crate) fn base_type(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    static BASE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let made = BASE.get_or_try_init(py, || {
        let name = "shm_runtime._native.LiveRecord".to_owned();
        let flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_BASETYPE | ffi::Py_TPFLAGS_HAVE_GC;
        let slots = [
            (
                ffi::Py_tp_doc,
                c"A live record, before it has fields.".as_ptr() as *mut c_void,
            ),
            (ffi::Py_tp_new, memory::new as *mut c_void),
            (ffi::Py_tp_dealloc, memory::dealloc as *mut c_void),
            (ffi::Py_tp_traverse, memory::traverse as *mut c_void),
            (ffi::Py_tp_clear, memory::clear as *mut c_void),
            (ffi::Py_tp_members, memory::members()),
            (ffi::Py_tp_methods, table::methods()),
            (ffi::Py_tp_getset, table::properties()),
        ];
        // SAFETY: the functions are those of the slots and work on a `Row`;
        // the tables are leaked.
        let made = unsafe { slots::make_type(py, name, None, size_of::<Row>(), flags, &slots) };
        made.map(Bound::unbind)
    })?;
    Ok(made.bind(py).clone())
}

/// The type of live records with these fields, derived from `base`.
#[pyfunction]
pub(crate) fn live_type<'py>(
    name: &Bound<'py, PyString>,
    base: &Bound<'py, PyType>,
    fields: &Bound<'py, Fields>,
) -> PyResult<Bound<'py, PyType>> {
    let py = base.py();
    let live = base_type(py)?;
    if !base.is_subclass(&live)? {
        return Err(PyTypeError::new_err("a live type derives from LiveRecord"));
    }
    structure::check(fields.get().record.bind(py))?;
    let flags = ffi::Py_TPFLAGS_DEFAULT | ffi::Py_TPFLAGS_HAVE_GC;
    let slots = [
        (ffi::Py_tp_getattro, getattro as *mut c_void),
        (ffi::Py_tp_setattro, writing::setattro as *mut c_void),
        (ffi::Py_tp_dealloc, memory::dealloc as *mut c_void),
        (ffi::Py_tp_traverse, memory::traverse as *mut c_void),
        (ffi::Py_tp_clear, memory::clear as *mut c_void),
    ];
    let name = name.to_cow()?.into_owned();
    // SAFETY: the functions are those of the slots and work on a `Row`, which
    // `base` begins with; Python classes between add nothing that `dealloc`
    // would have to know: they have no room of their own, or `size` is short
    // of theirs and the interpreter refuses.
    let made = unsafe { slots::make_type(py, name, Some(base), size_of::<Row>(), flags, &slots) }?;
    made.setattr("_fields", fields)?;
    Ok(made)
}

/// A live record as a pointer, for the list of its segment.
pub(crate) fn pointer(row: *mut ffi::PyObject) -> Option<NonNull<Row>> {
    NonNull::new(row.cast())
}
