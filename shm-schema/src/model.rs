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

/// Text or a word.
pub(crate) type Text = At<String>;

/// A number, or the constant that stands for one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Amount {
    Int(i128),
    Float(f64),
    Constant(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Schema {
    pub(crate) shm: Option<At<Amount>>,
    pub(crate) package: Option<Text>,
    pub(crate) version: Option<At<Amount>>,
    pub(crate) doc: Option<Text>,
    pub(crate) imports: Option<At<Vec<Text>>>,
    #[serde(default)]
    pub(crate) constants: Vec<At<Constant>>,
    #[serde(default)]
    pub(crate) enums: Vec<At<Enum>>,
    #[serde(default)]
    pub(crate) flags: Vec<At<Flags>>,
    #[serde(default)]
    pub(crate) structs: Vec<At<Struct>>,
    #[serde(default)]
    pub(crate) segments: Vec<At<Segment>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Constant {
    pub(crate) name: Text,
    #[serde(rename = "type")]
    pub(crate) ty: Text,
    #[serde(rename = "value")]
    pub(crate) number: At<Amount>,
    pub(crate) doc: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enum {
    pub(crate) name: Text,
    pub(crate) repr: Text,
    pub(crate) doc: Option<Text>,
    #[serde(default)]
    pub(crate) values: Vec<At<Value>>,
    pub(crate) reserved: Option<At<Vec<At<Amount>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Value {
    pub(crate) name: Text,
    #[serde(rename = "value")]
    pub(crate) number: At<Amount>,
    pub(crate) doc: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flags {
    pub(crate) name: Text,
    pub(crate) repr: Text,
    pub(crate) doc: Option<Text>,
    #[serde(default)]
    pub(crate) bits: Vec<At<Bit>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bit {
    pub(crate) name: Text,
    pub(crate) bit: At<Amount>,
    pub(crate) doc: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Struct {
    pub(crate) name: Text,
    pub(crate) doc: Option<Text>,
    pub(crate) align: Option<At<Amount>>,
    pub(crate) size: Option<At<Amount>>,
    pub(crate) pack: Option<At<Amount>>,
    #[serde(default)]
    pub(crate) fields: Vec<At<Field>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub(crate) name: Text,
    #[serde(rename = "type")]
    pub(crate) ty: Option<Text>,
    pub(crate) len: Option<At<Amount>>,
    pub(crate) dims: Option<At<Vec<At<Amount>>>>,
    pub(crate) reserved: Option<At<Amount>>,
    pub(crate) offset: Option<At<Amount>>,
    pub(crate) unit: Option<Text>,
    pub(crate) range: Option<At<Vec<At<Amount>>>>,
    pub(crate) sentinel: Option<At<Amount>>,
    pub(crate) scale: Option<At<Amount>>,
    pub(crate) since: Option<At<Amount>>,
    pub(crate) deprecated: Option<Text>,
    pub(crate) doc: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Segment {
    pub(crate) name: Text,
    pub(crate) kind: Text,
    pub(crate) of: Text,
    pub(crate) rows: Option<At<Amount>>,
    pub(crate) key: Option<Text>,
    pub(crate) doc: Option<Text>,
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
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
