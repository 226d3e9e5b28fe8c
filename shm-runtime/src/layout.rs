//! What a type must promise before its bytes may be shared.

#![allow(unsafe_code)]

use crate::fingerprint::Fingerprint;

/// The type of a field as canonical text spells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Type of one element: `u32`, `str:16`, `struct:Level:<fingerprint>`.
    /// Empty for [`Pad`](crate::Pad), which has no meaning and no line.
    pub element: &'static str,
    /// Array dimensions, outermost first; empty for one value.
    pub dims: &'static [usize],
    /// Of a named type: its own text.
    pub section: Option<&'static Section>,
}

impl Shape {
    /// One value of an unnamed type.
    pub const fn of(element: &'static str) -> Self {
        Self {
            element,
            dims: &[],
            section: None,
        }
    }

    /// One value of a named type.
    pub const fn named(element: &'static str, section: &'static Section) -> Self {
        Self {
            element,
            dims: &[],
            section: Some(section),
        }
    }

    /// Whether the bytes have no meaning.
    pub const fn is_gap(&self) -> bool {
        self.element.is_empty()
    }
}

/// A named type's own text and the named types in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// The canonical text of the type.
    pub text: &'static str,
    /// SHA-256 of [`Section::text`].
    pub fingerprint: Fingerprint,
    /// The named types that its fields use, in declared order; a type that
    /// two fields use stands here twice.
    pub parts: &'static [&'static Section],
    /// The package of the schema it comes from; empty when none is known.
    pub package: &'static str,
    /// That schema's version.
    pub version: u32,
    /// Those of its fields of which a schema says what their absence is.
    pub absent: &'static [Absent],
}

impl Section {
    /// Of no text and no schema.
    pub(crate) const EMPTY: Self = Self {
        text: "",
        fingerprint: Fingerprint([0; 32]),
        parts: &[],
        package: "",
        version: 0,
        absent: &[],
    };

    /// With the fingerprint of `text`; of no schema.
    pub const fn of(text: &'static str, parts: &'static [&'static Section]) -> Self {
        Self::known(text, Fingerprint::of(text.as_bytes()), parts)
    }

    /// The same where `fingerprint` is known to be that of `text`.
    pub const fn known(
        text: &'static str,
        fingerprint: Fingerprint,
        parts: &'static [&'static Section],
    ) -> Self {
        Self {
            text,
            fingerprint,
            parts,
            ..Self::EMPTY
        }
    }

    /// The same with what a schema says of it.
    #[must_use]
    pub const fn from(self, schema: SchemaId, absent: &'static [Absent]) -> Self {
        Self {
            package: schema.package,
            version: schema.version,
            absent,
            ..self
        }
    }
}

/// What a schema says of a field that a segment may be without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The field, in schema spelling.
    pub field: &'static str,
    /// The version of the schema that it came with; 0 when it was always
    /// there.
    pub since: u32,
    /// The bits of an element that stands for none; 0 when there is no such
    /// value.
    pub sentinel: u64,
}

/// The bits of one element of a field, as they lie in memory, the rest 0.
///
/// Not of any `Copy` type: one with padding has bytes that hold nothing.
///
/// ```compile_fail,E0277
/// use shm_runtime::{__private::stored_bits, FieldShape, Shape};
///
/// let field = FieldShape { name: "", shape: Shape::of("u64"), offset: 0, size: 8 };
/// stored_bits(&core::mem::MaybeUninit::<u64>::uninit(), &field);
/// ```
///
/// # Panics
///
/// In a constant, when `value` has not the size of an element of `field`, has
/// padding, or more than 8 bytes.
pub const fn stored_bits<T: SharedField>(value: &T, field: &FieldShape) -> u64 {
    let mut elements = 1;
    let mut i = 0;
    while i < field.shape.dims.len() {
        elements *= field.shape.dims[i];
        i += 1;
    }
    assert!(
        size_of::<T>() * elements == field.size && size_of::<T>() <= 8 && !T::PADDED,
        "what stands for none has the type of the field, and is a number"
    );
    let mut bits = 0_u64;
    let to = (&raw mut bits).cast::<u8>();
    // SAFETY:
    // 1. `bits` has at least as many bytes as `value`, by the assertion.
    // 2. By duty 2 of `SharedField` each byte of a value without padding is
    //    initialised, so `bits` stays a number.
    unsafe { core::ptr::copy_nonoverlapping((&raw const *value).cast::<u8>(), to, size_of::<T>()) };
    bits
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

    /// Of a program whose structs are the schema: what `shm-codegen` makes of
    /// its source file is called the same.
    pub const fn new(package: &'static str, version: u32) -> Self {
        Self {
            package,
            version,
            ..Self::NONE
        }
    }
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
/// Structs get it from `#[derive(SharedLayout)]`, enums from
/// [`open_enum!`](crate::open_enum), flags from
/// [`shared_flags!`](crate::shared_flags); by hand it is rarely wanted.
///
/// # Safety
///
/// 1. Every bit pattern is a valid value once [`SharedField::normalise`] has
///    run over it, and all zero bytes are one without it. A Rust `enum`
///    breaks this: a byte that another process wrote may be none of its
///    variants.
/// 2. `PADDED` is true if any byte of a value can be uninitialised, and
///    `scrub` then initialises every such byte and no other. A `repr(C)`
///    struct of a `u8` and a `u32` breaks this with `PADDED = false`.
/// 3. A value holds no pointer, reference or handle: it means the same in
///    every process. A `RawFd` in a newtype breaks this, though it is a
///    number.
/// 4. `ANY_BYTES` is true only if `normalise` does nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no fixed layout that processes can share",
    label = "has no layout in shared memory",
    note = "a field is a number of a fixed width, `bool`, a fixed type of `shm_runtime`, an array",
    note = "or made by `open_enum!`, `shared_flags!` or `#[derive(SharedLayout)]`"
)]
pub unsafe trait SharedField: Copy + Send + Sync + 'static {
    /// As canonical text spells it.
    const SHAPE: Shape;
    /// Whether rustc inserted padding, whose bytes are uninitialised.
    const PADDED: bool;
    /// Whether all bytes are values as they come, so that `normalise` can be
    /// left out.
    const ANY_BYTES: bool = false;

    /// Makes bytes that are no valid value (a bool of 7) valid, in place.
    ///
    /// # Safety
    ///
    /// `at` is valid for reads and writes of `size_of::<Self>()` bytes, all of
    /// them initialised but for rustc's padding, which is not to be looked at;
    /// it need not be aligned.
    unsafe fn normalise(at: *mut u8);

    /// Writes zeros over rustc's padding.
    ///
    /// # Safety
    ///
    /// `at` is valid for writes of `size_of::<Self>()` bytes; it need not be
    /// aligned.
    unsafe fn scrub(at: *mut u8);

    /// For the derive: normalises a field of this type, or scrubs it and what
    /// is between it and `next`.
    ///
    /// # Safety
    ///
    /// The struct that starts at `at` is lent as [`SharedField::normalise`]
    /// or, to scrub, [`SharedField::scrub`] wants it. A field of this type
    /// lies at `offset`, and no other before `next`, which is inside the
    /// struct or its end.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn __visit<const SCRUB: bool>(at: *mut u8, offset: usize, next: usize) {
        // SAFETY: the field lies inside the struct, whose bytes are lent.
        let field = unsafe { at.add(offset) };
        if !SCRUB {
            if !Self::ANY_BYTES {
                // SAFETY: the field's bytes are a part of those lent.
                unsafe { Self::normalise(field) };
            }
            return;
        }
        if Self::PADDED {
            // SAFETY: the field's bytes are a part of those lent.
            unsafe { Self::scrub(field) };
        }
        let end = offset + size_of::<Self>();
        if end < next {
            // SAFETY: the field ends inside the struct or at its end.
            let padding = unsafe { at.add(end) };
            // SAFETY: the bytes up to `next` are a part of those lent.
            unsafe { padding.write_bytes(0, next - end) };
        }
    }
}

/// A record: a struct with a layout that every process computes alike.
///
/// # Safety
///
/// 1. The type is `repr(C)` and `SECTION` describes exactly its fields.
/// 2. `FIELDS` gives each field's true offset and size.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record that processes can share",
    label = "has no `SharedLayout`",
    note = "put `#[derive(SharedLayout, Clone, Copy)]` and `#[repr(C)]` on the struct"
)]
pub unsafe trait SharedLayout: SharedField {
    /// In schema spelling.
    const NAME: &'static str;
    /// The canonical text.
    const SECTION: &'static Section;
    /// Where it comes from.
    const SCHEMA: SchemaId;
    /// In declared order, padding that is spelled out included.
    const FIELDS: &'static [FieldShape];
    /// Equal fingerprints mean equal layouts.
    const FINGERPRINT: Fingerprint = Self::SECTION.fingerprint;

    /// The record of all zero bytes.
    fn zeroed() -> Self {
        // SAFETY: duty 1 of `SharedField`: all zero bytes are a value.
        unsafe { core::mem::zeroed() }
    }
}
