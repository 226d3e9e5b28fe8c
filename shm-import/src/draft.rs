//! A schema as it was found in a source file, before it is written as YAML.

use std::ops::Range;

/// Bytes of the source file.
pub(crate) type Place = Range<usize>;

/// What the file says, in its order.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) package: String,
    pub(crate) package_at: Place,
    pub(crate) version: u64,
    pub(crate) doc: Option<String>,
    /// Paths of other schemas.
    pub(crate) imports: Vec<(String, Place)>,
    pub(crate) constants: Vec<Constant>,
    pub(crate) enums: Vec<Values>,
    pub(crate) flags: Vec<Values>,
    pub(crate) structs: Vec<Struct>,
    pub(crate) segments: Vec<Segment>,
}

/// A named number.
#[derive(Debug)]
pub(crate) struct Constant {
    pub(crate) name: String,
    pub(crate) ty: &'static str,
    /// As YAML has it.
    pub(crate) number: String,
    pub(crate) doc: Option<String>,
    pub(crate) at: Place,
}

/// An enum, or a set of flags.
#[derive(Debug)]
pub(crate) struct Values {
    pub(crate) name: String,
    pub(crate) repr: String,
    pub(crate) values: Vec<Value>,
    pub(crate) doc: Option<String>,
    pub(crate) at: Place,
}

/// A named value, or a named bit by its place.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) number: i128,
    pub(crate) doc: Option<String>,
    pub(crate) at: Place,
}

/// A record.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) align: Option<u64>,
    pub(crate) size: Option<u64>,
    pub(crate) pack: Option<u64>,
    pub(crate) fields: Vec<Field>,
    pub(crate) doc: Option<String>,
    pub(crate) at: Place,
}

/// A field, or reserved room.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) what: What,
    /// Keys that follow the type, with their values as YAML has them.
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) doc: Option<String>,
    pub(crate) at: Place,
}

/// What lies in a field.
#[derive(Debug)]
pub(crate) enum What {
    Type(Type),
    /// So many bytes without a meaning.
    Reserved(String),
}

/// A field's type in schema spelling. Numbers are digits or constants.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    pub(crate) name: String,
    pub(crate) len: Option<String>,
    pub(crate) dims: Vec<String>,
}

impl Type {
    /// One value of a type that has no length.
    pub(crate) fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            len: None,
            dims: Vec::new(),
        }
    }
}

/// A cell, or a table when there are rows.
#[derive(Debug)]
pub(crate) struct Segment {
    pub(crate) name: String,
    pub(crate) of: String,
    pub(crate) rows: Option<String>,
    pub(crate) copies: Option<String>,
    /// `arrays`, or the usual.
    pub(crate) order: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) doc: Option<String>,
    pub(crate) at: Place,
}
