//! A segment as an object of the module.

use shm_schema::layout::{Field, Layout, SegmentKind, SegmentLayout, Type};

use super::code::Code;
use super::scope::Scope;
use super::{literal, live, refer, types};
use crate::words;

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
    /// The statements that make a handle.
    pub(super) created: String,
    pub(super) attached: String,
    /// The statement that gives what the runtime has to know.
    pub(super) spec: String,
}

impl Segment {
    pub(super) fn new(layout: &Layout, segment: &SegmentLayout) -> Self {
        let of = refer::to_struct(layout, segment.of);
        let live = live::class_name(layout, segment.of);
        let mut facts = vec![of.clone()];
        let (handle, spec) = match segment.kind {
            SegmentKind::Cell => (format!("{live}Cell"), "CellSpec"),
            SegmentKind::Table { rows, .. } => {
                let key = layout.key_of(segment);
                facts.push(rows.to_string());
                facts.push(key.map_or("None".to_owned(), |k| literal::string(k.name.as_str())));
                let key = key.map_or("int".to_owned(), |k| in_brackets(layout, k));
                (format!("_shm.Table[{of}, {live}Row, {key}]"), "TableSpec")
            }
        };
        facts.push(literal::string(segment.name.as_str()));
        facts.push("_schema()".to_owned());
        let copies = segment.more_copies();
        let copies = copies.map(|copies| Code::keyword("copies", copies.to_string()));
        let spec = Code::call(
            format!("_runtime().{spec}"),
            facts.into_iter().map(Code::Text).chain(copies),
        );
        let options =
            ["mode", "exist_ok", "replace", "prefault"].map(|name| Code::keyword(name, name));
        let create = [Code::text("name")].into_iter().chain(options);
        let attach = [
            Code::text("name"),
            Code::keyword("wait", "wait"),
            Code::keyword("prefault", "prefault"),
        ];
        let assign = format!("handle: {handle} = ");
        Self {
            name: segment.name.python(),
            class: format!("{}Segment", camel(&segment.name.upper())),
            doc: literal::docstring("    ", &doc(layout, segment)),
            default: format!("{}.{}", layout.package, segment.name),
            created: Code::call("spec.create", create).line(8, &assign, ""),
            attached: Code::call("self._spec().attach", attach).line(8, &assign, ""),
            spec: spec.line(8, "return ", ""),
            handle,
        }
    }
}

/// What stands in brackets after a table, beside a row's number.
///
/// A key that is a number itself, as an enum's is, cannot: `int` says so.
fn in_brackets(layout: &Layout, key: &Field) -> String {
    let number = matches!(key.ty, Type::Enum(_) | Type::Flags(_) | Type::Bool);
    // The runtime looks for it as it is stored: a number too.
    let raw = key.scale.is_some() || key.sentinel.is_some();
    types::typed(layout, key, &Scope::none())
        .filter(|_| !number && !raw)
        .unwrap_or_else(|| "int".to_owned())
}

fn doc(layout: &Layout, segment: &SegmentLayout) -> String {
    let of = layout.type_name(Type::Struct(segment.of));
    let copies = words::more_copies(segment);
    let facts = match (&segment.kind, layout.key_of(segment)) {
        (SegmentKind::Cell, _) => format!("A cell of `{of}`{copies}."),
        (SegmentKind::Table { rows, .. }, None) => format!("A table of {rows} `{of}`{copies}."),
        (SegmentKind::Table { rows, .. }, Some(key)) => {
            format!("A table of {rows} `{of}`, found by `{}`{copies}.", key.name)
        }
    };
    match segment.doc.as_deref().map(str::trim_end) {
        None | Some("") => facts,
        Some(doc) => format!("{doc}\n\n{facts}"),
    }
}

/// `BestBid` from `BEST_BID`.
pub(super) fn camel(upper: &str) -> String {
    let mut out = String::with_capacity(upper.len());
    for word in upper.split('_') {
        let mut chars = word.chars();
        out.extend(chars.next());
        out.extend(chars.map(|c| c.to_ascii_lowercase()));
    }
    out
}
