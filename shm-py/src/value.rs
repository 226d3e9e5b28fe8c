//! Bytes to Python objects and back.

#![allow(unsafe_code)]

use core::convert::Infallible;

use pyo3::IntoPyObject;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyString};

use crate::fields::{Field, Limits, Make};

/// A number of up to eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Number {
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    /// A byte, seen as a `bool`.
    Bool,
    /// The same byte as an `int`, 0 or 1.
    BoolByte,
}

/// The first number that an f32 would round to infinity.
const F32_OVERFLOW: f64 = 3.402_823_567_797_336_6e38;

impl Number {
    /// By its name in a schema; `bool_raw` is a bool's byte.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "u8" => Self::U8,
            "u16" => Self::U16,
            "u32" => Self::U32,
            "u64" => Self::U64,
            "i8" => Self::I8,
            "i16" => Self::I16,
            "i32" => Self::I32,
            "i64" => Self::I64,
            "f32" => Self::F32,
            "f64" => Self::F64,
            "bool" => Self::Bool,
            "bool_raw" => Self::BoolByte,
            _ => return None,
        })
    }

    /// In bytes.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 | Self::Bool | Self::BoolByte => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }

    /// The Python object for the lowest bits of `word`.
    #[inline(always)]
    pub(crate) fn object(self, py: Python<'_>, word: u64) -> Bound<'_, PyAny> {
        match self {
            Self::F64 => PyFloat::new(py, f64::from_bits(word)).into_any(),
            Self::F32 => PyFloat::new(py, f32::from_bits(word as u32).into()).into_any(),
            Self::Bool => PyBool::new(py, word as u8 != 0).to_owned().into_any(),
            Self::U64 => whole(py, word),
            Self::BoolByte => whole(py, i64::from(word as u8 != 0)),
            Self::U8 => whole(py, i64::from(word as u8)),
            Self::U16 => whole(py, i64::from(word as u16)),
            Self::U32 => whole(py, i64::from(word as u32)),
            Self::I8 => whole(py, i64::from(word as i8)),
            Self::I16 => whole(py, i64::from(word as i16)),
            Self::I32 => whole(py, i64::from(word as i32)),
            Self::I64 => whole(py, word as i64),
        }
    }

    /// [`Number::object`] as the interpreter wants it, by its own functions:
    /// null and an exception where there is no memory left.
    ///
    /// # Safety
    ///
    /// This thread is attached to the interpreter.
    #[inline(always)]
    pub(crate) unsafe fn give(self, word: u64) -> *mut ffi::PyObject {
        match self {
            // SAFETY: the duty of the caller.
            Self::F64 => unsafe { ffi::PyFloat_FromDouble(f64::from_bits(word)) },
            // SAFETY: as above.
            Self::U64 => unsafe { ffi::PyLong_FromUnsignedLongLong(word) },
            // SAFETY: as above.
            Self::I64 => unsafe { ffi::PyLong_FromLongLong(word as i64) },
            // SAFETY: as above.
            _ => unsafe { self.give_short(word) },
        }
    }

    /// Those of less than eight bytes: the jump table that tells them apart
    /// would be one line more for the others to touch.
    ///
    /// # Safety
    ///
    /// As of [`Number::give`].
    #[inline(never)]
    unsafe extern "C" fn give_short(self, word: u64) -> *mut ffi::PyObject {
        // SAFETY: the duty of the caller.
        let py = unsafe { Python::assume_attached() };
        self.object(py, word).into_ptr()
    }

    /// The same for the number that `bytes` are.
    fn object_of<'py>(self, py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyAny> {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        self.object(py, u64::from_le_bytes(word))
    }

    /// The bits of `value`; none when it is no number of this type or not
    /// within `limits`, which the slow way then says in words.
    #[inline(always)]
    pub(crate) fn bits(self, value: &Bound<'_, PyAny>, limits: Limits) -> Option<u64> {
        if let (Self::F64, Limits::Fitting) = (self, limits)
            && let Ok(value) = value.cast_exact::<PyFloat>()
        {
            return Some(value.value().to_bits());
        }
        self.bits_of_any(value, limits)
    }

    /// In a function of its own, so that a float needs few registers.
    #[inline(never)]
    fn bits_of_any(self, value: &Bound<'_, PyAny>, limits: Limits) -> Option<u64> {
        match self {
            Self::F32 | Self::F64 => {
                let value = real(value)?;
                if let Limits::Real { low, high } = limits
                    && !(low <= value && value <= high)
                {
                    return None;
                }
                match self {
                    Self::F64 => Some(value.to_bits()),
                    _ if value.is_finite() && value.abs() >= F32_OVERFLOW => None,
                    _ => Some(u64::from((value as f32).to_bits())),
                }
            }
            Self::Bool => Some(value.cast_exact::<PyBool>().ok()?.is_true().into()),
            _ => {
                let value = integer(value)?;
                if let Limits::Whole { low, high } = limits
                    && !(low <= value && value <= high)
                {
                    return None;
                }
                let (least, most) = self.range();
                (least <= value && value <= most).then_some(value as u64)
            }
        }
    }

    /// What fits, of a whole number.
    fn range(self) -> (i128, i128) {
        let bits = 8 * self.size();
        match self {
            Self::I8 | Self::I16 | Self::I32 | Self::I64 => {
                (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
            }
            _ => (0, (1 << bits) - 1),
        }
    }
}

#[inline(always)]
fn whole<'py, T>(py: Python<'py>, value: T) -> Bound<'py, PyAny>
where
    T: IntoPyObject<'py, Output = Bound<'py, PyInt>, Error = Infallible>,
{
    match value.into_pyobject(py) {
        Ok(object) => object.into_any(),
        Err(never) => match never {},
    }
}

fn integer(value: &Bound<'_, PyAny>) -> Option<i128> {
    let value = value.cast::<PyInt>().ok()?;
    if let Ok(value) = value.extract::<i64>() {
        return Some(value.into());
    }
    value.extract::<u64>().ok().map(i128::from)
}

fn real(value: &Bound<'_, PyAny>) -> Option<f64> {
    if let Ok(value) = value.cast::<PyFloat>() {
        return Some(value.value());
    }
    value.cast::<PyInt>().ok()?.extract().ok()
}

impl Field {
    /// What is made of the field's bytes. Not for fields that a function
    /// makes of the row.
    pub(crate) fn object<'py>(
        &self,
        py: Python<'py>,
        bytes: &mut [u8],
    ) -> PyResult<Bound<'py, PyAny>> {
        match &self.make {
            Make::Number(number) => Ok(number.object_of(py, bytes)),
            Make::Text => Ok(PyString::from_bytes(py, until_nul(bytes))?.into_any()),
            Make::Chars => Ok(PyBytes::new(py, until_nul(bytes)).into_any()),
            Make::Bytes => Ok(PyBytes::new(py, bytes).into_any()),
            Make::Member {
                number,
                class,
                members,
            } => {
                let value = number.object_of(py, bytes);
                match members.bind(py).get_item(&value)? {
                    Some(member) => Ok(member),
                    None => class.bind(py).call1((value,)),
                }
            }
            Make::Block { class, bools } => {
                for run in bools {
                    run.normalise(bytes);
                }
                let bytes = PyBytes::new(py, bytes);
                class.bind(py).call_method1("from_buffer_copy", (bytes,))
            }
            Make::Call { .. } => Ok(py.None().into_bound(py)),
        }
    }

    /// Writes `value` to its place in a record; false when that is left to the
    /// slow way, which also says what is wrong with a value.
    pub(crate) fn put(&self, value: &Bound<'_, PyAny>, record: &mut [u8]) -> bool {
        let place = &mut record[self.offset..self.offset + self.size];
        let Some(limits) = self.limits else {
            return false;
        };
        match &self.make {
            Make::Number(number) | Make::Member { number, .. } => {
                let Some(bits) = number.bits(value, limits) else {
                    return false;
                };
                place.copy_from_slice(&bits.to_le_bytes()[..place.len()]);
                true
            }
            Make::Text => match value.cast_exact::<PyString>().map(|text| text.to_cow()) {
                Ok(Ok(text)) if text.len() <= place.len() && !text.contains('\0') => {
                    let (room, rest) = place.split_at_mut(text.len());
                    room.copy_from_slice(text.as_bytes());
                    rest.fill(0);
                    true
                }
                _ => false,
            },
            Make::Chars | Make::Bytes | Make::Block { .. } | Make::Call { .. } => false,
        }
    }
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    match bytes.iter().position(|&byte| byte == 0) {
        Some(end) => &bytes[..end],
        None => bytes,
    }
}
