//! A schema as its text says it: typed, but not yet checked.
//!
//! Flat structs without serde's `tag`, `untagged` and `flatten`, which lose
//! track of places. Each value is an [`At`], so that whatever is found wrong
//! with it later can be shown where it stands.

use std::ops::Deref;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::tree::NodeId;

/// A value and the node of the text it comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "(NodeId, T)")]
pub(crate) struct At<T> {
    pub(crate) node: NodeId,
    pub(crate) value: T,
}

impl<T> From<(NodeId, T)> for At<T> {
    fn from((node, value): (NodeId, T)) -> Self {
        At { node, value }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// As if the value stood alone.
#[cfg(feature = "json-schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

/// Text or a word.
pub(crate) type Text = At<String>;

/// A number, or the constant that stands for one.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "json-schema",
    derive(schemars::JsonSchema),
    schemars(inline)
)]
pub(crate) enum Amount {
    Int(i128),
    Float(f64),
    Constant(String),
}

/// A schema of shared memory: what lies at which byte, for programs in Rust,
/// Python and C.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {
    /// The version of the schema language: 1.
    pub(crate) shm: Option<At<Amount>>,
    /// Names the Rust module, the Python module and the prefix of C names.
    pub(crate) package: Option<Text>,
    /// The version of this schema, counted from 1: one more for every change of
    /// the layout.
    pub(crate) version: Option<At<Amount>>,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
    /// Paths of other schemas, relative to this file; their types come in as
    /// `<package>.<Name>`.
    pub(crate) imports: Option<At<Vec<Text>>>,
    /// Named numbers, which may stand wherever a number does.
    #[serde(default)]
    pub(crate) constants: Vec<At<Constant>>,
    /// Named values of an integer. Unknown values survive reading and writing.
    #[serde(default)]
    pub(crate) enums: Vec<At<Enum>>,
    /// Sets of named bits of an unsigned integer.
    #[serde(default)]
    pub(crate) flags: Vec<At<Flags>>,
    /// Records and their parts: the order of fields is the layout.
    #[serde(default)]
    pub(crate) structs: Vec<At<Struct>>,
    /// Pieces of shared memory that hold records.
    #[serde(default)]
    pub(crate) segments: Vec<At<Segment>>,
}

/// A named number.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Constant {
    /// The constant's name; generated code has it in upper case.
    pub(crate) name: Text,
    /// An integer or float type, which generated code declares the constant
    /// with.
    #[serde(rename = "type")]
    pub(crate) ty: Text,
    /// A number that fits the type, or another constant.
    #[serde(rename = "value")]
    pub(crate) number: At<Amount>,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
}

/// Named values of an integer; unknown values survive.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Enum {
    /// The type's name.
    pub(crate) name: Text,
    /// The integer type that a value is stored in.
    pub(crate) repr: Text,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
    /// The known values. At least one, each with a number of its own.
    #[serde(default)]
    pub(crate) values: Vec<At<Value>>,
    /// Values that were used once and must never come back.
    pub(crate) reserved: Option<At<Vec<At<Amount>>>>,
}

/// One named value of an enum.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Value {
    /// The value's name.
    pub(crate) name: Text,
    /// The number that is stored; it fits the `repr`.
    #[serde(rename = "value")]
    pub(crate) number: At<Amount>,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
}

/// A set of named bits; unknown bits survive.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Flags {
    /// The type's name.
    pub(crate) name: Text,
    /// The unsigned integer type that the bits lie in.
    pub(crate) repr: Text,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
    /// The known bits. At least one, each with a place of its own.
    #[serde(default)]
    pub(crate) bits: Vec<At<Bit>>,
}

/// One named bit.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Bit {
    /// The bit's name.
    pub(crate) name: Text,
    /// Its place, counted from 0, the least significant.
    pub(crate) bit: At<Amount>,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
}

/// Fields one after the other, each at the next multiple of its alignment, as
/// in C.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Struct {
    /// The type's name.
    pub(crate) name: Text,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
    /// Raises the alignment, in bytes: a power of two up to 4096, at least what
    /// the fields need.
    pub(crate) align: Option<At<Amount>>,
    /// Gives the struct room to grow, in bytes: a multiple of its alignment, at
    /// least what the fields need.
    pub(crate) size: Option<At<Amount>>,
    /// The highest alignment that a field keeps, as `#pragma pack` in C: 1, 2,
    /// 4 or 8. For structs that other programs already share.
    pub(crate) pack: Option<At<Amount>>,
    /// What lies in the struct, in the order of its bytes.
    #[serde(default)]
    pub(crate) fields: Vec<At<Field>>,
}

/// One or more values of a type, or room for fields to come.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    /// The field's name.
    pub(crate) name: Text,
    /// A built-in type, or the name of an enum, of flags or of a struct; one of
    /// an import is `<package>.<Name>`.
    #[serde(rename = "type")]
    pub(crate) ty: Option<Text>,
    /// The room of `str` and `bytes` in bytes, of `utf16` in code units.
    pub(crate) len: Option<At<Amount>>,
    /// Makes an array of up to four dimensions, outermost first as in numpy:
    /// `[3, 4]` is `[3][4]` in C.
    pub(crate) dims: Option<At<Vec<At<Amount>>>>,
    /// Instead of a type: keeps so many bytes free for fields to come.
    pub(crate) reserved: Option<At<Amount>>,
    /// Asserts at which byte the field lies; it never moves the field.
    pub(crate) offset: Option<At<Amount>>,
    /// What the number counts, such as `USD` or `m/s`.
    pub(crate) unit: Option<Text>,
    /// The lowest and the highest sensible value, in the unit people read
    /// (after `scale`). Setters refuse others; reading never fails.
    pub(crate) range: Option<At<Vec<At<Amount>>>>,
    /// The stored value that stands for "none" (before `scale`).
    pub(crate) sentinel: Option<At<Amount>>,
    /// Makes an integer a fixed-point number: what one step is worth, such as
    /// `1e-8`.
    pub(crate) scale: Option<At<Amount>>,
    /// The version of the schema that the field came with.
    pub(crate) since: Option<At<Amount>>,
    /// Why the field should not be used any more, or what to use instead.
    pub(crate) deprecated: Option<Text>,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
}

/// A piece of shared memory that holds one record or numbered ones.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Segment {
    /// The segment's name; in the system it is `<package>.<name>`.
    pub(crate) name: Text,
    /// `cell` holds one record, `table` numbered ones.
    pub(crate) kind: Text,
    /// The struct that a record is.
    pub(crate) of: Text,
    /// How many records a table has.
    pub(crate) rows: Option<At<Amount>>,
    /// The field that finds a row of a table.
    pub(crate) key: Option<Text>,
    /// Copies that a new segment keeps of each record: 2, 4 or 8.
    pub(crate) copies: Option<At<Amount>>,
    /// How the records of a new table lie: `rows`, each by itself, or `arrays`,
    /// for a table that is mainly read whole.
    pub(crate) order: Option<Text>,
    /// Says that another program makes the memory: it has no header of ours
    /// and is only read.
    pub(crate) foreign: Option<At<bool>>,
    /// Of foreign memory: the absolute path of its file.
    pub(crate) path: Option<Text>,
    /// Of foreign memory, instead of `path`: its System V key.
    pub(crate) sysv_key: Option<At<Amount>>,
    /// Of foreign memory: the byte that the first record begins at; 0 unless
    /// given.
    pub(crate) at: Option<At<Amount>>,
    /// Of a foreign table: the bytes from one record to the next; a record's
    /// size unless given.
    pub(crate) stride: Option<At<Amount>>,
    /// Of foreign memory: how its program tells a whole record from half of
    /// one; `none` where it does not.
    pub(crate) sync: Option<At<SyncChoice>>,
    /// Text that generated code and docs carry over.
    pub(crate) doc: Option<Text>,
}

/// What `sync` takes: a word, or the fields that tell.
#[derive(Debug)]
#[cfg_attr(
    feature = "json-schema",
    derive(schemars::JsonSchema),
    schemars(inline)
)]
pub(crate) enum SyncChoice {
    Word(String),
    Fields(Sync),
}

/// The fields by which a program tells a whole record from half of one: a
/// counter, or a pair of numbers around each write.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Sync {
    /// The integer that the program counts its writes in.
    pub(crate) counter: Option<Text>,
    /// What the counter says: `odd-while-writing`, or `unchanged` around a
    /// read of a record that is `valid`.
    pub(crate) rule: Option<Text>,
    /// With `unchanged`: the integer that is 0 before a record is changed and
    /// until it is whole again.
    pub(crate) valid: Option<Text>,
    /// Of a pair: the integer that is counted up before a record is changed.
    pub(crate) begin: Option<Text>,
    /// Of a pair: the integer that follows `begin` once the record is whole.
    pub(crate) end: Option<Text>,
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

impl<'de> Deserialize<'de> for SyncChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SyncVisitor)
    }
}

struct SyncVisitor;

impl<'de> Visitor<'de> for SyncVisitor {
    type Value = SyncChoice;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a word or a map of fields")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<SyncChoice, E> {
        Ok(SyncChoice::Word(value.to_owned()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<SyncChoice, A::Error> {
        let map = de::value::MapAccessDeserializer::new(map);
        Sync::deserialize(map).map(SyncChoice::Fields)
    }
}

struct AmountVisitor;

impl Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number or the name of a constant")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Amount, E> {
        Ok(Amount::Int(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Amount, E> {
        Ok(Amount::Int(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Amount, E> {
        Ok(Amount::Float(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Amount, E> {
        Ok(Amount::Constant(value.to_owned()))
    }
}
