//! One field of a record, as a value.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;

/// A field of type `F` in records of type `T`.
///
/// `#[derive(SharedLayout)]` makes one for each field, named in upper case:
/// `Point::X` is a `Field<Point, i32>`. [`Field::then`] gives a field of a
/// field, [`Field::element`] an element of an array.
pub struct Field<T, F> {
    name: &'static str,
    offset: usize,
    // A function: a token holds neither type, so it is Send and Sync.
    of: PhantomData<fn(T) -> F>,
}

impl<T, F> Field<T, F> {
    /// Names a field.
    ///
    /// # Safety
    ///
    /// `T` is [`SharedLayout`](crate::SharedLayout) and has a field of type
    /// `F` at `offset`. (There is no bound for that, because the compiler would
    /// then report a field's type without a layout once more, at its token.)
    pub const unsafe fn new(name: &'static str, offset: usize) -> Self {
        Self {
            name,
            offset,
            of: PhantomData,
        }
    }

    /// The name in schema spelling; of a field in a field, the inner one's.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Offset from the start of the record, in bytes.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The field `inner` of this field.
    #[must_use]
    pub const fn then<G>(self, inner: Field<F, G>) -> Field<T, G> {
        Field {
            name: inner.name,
            offset: self.offset + inner.offset,
            of: PhantomData,
        }
    }
}

impl<T, F, const N: usize> Field<T, [F; N]> {
    /// One element of an array, or `None` past its end.
    #[must_use]
    pub const fn element(self, index: usize) -> Option<Field<T, F>> {
        if index < N {
            Some(Field {
                name: self.name,
                offset: self.offset + index * size_of::<F>(),
                of: PhantomData,
            })
        } else {
            None
        }
    }
}

impl<T, F> Clone for Field<T, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, F> Copy for Field<T, F> {}

impl<T, F> fmt::Debug for Field<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({} @{})", self.name, self.offset)
    }
}
