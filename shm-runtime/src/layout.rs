//! What a type must promise before its bytes may be shared.

#![allow(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;

/// SHA-256 of a canonical text: equal fingerprints mean equal layouts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// The type of a field as canonical text spells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Type of one element: `u32`, `str:16`, `struct:Level:<fingerprint>`.
    pub element: &'static str,
    /// Array dimensions, outermost first; empty for one value.
    pub dims: &'static [usize],
    /// Of a named type: its own text.
    pub section: Option<&'static Section>,
}

/// A named type's own text and the named types in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// The canonical text of the type.
    pub text: &'static str,
    /// SHA-256 of [`Section::text`].
    pub fingerprint: Fingerprint,
    /// The named types that its fields use, in declared order.
    pub parts: &'static [&'static Section],
}

/// The schema that a type comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaId {
    /// The schema's package; empty when no schema is known.
    pub package: &'static str,
    /// The schema's own version; 0 when no schema is known.
    pub version: u32,
    /// Of the schema's text; zeros when no schema is known.
    pub fingerprint: Fingerprint,
}

impl SchemaId {
    /// No schema is known.
    pub const NONE: Self = Self {
        package: "",
        version: 0,
        fingerprint: Fingerprint([0; 32]),
    };
}

/// One field of a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldShape {
    /// In schema spelling.
    pub name: &'static str,
    /// Its type.
    pub shape: Shape,
    /// From the start of the record, in bytes.
    pub offset: usize,
    /// In bytes.
    pub size: usize,
}

/// A type that a field of a record may have.
///
/// # Safety
///
/// 1. Every bit pattern is a valid value once [`SharedField::normalise`] has
///    run over it.
/// 2. `PADDED` is true if any byte of a value can be uninitialised; `scrub`
///    then initialises every such byte.
/// 3. A value holds no pointer, reference or handle: it means the same in
///    every process.
pub unsafe trait SharedField: Copy + Send + Sync + 'static {
    /// As canonical text spells it.
    const SHAPE: Shape;
    /// Whether rustc inserted padding, whose bytes are uninitialised.
    const PADDED: bool;

    /// Makes bytes that are no valid value (a bool of 7) valid, in place.
    ///
    /// # Safety
    ///
    /// `at` is valid for reads and writes of `size_of::<Self>()` initialised
    /// bytes; it need not be aligned.
    unsafe fn normalise(at: *mut u8);

    /// Writes zeros over rustc's padding.
    ///
    /// # Safety
    ///
    /// `at` is valid for writes of `size_of::<Self>()` bytes; it need not be
    /// aligned.
    unsafe fn scrub(at: *mut u8);
}

/// A record: a struct with a layout that every process computes alike.
///
/// # Safety
///
/// 1. The type is `repr(C)` and `SECTION` describes exactly its fields.
/// 2. `FIELDS` gives each field's true offset and size.
pub unsafe trait SharedLayout: SharedField {
    /// In schema spelling.
    const NAME: &'static str;
    /// The canonical text.
    const SECTION: &'static Section;
    /// Where it comes from.
    const SCHEMA: SchemaId;
    /// In declared order.
    const FIELDS: &'static [FieldShape];

    /// The record of all zero bytes.
    fn zeroed() -> Self;
}

/// A field of type `F` in records of type `T`.
pub struct Field<T, F> {
    name: &'static str,
    offset: usize,
    of: PhantomData<fn(T) -> F>,
}

impl<T: SharedLayout, F: SharedField> Field<T, F> {
    /// Names a field.
    ///
    /// # Safety
    ///
    /// `T` has a field of type `F` at `offset`.
    pub const unsafe fn new(name: &'static str, offset: usize) -> Self {
        Self {
            name,
            offset,
            of: PhantomData,
        }
    }
}

impl<T, F> Field<T, F> {
    /// In schema spelling.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// From the start of the record, in bytes.
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl<T, F> Clone for Field<T, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, F> Copy for Field<T, F> {}

macro_rules! numbers {
    ($($ty:ident)*) => {$(
        // SAFETY: numbers have no padding, and every bit pattern is one.
        unsafe impl SharedField for $ty {
            const SHAPE: Shape = Shape {
                element: stringify!($ty),
                dims: &[],
                section: None,
            };
            const PADDED: bool = false;
            #[inline(always)]
            unsafe fn normalise(_: *mut u8) {}
            #[inline(always)]
            unsafe fn scrub(_: *mut u8) {}
        }
    )*};
}

numbers!(u8 u16 u32 u64 i8 i16 i32 i64 f32 f64);
