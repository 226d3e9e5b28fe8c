//! What is known of a record: its fields, found by the address of their names.

#![allow(unsafe_code)]

use pyo3::exceptions::PyValueError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyInt, PyString, PyTuple, PyType};

use crate::row::method::{READ, WRITE};
use crate::structure;
use crate::value::Number;

/// What is made of a field's bytes.
#[derive(Debug)]
pub(crate) enum Make {
    /// The number itself.
    Number(Number),
    /// `str`: UTF-8 up to the first NUL.
    Text,
    /// `bytes` up to the first NUL, as ctypes gives an array of chars.
    Chars,
    /// `bytes`, all of them.
    Bytes,
    /// A member of an enum, by its number.
    Member {
        number: Number,
        class: Py<PyAny>,
        /// `value -> member`; one that is not in it is the class's to make.
        members: Py<PyDict>,
    },
    /// A `ctypes` object of its own.
    Block { class: Py<PyAny>, bools: Vec<Run> },
    /// What a function makes of the row: it reads the stored field by name.
    Call { get: Py<PyAny> },
}

/// Bytes `start`, `start + step` ... before `stop`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    start: usize,
    stop: usize,
    step: usize,
}

impl Run {
    /// Makes the bytes of bools 0 or 1.
    pub(crate) fn normalise(self, record: &mut [u8]) {
        for at in (self.start..self.stop).step_by(self.step) {
            // Nothing is stored where nothing changes: a copy of what was
            // just stored would wait for it.
            if record[at] > 1 {
                record[at] = 1;
            }
        }
    }

    /// Whether they are zeros.
    fn is_clear(self, record: &[u8]) -> bool {
        let mut places = (self.start..self.stop).step_by(self.step);
        places.all(|at| record[at] == 0)
    }

    /// Writes zeros over them.
    fn clear(self, record: &mut [u8]) {
        let places = (self.start..self.stop).step_by(self.step);
        places.for_each(|at| record[at] = 0);
    }

    /// The same, where the record begins later.
    fn from(self, offset: usize) -> Self {
        Self {
            start: self.start - offset,
            stop: self.stop - offset,
            step: self.step,
        }
    }

    fn is_within(self, offset: usize, size: usize) -> bool {
        offset <= self.start && self.stop <= offset + size
    }
}

/// One field.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Py<PyString>,
    pub(crate) offset: usize,
    pub(crate) size: usize,
    pub(crate) make: Make,
    /// The least and the greatest number that may be written; none when the
    /// field is not written here.
    pub(crate) limits: Option<Limits>,
}

/// What may be written to a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limits {
    /// All that fits.
    Fitting,
    /// Whole numbers.
    Whole { low: i128, high: i128 },
    /// Numbers.
    Real { low: f64, high: f64 },
}

/// A field by the address of its interned name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    /// 0 in an empty place.
    pub(crate) name: usize,
    /// Of the eight bytes that hold the number.
    pub(crate) word: u32,
    /// The field's number; the method's, of one.
    pub(crate) field: u16,
    /// Of the number in its word, in bits.
    pub(crate) shift: u8,
    pub(crate) what: What,
}

/// What stands behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A number within one word.
    Number(Number),
    /// Any other field.
    Field,
    /// A method that the record keeps.
    Method,
    /// The property `version`.
    Version,
}

/// Members of every live record that are found as fields are. A field cannot
/// have these names.
const MEMBERS: [(&str, u16, What); 3] = [
    ("read", READ, What::Method),
    ("write", WRITE, What::Method),
    ("version", 0, What::Version),
];

const EMPTY: Entry = Entry {
    name: 0,
    word: 0,
    field: 0,
    shift: 0,
    what: What::Field,
};

/// What is known of a record type: its fields, its size, where bools lie and
/// where nothing does.
#[pyclass(frozen, module = "shm_runtime._native")]
#[derive(Debug)]
pub(crate) struct Fields {
    /// The generated class.
    pub(crate) record: Py<PyType>,
    /// Of a record, in bytes.
    pub(crate) size: usize,
    pub(crate) fields: Vec<Field>,
    /// Open addressing; at most a quarter of it is taken.
    entries: Box<[Entry]>,
    factor: u64,
    /// Keeps the names where the entries say they are.
    _members: [Py<PyString>; MEMBERS.len()],
    pub(crate) bools: Vec<Run>,
    pub(crate) gaps: Vec<Run>,
}

/// Where the entries are and how to look into them; valid as long as its
/// [`Fields`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    entries: *const Entry,
    /// What addresses are multiplied by, whose middle bits differ.
    factor: u64,
    shift: u32,
    /// The number of entries, less 1.
    mask: u32,
}

#[pymethods]
impl Fields {
    /// `fields` are tuples `(name, kind, offset, size, make, limits)`, runs
    /// are tuples `(start, stop, step)`.
    #[new]
    fn new(
        record: Bound<'_, PyType>,
        size: usize,
        fields: Vec<Bound<'_, PyTuple>>,
        bools: Vec<(usize, usize, usize)>,
        gaps: Vec<(usize, usize, usize)>,
    ) -> PyResult<Self> {
        let runs = |runs: Vec<(usize, usize, usize)>| -> PyResult<Vec<Run>> {
            runs.into_iter()
                .map(
                    |(start, stop, step)| match start < stop && stop <= size && step > 0 {
                        true => Ok(Run { start, stop, step }),
                        false => Err(PyValueError::new_err(
                            "a run of bytes outside of the record",
                        )),
                    },
                )
                .collect()
        };
        if !structure::has_room(&record, size)? {
            return Err(PyValueError::new_err(format!(
                "no `ctypes.Structure` of {size} bytes: `{}`",
                record.name()?
            )));
        }
        let bools = runs(bools)?;
        let gaps = runs(gaps)?;
        let fields = fields
            .iter()
            .map(|field| Field::from_tuple(field, size, &bools))
            .collect::<PyResult<Vec<_>>>()?;
        let py = record.py();
        let members = MEMBERS.map(|(name, ..)| PyString::intern(py, name).unbind());
        let (entries, factor) = index(&fields, &members)?;
        Ok(Self {
            _members: members,
            record: record.unbind(),
            size,
            fields,
            entries,
            factor,
            bools,
            gaps,
        })
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.record)?;
        for field in &self.fields {
            match &field.make {
                Make::Member { class, members, .. } => {
                    visit.call(class)?;
                    visit.call(members)?;
                }
                Make::Block { class, .. } => visit.call(class)?,
                Make::Call { get } => visit.call(get)?,
                Make::Number(_) | Make::Text | Make::Chars | Make::Bytes => {}
            }
        }
        Ok(())
    }
}

impl Fields {
    /// For rows to find fields by.
    pub(crate) fn names(&self) -> Names {
        Names {
            entries: self.entries.as_ptr(),
            factor: self.factor,
            shift: shift_for(self.entries.len()),
            mask: self.entries.len() as u32 - 1,
        }
    }

    /// The field that an entry stands for; none of a member's.
    #[inline]
    pub(crate) fn of(&self, entry: &Entry) -> Option<&Field> {
        match entry.what {
            What::Number(_) | What::Field => self.fields.get(usize::from(entry.field)),
            What::Method | What::Version => None,
        }
    }

    /// Makes the record's bools 0 or 1.
    pub(crate) fn normalise(&self, record: &mut [u8]) {
        for run in &self.bools {
            run.normalise(record);
        }
    }

    /// Whether there are zeros where the record has no field.
    pub(crate) fn is_scrubbed(&self, record: &[u8]) -> bool {
        self.gaps.iter().all(|run| run.is_clear(record))
    }

    /// Writes zeros where the record has no field.
    pub(crate) fn scrub(&self, record: &mut [u8]) {
        if !self.is_scrubbed(record) {
            for run in &self.gaps {
                run.clear(record);
            }
        }
    }
}

impl Field {
    fn from_tuple(tuple: &Bound<'_, PyTuple>, room: usize, bools: &[Run]) -> PyResult<Self> {
        type Parts<'py> = (
            Bound<'py, PyString>,
            String,
            usize,
            usize,
            Bound<'py, PyAny>,
            Bound<'py, PyAny>,
        );
        let (name, kind, offset, size, given, limits): Parts<'_> = tuple.extract()?;
        if offset.checked_add(size).is_none_or(|end| end > room) {
            return Err(PyValueError::new_err(format!(
                "field `{name}` ends outside of its record"
            )));
        }
        let make = match kind.as_str() {
            "text" => Make::Text,
            "chars" => Make::Chars,
            "bytes" => Make::Bytes,
            "call" => Make::Call {
                get: given.unbind(),
            },
            "block" => Make::Block {
                class: given.unbind(),
                bools: bools
                    .iter()
                    .filter(|run| run.is_within(offset, size))
                    .map(|run| run.from(offset))
                    .collect(),
            },
            code => {
                let number = Number::from_code(code)
                    .filter(|number| number.size() == size)
                    .ok_or_else(|| PyValueError::new_err(format!("no number is a `{code}`")))?;
                match given.is_none() {
                    true => Make::Number(number),
                    false => Make::Member {
                        number,
                        members: given.getattr("_value2member_map_")?.cast_into()?.unbind(),
                        class: given.unbind(),
                    },
                }
            }
        };
        let limits = Limits::from_python(&limits, &make)?;
        Ok(Self {
            // The bytecode's names are interned, so theirs is this address.
            name: PyString::intern(name.py(), &name.to_cow()?).unbind(),
            offset,
            size,
            make,
            limits,
        })
    }

    /// The entry that finds it.
    fn entry(&self, name: usize, field: u16) -> Entry {
        let (word, shift) = (self.offset / 8, self.offset % 8);
        match (&self.make, u32::try_from(word)) {
            // A packed number may lie across two words.
            (Make::Number(number), Ok(word)) if shift + self.size <= 8 => Entry {
                name,
                word,
                field,
                shift: 8 * shift as u8,
                what: What::Number(*number),
            },
            _ => Entry {
                name,
                field,
                ..EMPTY
            },
        }
    }
}

impl Limits {
    /// `False`: not written here; `None`: all that fits; else low and high,
    /// in the field's own kind of number: an interpreter before 3.10 would
    /// make whole numbers of floats, and a bound that is none is left to the
    /// slow way.
    fn from_python(given: &Bound<'_, PyAny>, make: &Make) -> PyResult<Option<Self>> {
        if given.is_none() {
            return Ok(Some(Self::Fitting));
        }
        let Make::Number(number) = make else {
            return Ok(None);
        };
        if let Number::F32 | Number::F64 = number {
            let bounds = given.extract::<(f64, f64)>().ok();
            return Ok(bounds.map(|(low, high)| Self::Real { low, high }));
        }
        let Ok((low, high)) = given.extract::<(Bound<'_, PyInt>, Bound<'_, PyInt>)>() else {
            return Ok(None);
        };
        let (low, high) = (low.extract()?, high.extract()?);
        Ok(Some(Self::Whole { low, high }))
    }
}

impl Names {
    /// The entry where that of the field whose interned name is at `name`
    /// should be; another one's where [`Names::find`] has to go on.
    ///
    /// # Safety
    ///
    /// As of [`Names::find`].
    #[inline(always)]
    pub(crate) unsafe fn first<'a>(&self, name: usize) -> &'a Entry {
        // SAFETY: there are as many entries as `place` has places, as long as
        // the fields are alive.
        let entry = unsafe { self.entries.add(place(name, self.factor, self.shift)) };
        // SAFETY: as above; nobody writes to them after they were made.
        unsafe { &*entry }
    }

    /// The entry of the field whose interned name is at `name`.
    ///
    /// # Safety
    ///
    /// The [`Fields`] that these come from are alive, and for `'a` too.
    #[inline(always)]
    pub(crate) unsafe fn find<'a>(&self, name: usize) -> Option<&'a Entry> {
        let mask = self.mask as usize;
        let mut at = place(name, self.factor, self.shift);
        loop {
            // SAFETY: there are `mask + 1` entries, as long as the fields are
            // alive.
            let entry = unsafe { self.entries.add(at & mask) };
            // SAFETY: as above; nobody writes to them after they were made.
            let entry = unsafe { &*entry };
            if entry.name == name {
                return Some(entry);
            }
            if entry.name == 0 {
                return None;
            }
            at += 1;
        }
    }
}

/// Makes the table, most of which stays empty, so every search ends; and finds
/// the factor that leaves the most names at their first place, all of them
/// mostly.
fn index(fields: &[Field], members: &[Py<PyString>]) -> PyResult<(Box<[Entry]>, u64)> {
    if fields.len() > usize::from(u16::MAX) {
        return Err(PyValueError::new_err("more fields than 65535"));
    }
    let members = members
        .iter()
        .zip(MEMBERS)
        .map(|(name, (_, field, what))| Entry {
            name: name.as_ptr() as usize,
            field,
            what,
            ..EMPTY
        });
    let fields = (0..)
        .zip(fields)
        .map(|(number, field)| field.entry(field.name.as_ptr() as usize, number));
    let entries: Vec<Entry> = members.chain(fields).collect();

    let size = (4 * entries.len()).next_power_of_two();
    let moved = |factor: u64| {
        let mut taken = vec![false; size];
        let names = entries.iter().map(|entry| entry.name);
        names
            .filter(|&name| {
                core::mem::replace(&mut taken[place(name, factor, shift_for(size))], true)
            })
            .count()
    };
    // Odd ones that have little in common.
    let factors = (0..FACTORS).map(|step| GOLDEN.wrapping_mul(2 * step + 1));
    let factor = factors
        .min_by_key(|&factor| moved(factor))
        .unwrap_or(GOLDEN);

    let mut table = vec![EMPTY; size].into_boxed_slice();
    for entry in entries {
        let mut at = place(entry.name, factor, shift_for(size));
        while table[at & (size - 1)].name != 0 {
            at += 1;
        }
        table[at & (size - 1)] = entry;
    }
    Ok((table, factor))
}

/// How many factors are tried.
const FACTORS: u64 = 64;

/// 2 to the 64th by the golden ratio, as in multiplicative hashing.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

fn shift_for(size: usize) -> u32 {
    64 - size.trailing_zeros()
}

/// The first place of a name; `shift` is [that](shift_for) of their number.
#[inline(always)]
fn place(name: usize, factor: u64, shift: u32) -> usize {
    (name as u64).wrapping_mul(factor).wrapping_shr(shift) as usize
}
