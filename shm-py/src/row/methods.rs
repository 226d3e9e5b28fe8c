//! What a live record can do: read, write, say how old it is.

use core::ffi::{c_char, c_int, c_void};
use core::{mem, ptr, slice};

use pyo3::exceptions::PyTypeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use shm_runtime::raw::{Unread, Unwritten};

use crate::fields::Fields;
use crate::row::{Row, Stage, give};
use crate::structure;

/// `read` and `write`, for [`method::bound`](super::method::bound).
pub(super) const READ: Fast = read;
pub(super) const WRITE: Fast = write;

/// The positional and the named arguments of a call.
struct Arguments<'a> {
    positional: &'a [*mut ffi::PyObject],
    named: &'a [*mut ffi::PyObject],
    names: *mut ffi::PyObject,
}

/// In the stable ABI since 3.10; in every interpreter, and the same, since 3.7.
const METH_FASTCALL: c_int = 0x0080;

/// A function that is called so.
pub(super) type Fast = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *const *mut ffi::PyObject,
    ffi::Py_ssize_t,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

impl<'a> Arguments<'a> {
    /// # Safety
    ///
    /// They are those of a call by `METH_FASTCALL | METH_KEYWORDS`.
    #[inline(always)]
    unsafe fn new(
        arguments: *const *mut ffi::PyObject,
        count: ffi::Py_ssize_t,
        names: *mut ffi::PyObject,
    ) -> Self {
        let count = count as usize;
        let named = match names.is_null() {
            true => 0,
            // SAFETY: `names` is a tuple, by the contract.
            false => unsafe { ffi::PyTuple_Size(names) as usize },
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
    fn name(&self, at: usize) -> *mut ffi::PyObject {
        // SAFETY: `names` is a tuple of as many names as `named` has values;
        // without names there is no place to ask for.
        unsafe { ffi::PyTuple_GetItem(self.names, at as ffi::Py_ssize_t) }
    }
}

/// `read(out=None)`.
unsafe extern "C" fn read(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a method with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: the method is in the table as one of this kind.
    let arguments = unsafe { Arguments::new(arguments, count, names) };
    let out = match (arguments.positional, arguments.named) {
        ([], []) => None,
        ([out], []) => Some(*out),
        ([], [out]) => {
            // SAFETY: the name is alive, and a string.
            let name = unsafe { Bound::from_borrowed_ptr(py, arguments.name(0)) };
            let out_name = pyo3::intern!(py, "out");
            if !name.is(out_name) && !name.eq(out_name).unwrap_or(false) {
                return give(
                    py,
                    Err(PyTypeError::new_err(
                        "read() takes `out` and no other keyword",
                    )),
                );
            }
            Some(*out)
        }
        _ => {
            return give(
                py,
                Err(PyTypeError::new_err(
                    "read() takes at most 1 argument, `out`",
                )),
            );
        }
    };
    let out = out.map(|out| {
        // SAFETY: an argument is alive for the call.
        unsafe { Bound::from_borrowed_ptr(py, out) }
    });
    let out = out.filter(|out| !out.is_none());
    give(py, row.read(py, out))
}

impl Row {
    fn read<'py>(
        &self,
        py: Python<'py>,
        out: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let fields = self.fields(py)?.get();
        Stage::with(self.size, |stage| {
            let out = match out {
                Some(out) => check_record(fields, &out).map(|()| out)?,
                None => fields.new_record(py)?,
            };
            self.take(py, 0, stage.room())?;
            // SAFETY: `take` filled it.
            let bytes = unsafe { stage.filled() };
            if self.has_bools {
                fields.normalise(bytes);
            }
            // SAFETY: `out` is an instance of the record's class; no Python
            // code runs before the copy is done.
            unsafe { structure::bytes_mut(out.as_ptr(), self.size) }.copy_from_slice(bytes);
            Ok(out)
        })
    }

    /// Publishes `bytes` after the gaps were cleared.
    fn publish(&self, py: Python<'_>, fields: &Fields, bytes: &mut [u8]) -> PyResult<()> {
        fields.scrub(bytes);
        match self.slot().write(bytes) {
            Ok(_) => Ok(()),
            Err(Unwritten::NotOwned) => Err(self.not_writer(py)),
            Err(_) => Err(self.unread(py, Unread::Retired)),
        }
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

    /// Publishes what stands there with some fields changed; false when one
    /// of them is not for here.
    fn write_fields(&self, py: Python<'_>, arguments: &Arguments<'_>) -> PyResult<bool> {
        if !self.slot().is_owned() {
            return Err(self.not_writer(py));
        }
        let fields = self.fields(py)?.get();
        Stage::with(self.size, |stage| {
            self.take(py, 0, stage.room())?;
            // SAFETY: `take` filled it.
            let bytes = unsafe { stage.filled() };
            fields.normalise(bytes);
            for (at, &value) in arguments.named.iter().enumerate() {
                // SAFETY: the row holds its fields.
                let Some(entry) = (unsafe { self.names.find(arguments.name(at) as usize) }) else {
                    return Ok(false);
                };
                let Some(field) = fields.fields.get(usize::from(entry.field)) else {
                    return Ok(false);
                };
                // SAFETY: an argument is alive for the call.
                let value = unsafe { Bound::from_borrowed_ptr(py, value) };
                if !field.put(&value, &mut bytes[field.offset..field.offset + field.size]) {
                    return Ok(false);
                }
            }
            self.publish(py, fields, bytes)?;
            Ok(true)
        })
    }

    fn write_record(&self, py: Python<'_>, record: &Bound<'_, PyAny>) -> PyResult<()> {
        let fields = self.fields(py)?.get();
        if !self.slot().is_owned() {
            return Err(self.not_writer(py));
        }
        check_record(fields, record)?;
        // SAFETY: `record` is an instance of the record's class; no Python
        // code runs while it is borrowed.
        let from = unsafe { structure::bytes_mut(record.as_ptr(), self.size) };
        if fields.gaps.is_empty() {
            return self.publish(py, fields, from);
        }
        Stage::with(self.size, |stage| {
            let room = stage.room();
            for (to, from) in room.iter_mut().zip(&*from) {
                to.write(*from);
            }
            // SAFETY: it was filled just now.
            let bytes = unsafe { stage.filled() };
            self.publish(py, fields, bytes)
        })
    }
}

/// `write(record=None, /, **fields)`.
unsafe extern "C" fn write(
    this: *mut ffi::PyObject,
    arguments: *const *mut ffi::PyObject,
    count: ffi::Py_ssize_t,
    names: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a method with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: the method is in the table as one of this kind.
    let arguments = unsafe { Arguments::new(arguments, count, names) };
    let done = match (arguments.positional, arguments.named) {
        ([record], []) => {
            // SAFETY: an argument is alive for the call.
            let record = unsafe { Bound::from_borrowed_ptr(py, *record) };
            match record.is_none() {
                true => Ok(false),
                false => row.write_record(py, &record).map(|()| true),
            }
        }
        ([], [_, ..]) => row.write_fields(py, &arguments),
        _ => Ok(false),
    };
    let written = match done {
        Ok(true) => Ok(py.None().into_bound(py)),
        // SAFETY: `this` is alive: the caller has a reference.
        Ok(false) => slowly(&unsafe { Bound::from_borrowed_ptr(py, this) }, &arguments),
        Err(error) => Err(error),
    };
    give(py, written)
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
unsafe extern "C" fn publish(
    this: *mut ffi::PyObject,
    record: *mut ffi::PyObject,
) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a method with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    // SAFETY: an argument is alive for the call.
    let record = unsafe { Bound::from_borrowed_ptr(py, record) };
    let done = row.write_record(py, &record);
    give(py, done.map(|()| py.None().into_bound(py)))
}

impl Row {
    /// How often the record was written.
    #[inline]
    pub(super) fn version<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.slot().version() {
            Some(version) => Ok(version.into_pyobject(py)?.into_any()),
            None => Err(self.unread(py, Unread::Retired)),
        }
    }
}

/// `version`.
unsafe extern "C" fn version(this: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a getter with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    give(py, row.version(py))
}

/// `_stamp`.
unsafe extern "C" fn stamp(this: *mut ffi::PyObject, _: *mut c_void) -> *mut ffi::PyObject {
    // SAFETY: the interpreter calls a getter with an instance.
    let row = unsafe { &*this.cast::<Row>() };
    // SAFETY: and while this thread is attached.
    let py = unsafe { Python::assume_attached() };
    let stamp = row.slot().stamp().into_pyobject(py).map(Bound::into_any);
    give(py, stamp.map_err(PyErr::from))
}

/// Refuses what is no record of this type.
#[inline]
fn check_record(fields: &Fields, record: &Bound<'_, PyAny>) -> PyResult<()> {
    let class = fields.record.bind(record.py());
    // SAFETY: `record` is alive, and so is its type.
    let own = unsafe { ffi::Py_TYPE(record.as_ptr()) };
    // Not `isinstance`, which asks the record what it would like to be.
    // SAFETY: both are types that are alive.
    if own == class.as_type_ptr() || unsafe { ffi::PyType_IsSubtype(own, class.as_type_ptr()) } != 0
    {
        return Ok(());
    }
    Err(PyTypeError::new_err(format!(
        "expected a `{}`, found a `{}`",
        class.name()?,
        record.get_type().name()?
    )))
}

impl Fields {
    /// A new record, all zeros: what calling the class without arguments
    /// gives, but for the call of an `__init__` that would do nothing.
    fn new_record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let class: &Bound<'py, PyType> = self.record.bind(py);
        // SAFETY: the class is alive.
        let new = unsafe { ffi::PyType_GetSlot(class.as_type_ptr(), ffi::Py_tp_new) };
        if new.is_null() {
            return class.call0();
        }
        // SAFETY: what is in that slot is a function of this type.
        let new = unsafe { mem::transmute::<*mut c_void, ffi::newfunc>(new) };
        let nothing = PyTuple::empty(py);
        // SAFETY: as the interpreter itself calls it.
        let made = unsafe { new(class.as_type_ptr(), nothing.as_ptr(), ptr::null_mut()) };
        // SAFETY: a new reference, or null with an exception set.
        unsafe { Bound::from_owned_ptr_or_err(py, made) }
    }
}

/// `tp_methods`.
pub(super) fn table() -> *mut c_void {
    let fast = |function: Fast| {
        // SAFETY: the flags beside it say of which kind the function really
        // is; the interpreter goes by them.
        let function = unsafe { mem::transmute::<Fast, ffi::PyCFunctionWithKeywords>(function) };
        ffi::PyMethodDefPointer {
            PyCFunctionWithKeywords: function,
        }
    };
    let with_names = METH_FASTCALL | ffi::METH_KEYWORDS;
    let table = [
        method(
            c"read",
            fast(read),
            with_names,
            c"read($self, out=None)\n--\n\nThe whole record: a new one, or ``out`` filled in.",
        ),
        method(
            c"write",
            fast(write),
            with_names,
            c"write($self, record=None, /, **fields)\n--\n\nPublishes ``record``, or what stands there, with ``fields`` changed.",
        ),
        method(
            c"_publish",
            ffi::PyMethodDefPointer {
                PyCFunction: publish,
            },
            ffi::METH_O,
            c"_publish($self, record, /)\n--\n\nPublishes a record.",
        ),
        ffi::PyMethodDef::zeroed(),
    ];
    Box::leak(Box::new(table)).as_mut_ptr().cast()
}

fn method(
    name: &'static core::ffi::CStr,
    function: ffi::PyMethodDefPointer,
    flags: c_int,
    doc: &'static core::ffi::CStr,
) -> ffi::PyMethodDef {
    ffi::PyMethodDef {
        ml_name: name.as_ptr(),
        ml_meth: function,
        ml_flags: flags,
        ml_doc: doc.as_ptr(),
    }
}

/// `tp_getset`.
pub(super) fn properties() -> *mut c_void {
    let property = |name: *const c_char, get, doc: *const c_char| ffi::PyGetSetDef {
        name,
        get: Some(get),
        set: None,
        doc,
        closure: ptr::null_mut(),
    };
    let table = [
        property(
            c"version".as_ptr(),
            version as ffi::getter,
            c"How often the record was written; 0 when never.".as_ptr(),
        ),
        property(
            c"_stamp".as_ptr(),
            stamp as ffi::getter,
            c"When the record was last written, in nanoseconds since boot.".as_ptr(),
        ),
        ffi::PyGetSetDef {
            name: ptr::null(),
            get: None,
            set: None,
            doc: ptr::null(),
            closure: ptr::null_mut(),
        },
    ];
    Box::leak(Box::new(table)).as_mut_ptr().cast()
}
