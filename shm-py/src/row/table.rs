//! The tables of methods and properties that the interpreter looks into.

#![allow(unsafe_code)]

use core::ffi::{CStr, c_char, c_int, c_void};
use core::{mem, ptr};
use std::sync::OnceLock;

use pyo3::ffi;

use crate::row::method::{READ, WRITE};
use crate::row::methods::{read, stamp, version};
use crate::row::writing::{publish_record, write};

/// In the stable ABI since 3.10; in every interpreter, and the same, since 3.7.
const METH_FASTCALL: c_int = 0x0080;

/// A function that is called so.
type Fast = unsafe extern "C" fn(
    *mut ffi::PyObject,
    *const *mut ffi::PyObject,
    ffi::Py_ssize_t,
    *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// What `help` says of `read`: the words of the pure backend, by test.
const READ_DOC: &CStr = c"read($self, out=None)\n--\n
The whole record: a new one, or ``out`` filled in.

After an error ``out`` is as it was or all zeros, never half a record.

Raises `Retired` when the segment was unlinked or replaced, `Stalled`
when every one of many tries met a writer, `Closed` after `close`,
`TypeError` when ``out`` is another record's.";

/// And of `write`.
const WRITE_DOC: &CStr = c"write($self, record=None, /, **fields)\n--\n
Publishes ``record``, or what stands there, with ``fields`` changed.

Raises `ReadOnly` in a reader, `Forked` in a child of the writer,
`Retired` after `unlink`, and for a value what the record's own
attribute raises: `OverflowError`, `ValueError` or `TypeError`,
`AttributeError` for a name that is no field. Then nothing is published.";

/// Methods, ended by zeros.
struct Methods([ffi::PyMethodDef; 4]);

// SAFETY: nobody writes to them after they were made.
unsafe impl Sync for Methods {}
// SAFETY: as above.
unsafe impl Send for Methods {}

/// `tp_methods`.
pub(super) fn methods() -> *mut c_void {
    ptr::from_ref(&definitions().0).cast_mut().cast()
}

/// The definition of a method that a live record [keeps](super::method), by
/// its number.
pub(super) fn definition(which: u16) -> *mut ffi::PyMethodDef {
    ptr::from_ref(&definitions().0[usize::from(which)]).cast_mut()
}

fn definitions() -> &'static Methods {
    static METHODS: OnceLock<Methods> = OnceLock::new();
    let fast = |function: Fast| {
        // SAFETY: the flags beside it say of which kind the function really
        // is; the interpreter goes by them.
        let function = unsafe { mem::transmute::<Fast, ffi::PyCFunctionWithKeywords>(function) };
        ffi::PyMethodDefPointer {
            PyCFunctionWithKeywords: function,
        }
    };
    let with_names = METH_FASTCALL | ffi::METH_KEYWORDS;
    let publish = ffi::PyMethodDefPointer {
        PyCFunction: publish_record,
    };
    let publish_doc = c"_publish($self, record, /)\n--\n\nPublishes a record.";
    METHODS.get_or_init(|| {
        let mut table = [ffi::PyMethodDef::zeroed(); 4];
        table[usize::from(READ)] = method(c"read", fast(read), with_names, READ_DOC);
        table[usize::from(WRITE)] = method(c"write", fast(write), with_names, WRITE_DOC);
        table[2] = method(c"_publish", publish, ffi::METH_O, publish_doc);
        Methods(table)
    })
}

fn method(
    name: &'static CStr,
    function: ffi::PyMethodDefPointer,
    flags: c_int,
    doc: &'static CStr,
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
