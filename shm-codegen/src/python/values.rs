//! Enums, flags and constants.

use shm_schema::layout::{Constant, Layout};

use super::literal;

/// A named number, ready to print.
pub(super) struct Value {
    pub(super) name: String,
    pub(super) value: String,
    /// A docstring, or nothing.
    pub(super) doc: String,
}

/// An enum or flags, ready to print.
pub(super) struct Group {
    pub(super) name: String,
    /// `IntEnum` or `IntFlag`.
    pub(super) base: &'static str,
    pub(super) doc: String,
    pub(super) values: Vec<Value>,
    /// What to return for a value that has no name.
    pub(super) missing: String,
}

pub(super) fn constant(constant: &Constant) -> Value {
    Value {
        name: constant.name.upper(),
        value: literal::number(constant.value),
        doc: doc("", constant.doc.as_deref()),
    }
}

/// Enums first, then flags.
pub(super) fn groups(layout: &Layout) -> Vec<Group> {
    let enums = layout.own_enums().map(|e| {
        let (low, high) = e.repr.bounds().unwrap_or_default();
        Group {
            name: e.name.python(),
            base: "IntEnum",
            doc: literal::docstring("    ", &about(e.doc.as_deref(), e.repr.name(), "an enum")),
            values: e
                .values
                .iter()
                .map(|v| value(v.name.upper(), v.value.to_string(), v.doc.as_deref()))
                .collect(),
            missing: format!("_unknown(cls, value, {low}, {high})"),
        }
    });
    let flags = layout.own_flags().map(|f| {
        let (_, mask) = f.repr.bounds().unwrap_or_default();
        Group {
            name: f.name.python(),
            base: "IntFlag",
            doc: literal::docstring("    ", &about(f.doc.as_deref(), f.repr.name(), "flags")),
            values: f
                .bits
                .iter()
                .map(|b| value(b.name.upper(), format!("1 << {}", b.bit), b.doc.as_deref()))
                .collect(),
            missing: format!("_bits(cls, value, 0x{mask:X})"),
        }
    });
    enums.chain(flags).collect()
}

fn value(name: String, value: String, text: Option<&str>) -> Value {
    Value {
        name,
        value,
        doc: doc("    ", text),
    }
}

fn about(doc: Option<&str>, repr: &str, what: &str) -> String {
    match doc.map(str::trim_end) {
        None | Some("") => format!("Stored as {what} of {repr}."),
        Some(doc) => format!("{doc}\n\nStored as {what} of {repr}."),
    }
}

fn doc(indent: &str, text: Option<&str>) -> String {
    match text.map(str::trim) {
        None | Some("") => String::new(),
        Some(text) => literal::docstring(indent, text),
    }
}
