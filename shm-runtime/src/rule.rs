//! What a schema says of a field's values, for generated accessors.

use core::fmt::{Debug, Display};
use core::ops::RangeInclusive;

use crate::each::Each;
use crate::out_of_range::{FieldPath, OutOfRange};
use crate::scale::Scale;
use crate::time::{
    DurationMs, DurationNs, DurationS, DurationUs, TimestampMs, TimestampNs, TimestampS,
    TimestampUs,
};

/// A type whose values can have a range and a sentinel.
pub trait Value: Copy + Default + PartialOrd {
    /// In schema spelling.
    const NAME: &'static str;

    /// Whether both are one value; every NaN is.
    fn is(self, other: Self) -> bool;

    /// For messages.
    fn shown(self) -> Box<str>;
}

macro_rules! values {
    ($($ty:ident $is:expr, $shown:expr;)*) => {$(
        impl Value for $ty {
            const NAME: &'static str = stringify!($ty);

            #[inline(always)]
            fn is(self, other: Self) -> bool {
                let is: fn(Self, Self) -> bool = $is;
                is(self, other)
            }

            fn shown(self) -> Box<str> {
                let shown: fn(&Self) -> Box<str> = $shown;
                shown(&self)
            }
        }
    )*};
}

values! {
    u8 equal, display;
    u16 equal, display;
    u32 equal, display;
    u64 equal, display;
    i8 equal, display;
    i16 equal, display;
    i32 equal, display;
    i64 equal, display;
    f32 |a, b| a == b || (a.is_nan() && b.is_nan()), debug;
    f64 |a, b| a == b || (a.is_nan() && b.is_nan()), debug;
    TimestampS equal, display;
    TimestampMs equal, display;
    TimestampUs equal, display;
    TimestampNs equal, display;
    DurationS equal, display;
    DurationMs equal, display;
    DurationUs equal, display;
    DurationNs equal, display;
}

#[inline(always)]
fn equal<T: PartialEq>(a: T, b: T) -> bool {
    a == b
}

fn display<T: Display>(value: &T) -> Box<str> {
    value.to_string().into()
}

/// `Debug` writes 1e300 as it is read, `Display` with 300 zeros.
fn debug<T: Debug>(value: &T) -> Box<str> {
    format!("{value:?}").into()
}

/// How what is stored becomes a value that people read.
pub trait Unit<R>: Copy {
    /// What people read.
    type Value: Value;

    /// The value of what is stored.
    fn value(self, stored: R) -> Self::Value;

    /// What to store, or what the field holds instead.
    fn stored(self, value: Self::Value) -> Result<R, Held>;
}

/// Values are stored as they are.
#[derive(Clone, Copy, Debug)]
pub struct Plain;

impl<R: Value> Unit<R> for Plain {
    type Value = R;

    #[inline(always)]
    fn value(self, stored: R) -> R {
        stored
    }

    #[inline(always)]
    fn stored(self, value: R) -> Result<R, Held> {
        Ok(value)
    }
}

impl<R: Value + Into<i128> + TryFrom<i128>> Unit<R> for Scale {
    type Value = f64;

    #[inline]
    fn value(self, stored: R) -> f64 {
        self.of(stored)
    }

    #[inline]
    fn stored(self, value: f64) -> Result<R, Held> {
        self.raw(value).ok_or_else(|| Held::of::<R>(self))
    }
}

/// The values that a scaled integer holds.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    integer: &'static str,
    low: f64,
    high: f64,
    step: f64,
}

impl Held {
    #[cold]
    fn of<R: Value + TryFrom<i128>>(scale: Scale) -> Self {
        let values = 1_i128 << (8 * size_of::<R>());
        let lowest = match R::try_from(-1).is_ok() {
            true => -values / 2,
            false => 0,
        };
        Self {
            integer: R::NAME,
            low: scale.of(lowest),
            high: scale.of(lowest + values - 1),
            step: scale.of(1),
        }
    }
}

/// What a schema says of one field.
#[derive(Clone, Copy, Debug)]
pub struct Rule<R, U: Unit<R> = Plain> {
    record: &'static str,
    field: &'static str,
    dims: &'static [usize],
    unit: U,
    none: Option<R>,
    range: Option<(U::Value, U::Value)>,
}

impl<R: Value> Rule<R> {
    /// Of a field that is read as it is stored; `dims` are empty for one
    /// value.
    pub const fn new(record: &'static str, field: &'static str, dims: &'static [usize]) -> Self {
        Self {
            record,
            field,
            dims,
            unit: Plain,
            none: None,
            range: None,
        }
    }
}

impl<R: Value + Into<i128> + TryFrom<i128>> Rule<R, Scale> {
    /// Of a field that is stored in steps of `scale`.
    pub const fn scaled(
        record: &'static str,
        field: &'static str,
        dims: &'static [usize],
        scale: Scale,
    ) -> Self {
        Self {
            record,
            field,
            dims,
            unit: scale,
            none: None,
            range: None,
        }
    }
}

impl<R: Value, U: Unit<R>> Rule<R, U> {
    /// With what is stored for none.
    pub const fn none(mut self, none: R) -> Self {
        self.none = Some(none);
        self
    }

    /// With the values it should have, as people read them.
    pub const fn range(mut self, range: RangeInclusive<U::Value>) -> Self {
        self.range = Some((*range.start(), *range.end()));
        self
    }

    /// The value of what is stored, in a field where nothing stands for none.
    #[inline]
    pub fn value<S: Each<R, U::Value>>(&self, stored: S) -> S::To {
        stored.each(&mut |stored| self.unit.value(stored))
    }

    /// The value of what is stored, or `None` when that stands for none.
    #[inline]
    pub fn get<S: Each<R, Option<U::Value>>>(&self, stored: S) -> S::To {
        stored.each(&mut |stored| self.some(stored))
    }

    /// What to store for `value`.
    #[inline]
    pub fn set<S: Each<U::Value, R>>(&self, value: S) -> Result<S::To, OutOfRange> {
        gather(value, |index, value| self.element(index, value))
    }

    /// What to store for `value`, which is `none` for `None`.
    #[inline]
    pub fn set_or(&self, value: impl Into<Option<U::Value>>, none: R) -> Result<R, OutOfRange> {
        self.set_each_or(value.into(), none)
    }

    /// [`Rule::set_or`] of an array.
    #[inline]
    pub fn set_each_or<S: Each<Option<U::Value>, R>>(
        &self,
        values: S,
        none: R,
    ) -> Result<S::To, OutOfRange> {
        gather(values, |index, value| match value {
            Some(value) => self.element(index, value),
            None => Ok(none),
        })
    }

    /// Reports the elements that are outside the range.
    pub fn check<S: Each<R, ()>>(&self, stored: S, found: &mut Vec<OutOfRange>) {
        let mut index = 0;
        stored.each(&mut |stored| {
            let value = self.some(stored);
            found.extend(value.and_then(|value| self.outside(index, value)));
            index += 1;
        });
    }

    #[inline]
    fn some(&self, stored: R) -> Option<U::Value> {
        match self.none {
            Some(none) if stored.is(none) => None,
            _ => Some(self.unit.value(stored)),
        }
    }

    #[inline]
    fn element(&self, index: usize, value: U::Value) -> Result<R, OutOfRange> {
        if let Some(error) = self.outside(index, value) {
            return Err(error);
        }
        let stored = match self.unit.stored(value) {
            Ok(stored) => stored,
            Err(held) => return Err(self.overflow(index, value, held)),
        };
        let Some(kept) = self.some(stored) else {
            return Err(self.sentinel(index, stored));
        };
        // The nearest step may lie beyond the end of the range.
        match self.outside(index, kept) {
            Some(error) => Err(error),
            None => Ok(stored),
        }
    }

    /// NaN is in no range.
    #[inline]
    fn outside(&self, index: usize, value: U::Value) -> Option<OutOfRange> {
        let (low, high) = self.range?;
        match low <= value && value <= high {
            true => None,
            false => Some(self.out_of(index, value, low, high)),
        }
    }

    #[cold]
    fn out_of(&self, index: usize, value: U::Value, low: U::Value, high: U::Value) -> OutOfRange {
        OutOfRange::Range {
            place: self.place(index),
            found: value.shown(),
            low: low.shown(),
            high: high.shown(),
        }
    }

    #[cold]
    fn overflow(&self, index: usize, value: U::Value, held: Held) -> OutOfRange {
        OutOfRange::Overflow {
            place: self.place(index),
            found: value.shown(),
            low: held.low.shown(),
            high: held.high.shown(),
            integer: held.integer,
            step: held.step.shown(),
        }
    }

    #[cold]
    fn sentinel(&self, index: usize, stored: R) -> OutOfRange {
        OutOfRange::Sentinel {
            place: self.place(index),
            found: stored.shown(),
        }
    }

    fn place(&self, index: usize) -> Box<FieldPath> {
        Box::new(FieldPath::new(self.record, self.field, self.dims, index))
    }
}

/// What `f` makes of each, or the first error.
#[inline]
fn gather<A, R: Value, S: Each<A, R>>(
    values: S,
    f: impl Fn(usize, A) -> Result<R, OutOfRange>,
) -> Result<S::To, OutOfRange> {
    let mut index = 0;
    let mut first = None;
    let stored = values.each(&mut |value| {
        if first.is_some() {
            return R::default();
        }
        let stored = f(index, value);
        index += 1;
        stored.unwrap_or_else(|error| {
            first = Some(error);
            R::default()
        })
    });
    first.map_or(Ok(stored), Err)
}

/// Reports what is out of range in the records of a field.
pub fn check_inside<T, S: Each<T, ()>>(
    record: &'static str,
    field: &'static str,
    dims: &[usize],
    records: S,
    out_of_range: impl Fn(&T) -> Vec<OutOfRange>,
    found: &mut Vec<OutOfRange>,
) {
    let mut index = 0;
    records.each(&mut |inner| {
        let errors = out_of_range(&inner);
        if !errors.is_empty() {
            let outer = FieldPath::new(record, field, dims, index);
            found.extend(errors.into_iter().map(|error| error.within(&outer)));
        }
        index += 1;
    });
}
