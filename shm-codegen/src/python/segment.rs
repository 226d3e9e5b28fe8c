//! A segment as an object of the module.

use shm_schema::layout::{Layout, SegmentKind, SegmentLayout, Type};

use super::literal;
use super::scope::Scope;
use super::types;

/// A segment, ready to print.
pub(super) struct Segment {
    pub(super) name: String,
    /// Without the underscore before it.
    pub(super) class: String,
    pub(super) doc: String,
    /// `<package>.<segment>`.
    pub(super) default: String,
    /// The annotation of what `create` and `attach` give.
    pub(super) handle: String,
    /// What the runtime has to know, as an expression.
    pub(super) spec: String,
}

impl Segment {
    pub(super) fn new(layout: &Layout, segment: &SegmentLayout) -> Self {
        let record = &layout.structs[segment.of];
        let of = record.name.python();
        let name = literal::string(segment.name.as_str());
        let (handle, spec) = match segment.kind {
            SegmentKind::Cell => (
                format!("{of}Cell"),
                format!("CellSpec({of}, {name}, _schema())"),
            ),
            SegmentKind::Table { rows, .. } => {
                let key = layout.key_of(segment);
                // A table whose key is a number has no rows by key in
                // brackets; `int` says so.
                let number = "int".to_owned();
                let key_type = key.and_then(|k| match k.ty {
                    Type::Enum(_) | Type::Flags(_) | Type::Bool => None,
                    _ => types::typed(layout, k, &Scope::none()),
                });
                let key = key.map_or("None".to_owned(), |k| literal::string(k.name.as_str()));
                (
                    format!("_shm.Table[{of}, {of}Row, {}]", key_type.unwrap_or(number)),
                    format!("TableSpec({of}, {rows}, {key}, {name}, _schema())"),
                )
            }
        };
        Self {
            name: segment.name.python(),
            class: format!("{}Segment", camel(&segment.name.upper())),
            doc: literal::docstring("    ", &doc(layout, segment)),
            default: format!("{}.{}", layout.package, segment.name),
            handle,
            spec,
        }
    }
}

fn doc(layout: &Layout, segment: &SegmentLayout) -> String {
    let of = &layout.structs[segment.of].name;
    let facts = match (&segment.kind, layout.key_of(segment)) {
        (SegmentKind::Cell, _) => format!("A cell of `{of}`."),
        (SegmentKind::Table { rows, .. }, None) => format!("A table of {rows} `{of}`."),
        (SegmentKind::Table { rows, .. }, Some(key)) => {
            format!("A table of {rows} `{of}`, found by `{}`.", key.name)
        }
    };
    match segment.doc.as_deref().map(str::trim_end) {
        None | Some("") => facts,
        Some(doc) => format!("{doc}\n\n{facts}"),
    }
}

/// `BestBid` from `BEST_BID`.
fn camel(upper: &str) -> String {
    let mut out = String::with_capacity(upper.len());
    for word in upper.split('_') {
        let mut chars = word.chars();
        out.extend(chars.next());
        out.extend(chars.map(|c| c.to_ascii_lowercase()));
    }
    out
}
