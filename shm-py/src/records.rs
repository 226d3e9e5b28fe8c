//! A mapped segment and the rows that look into it.

#![allow(unsafe_code)]

use core::ptr::NonNull;
use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{BorrowedFd, RawFd};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use shm_runtime::raw::{MapError, Segment, Slot, Unread};

use crate::row::{Row, Stage};

/// A mapped segment. Every live record of it is known here, so that closing
/// can send them all to where nothing is read.
#[pyclass(frozen, module = "shm_runtime._native")]
pub(crate) struct Records {
    state: Mutex<State>,
}

struct State {
    /// None once it was closed. A copy that lets other threads run has it
    /// too: the mapping goes with the last.
    segment: Option<Arc<Segment>>,
    /// One live record a row, by number.
    rows: HashMap<u64, Registered>,
}

/// A live record's place in memory: its object takes itself out of the list
/// before it goes.
#[derive(Clone, Copy)]
struct Registered(NonNull<Row>);

// SAFETY: it is used by whoever is attached to the interpreter, and that is
// one thread at a time: the module says that it needs the lock.
unsafe impl Send for Registered {}

#[pymethods]
impl Records {
    /// Maps the segment behind the descriptor `fd`, which was found at
    /// `path`. With `write`, the caller holds its writer lock.
    #[new]
    fn new(py: Python<'_>, fd: RawFd, path: PathBuf, write: bool) -> PyResult<Self> {
        if fd < 0 {
            return Err(PyValueError::new_err("a descriptor is not negative"));
        }
        // SAFETY: the caller keeps `fd` open through this call; should it not
        // be open, the kernel says so.
        let fd = unsafe { BorrowedFd::borrow_raw(fd) };
        let file = match fd.try_clone_to_owned() {
            Ok(copy) => File::from(copy),
            // By itself it would be what Python has for the number, which may
            // be a MemoryError.
            Err(source) => return Err(refused(py, &MapError::Map { path, source })),
        };
        let made = match write {
            true => Segment::writer(file, path),
            false => Segment::reader(file, path),
        };
        match made {
            Ok(segment) => Ok(Self {
                state: Mutex::new(State {
                    segment: Some(Arc::new(segment)),
                    rows: HashMap::new(),
                }),
            }),
            Err(error) => Err(refused(py, &error)),
        }
    }

    /// Maps every page now and not at its first touch.
    fn prefault(&self, py: Python<'_>) {
        if let Some(segment) = self.segment() {
            // A large segment takes milliseconds.
            py.detach(|| segment.prefault());
        }
    }

    /// The first `size` bytes of a record, whole, and how many tries met a
    /// writer: for records of another layout, which Python takes apart.
    fn take<'py>(
        &self,
        segment: &Bound<'py, PyAny>,
        row: u64,
        size: usize,
    ) -> PyResult<(Bound<'py, PyBytes>, u32)> {
        let py = segment.py();
        let Some(mapped) = self.segment() else {
            return Err(unread_error(segment, Unread::Retired));
        };
        let slot = mapped
            .slot(row)
            .filter(|_| size <= mapped.record_size())
            .ok_or_else(|| PyValueError::new_err("no such bytes in the segment"))?;
        Stage::with(size, |stage| match slot.read(0, stage.room()) {
            // SAFETY: `read` filled it.
            Ok(retries) => Ok((PyBytes::new(py, unsafe { stage.filled() }), retries)),
            Err(unread) => Err(unread_error(segment, unread)),
        })
    }

    /// Sends every live record to where nothing is read, and unmaps.
    fn close(&self) {
        let mut state = self.state();
        for row in state.rows.values() {
            // SAFETY: a registered record is alive, and belongs to this
            // thread while it is attached.
            unsafe { row.0.as_ref() }.end();
        }
        state.segment = None;
    }
}

impl Records {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panic leaves the list as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The live record of a row, if there is one.
    pub(crate) fn live(&self, row: u64) -> Option<NonNull<Row>> {
        self.state().rows.get(&row).map(|found| found.0)
    }

    /// Notes a live record and gives the place that it reads from; `nowhere`
    /// when the segment is closed, none when it has no such row or other
    /// records.
    pub(crate) fn register(
        &self,
        number: u64,
        size: usize,
        row: NonNull<Row>,
    ) -> Option<Slot<'static>> {
        let mut state = self.state();
        let slot = match &state.segment {
            None => Slot::nowhere(),
            Some(segment) if segment.record_size() == size => {
                let slot = segment.slot(number)?;
                // SAFETY: the slot is used by this row alone, which holds
                // these records, and until `close` at most: that gives it
                // another before it lets the segment go.
                unsafe { core::mem::transmute::<Slot<'_>, Slot<'static>>(slot) }
            }
            Some(_) => return None,
        };
        state.rows.insert(number, Registered(row));
        Some(slot)
    }

    /// The segment; none once it was closed. Who has it keeps the mapping.
    pub(crate) fn segment(&self) -> Option<Arc<Segment>> {
        self.state().segment.clone()
    }

    /// Forgets a live record.
    pub(crate) fn forget(&self, number: u64, row: NonNull<Row>) {
        let mut state = self.state();
        if state.rows.get(&number).is_some_and(|found| found.0 == row) {
            state.rows.remove(&number);
        }
    }
}

/// The Python error for a record of `segment` that was not read, in the words
/// of the pure backend.
#[cold]
pub(crate) fn unread_error(segment: &Bound<'_, PyAny>, unread: Unread) -> PyErr {
    let (tries, sequence) = match unread {
        Unread::Stalled { tries, sequence } => (tries, sequence),
        _ => (0, 0),
    };
    words(segment.py(), "unread", |words| {
        words.call1((segment, tries, sequence))
    })
}

/// The error for a file that Python took for a segment and this crate does
/// not: it was changed in between.
#[cold]
fn refused(py: Python<'_>, error: &MapError) -> PyErr {
    words(py, "unmapped", |words| {
        words.call1((error.to_string(), matches!(error, MapError::Map { .. })))
    })
}

fn words<'py>(
    py: Python<'py>,
    name: &str,
    say: impl FnOnce(Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>>,
) -> PyErr {
    let said = py
        .import("shm_runtime._fast")
        .and_then(|module| module.getattr(name))
        .and_then(say);
    match said {
        Ok(error) => PyErr::from_value(error),
        Err(error) => error,
    }
}
