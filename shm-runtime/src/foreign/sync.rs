//! How a program tells a whole record from a torn one, in terms of fields.

use core::marker::PhantomData;

use crate::field::Field;
use crate::foreign::guard::{Number, Rule};

/// How a program tells a whole record from a torn one.
///
/// The rules are promises of that program: a record is read whole if it keeps
/// them. The numbers are fields of the record, each at a multiple of its size
/// from the start of the memory.
#[derive(Debug)]
pub struct ForeignSync<T> {
    rule: Rule,
    of: PhantomData<fn() -> T>,
}

// By hand: a derive would ask it of `T`.
impl<T> Clone for ForeignSync<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for ForeignSync<T> {}

/// An integer that a program counts in: `u32`, `i32`, `u64` or `i64`.
pub trait Count: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

macro_rules! counts {
    ($($integer:ty)*) => {$(
        impl sealed::Sealed for $integer {}
        impl Count for $integer {}
    )*};
}

counts!(u32 i32 u64 i64);

impl<T> ForeignSync<T> {
    /// Not at all: reads may be torn.
    pub const fn none() -> Self {
        Self::new(Rule::None)
    }

    /// By a counter that is made odd before the record changes, and even
    /// again, with the next number, after it.
    pub const fn odd_while_writing<N: Count>(counter: Field<T, N>) -> Self {
        Self::new(Rule::OddWhileWriting {
            counter: number(counter),
        })
    }

    /// By a counter that moves before the record changes and after it, and a
    /// mark that is 0 from before the change until after the last count. NTP
    /// calls it mode 1.
    ///
    /// The counter alone would not be enough, because a whole read may fall
    /// inside one write.
    pub const fn unchanged<N: Count, V: Count>(counter: Field<T, N>, valid: Field<T, V>) -> Self {
        Self::new(Rule::Unchanged {
            counter: number(counter),
            valid: number(valid),
        })
    }

    /// By two numbers: `begin` is counted up before the record changes, and
    /// `end` made equal to it after.
    pub const fn pair<N: Count>(begin: Field<T, N>, end: Field<T, N>) -> Self {
        Self::new(Rule::Pair {
            begin: number(begin),
            end: number(end),
        })
    }

    const fn new(rule: Rule) -> Self {
        Self {
            rule,
            of: PhantomData,
        }
    }

    pub(crate) fn rule(self) -> Rule {
        self.rule
    }
}

const fn number<T, N: Count>(field: Field<T, N>) -> Number {
    Number {
        offset: field.offset(),
        size: size_of::<N>(),
    }
}
