//! Choices that a schema is made of, as proptest draws and shrinks them.
//!
//! A draft knows nothing of names, sizes or what goes with what: `schema.rs`
//! makes a valid schema of every draft. So a draft can shrink in any direction
//! and stays one.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A schema's choices.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whether what comes first is in a schema of its own, to be imported.
    pub(crate) is_split: bool,
    pub(crate) constants: Vec<Constant>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) flags: Vec<Flags>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) segments: Vec<Segment>,
    pub(crate) doc: Option<u16>,
    /// What the random bytes of the records are drawn from.
    pub(crate) bytes: u64,
}

/// A number that has a name; small ones stand for dims too.
#[derive(Debug, Clone)]
pub(crate) struct Constant {
    pub(crate) name: u16,
    pub(crate) scalar: u8,
    pub(crate) value: u64,
    pub(crate) doc: Option<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Enum {
    pub(crate) name: u16,
    pub(crate) repr: u8,
    pub(crate) values: Vec<(u16, u64)>,
    pub(crate) reserved: Option<u64>,
    pub(crate) doc: Option<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Flags {
    pub(crate) name: u16,
    pub(crate) repr: u8,
    pub(crate) bits: Vec<(u16, u8)>,
    pub(crate) doc: Option<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Struct {
    pub(crate) name: u16,
    pub(crate) fields: Vec<Field>,
    pub(crate) frame: Frame,
    /// Steps of its alignment that `size:` adds at the end.
    pub(crate) room: Option<u8>,
    pub(crate) doc: Option<u16>,
}

/// What the struct says of its own alignment.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Frame {
    Natural,
    /// `pack:`, as a power of two.
    Pack(u8),
    /// `align:`, as a power of two.
    Align(u8),
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: u16,
    pub(crate) ty: Kind,
    pub(crate) dims: Vec<u8>,
    /// Whether `dims` and `len` are spelled by constants where there is one.
    pub(crate) by_name: bool,
    pub(crate) says_offset: bool,
    pub(crate) says: Says,
}

/// The type of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Scalar(u8),
    Bool,
    Str(u8),
    Bytes(u8),
    Utf16(u8),
    Time(u8),
    Enum(u16),
    Flags(u16),
    Struct(u16),
    Reserved(u8),
}

/// What a field says beside its type.
#[derive(Debug, Clone)]
pub(crate) struct Says {
    pub(crate) unit: Option<u16>,
    pub(crate) doc: Option<u16>,
    pub(crate) scale: Option<u8>,
    pub(crate) sentinel: Option<u64>,
    pub(crate) range: Option<(u64, u64)>,
    pub(crate) since: bool,
    pub(crate) deprecated: Option<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) name: u16,
    pub(crate) of: u16,
    /// `None` for a cell.
    pub(crate) rows: Option<u8>,
    pub(crate) has_key: bool,
    pub(crate) copies: Option<u8>,
    /// Of a table: said, and which.
    pub(crate) order: Option<bool>,
    pub(crate) doc: Option<u16>,
}

/// Every draft there is.
pub fn drafts() -> impl Strategy<Value = Draft> {
    (
        vec(constant(), 0..3),
        // Few: rustc computes the fingerprint of each type as it compiles.
        vec(an_enum(), 0..2),
        vec(flags(), 0..2),
        vec(a_struct(), 1..4),
        vec(segment(), 0..3),
        doc(),
        any::<u64>().no_shrink(),
        prop::bool::weighted(0.4),
    )
        .prop_map(
            |(constants, enums, flags, structs, segments, doc, bytes, is_split)| Draft {
                is_split,
                constants,
                enums,
                flags,
                structs,
                segments,
                doc,
                bytes,
            },
        )
}

fn doc() -> impl Strategy<Value = Option<u16>> {
    option::weighted(0.3, any::<u16>())
}

/// Small numbers, the ends of the range, and all between.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 0..8u64, 1 => Just(u64::MAX), 1 => Just(1 << 63), 2 => any::<u64>()]
}

fn constant() -> impl Strategy<Value = Constant> {
    let scalar = prop_oneof![2 => Just(0u8), 1 => any::<u8>()];
    (any::<u16>(), scalar, number(), doc()).prop_map(|(name, scalar, value, doc)| Constant {
        name,
        scalar,
        value,
        doc,
    })
}

fn an_enum() -> impl Strategy<Value = Enum> {
    let values = vec((any::<u16>(), number()), 1..6);
    let reserved = option::weighted(0.2, number());
    (any::<u16>(), any::<u8>(), values, reserved, doc()).prop_map(
        |(name, repr, values, reserved, doc)| Enum {
            name,
            repr,
            values,
            reserved,
            doc,
        },
    )
}

fn flags() -> impl Strategy<Value = Flags> {
    let bits = vec((any::<u16>(), any::<u8>()), 1..6);
    (any::<u16>(), any::<u8>(), bits, doc()).prop_map(|(name, repr, bits, doc)| Flags {
        name,
        repr,
        bits,
        doc,
    })
}

fn a_struct() -> impl Strategy<Value = Struct> {
    let frame = prop_oneof![
        6 => Just(Frame::Natural),
        2 => (0..4u8).prop_map(Frame::Pack),
        2 => (0..8u8).prop_map(Frame::Align),
        // 4096 is the most there is; seldom, as its records are large.
        1 => (8..13u8).prop_map(Frame::Align),
    ];
    let room = option::weighted(0.2, 0..5u8);
    (any::<u16>(), vec(field(), 1..9), frame, room, doc()).prop_map(
        |(name, fields, frame, room, doc)| Struct {
            name,
            fields,
            frame,
            room,
            doc,
        },
    )
}

fn field() -> impl Strategy<Value = Field> {
    let dims = prop_oneof![
        6 => Just(Vec::new()),
        3 => vec(1..5u8, 1..=2),
        1 => vec(1..4u8, 3..=4),
    ];
    let by_name = prop::bool::weighted(0.3);
    let says_offset = prop::bool::weighted(0.2);
    (any::<u16>(), kind(), dims, by_name, says_offset, says()).prop_map(
        |(name, ty, dims, by_name, says_offset, says)| Field {
            name,
            ty,
            dims,
            by_name,
            says_offset,
            says,
        },
    )
}

fn kind() -> impl Strategy<Value = Kind> {
    let len = || prop_oneof![4 => 1..20u8, 1 => 20..70u8];
    prop_oneof![
        8 => any::<u8>().prop_map(Kind::Scalar),
        2 => Just(Kind::Bool),
        2 => len().prop_map(Kind::Str),
        1 => len().prop_map(Kind::Bytes),
        1 => len().prop_map(Kind::Utf16),
        2 => any::<u8>().prop_map(Kind::Time),
        2 => any::<u16>().prop_map(Kind::Enum),
        2 => any::<u16>().prop_map(Kind::Flags),
        3 => any::<u16>().prop_map(Kind::Struct),
        1 => (1..20u8).prop_map(Kind::Reserved),
    ]
}

fn says() -> impl Strategy<Value = Says> {
    (
        option::weighted(0.2, any::<u16>()),
        doc(),
        option::weighted(0.2, any::<u8>()),
        option::weighted(0.2, number()),
        option::weighted(0.2, (number(), number())),
        prop::bool::weighted(0.1),
        option::weighted(0.1, any::<u16>()),
    )
        .prop_map(
            |(unit, doc, scale, sentinel, range, since, deprecated)| Says {
                unit,
                doc,
                scale,
                sentinel,
                range,
                since,
                deprecated,
            },
        )
}

fn segment() -> impl Strategy<Value = Segment> {
    let rows = option::of(1..9u8);
    let has_key = prop::bool::weighted(0.6);
    let copies = option::of(prop_oneof![Just(2), Just(4), Just(8)]);
    let order = option::of(any::<bool>());
    let what = (
        any::<u16>(),
        any::<u16>(),
        rows,
        has_key,
        copies,
        order,
        doc(),
    );
    what.prop_map(|(name, of, rows, has_key, copies, order, doc)| Segment {
        name,
        of,
        rows,
        has_key,
        copies,
        order,
        doc,
    })
}
