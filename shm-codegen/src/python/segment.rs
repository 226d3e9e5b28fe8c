//! A segment as an object of the module.

use shm_schema::layout::{Field, Foreign, Layout, Place, SegmentKind, SegmentLayout, Sync, Type};

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
    /// Whether another program makes it: it is attached to and never created.
    pub(super) foreign: bool,
    /// `<package>.<segment>`; of a foreign one, its place.
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
        if let Some(foreign) = &segment.foreign {
            return Self::foreign(layout, segment, foreign);
        }
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
        let order = segment.unusual_order();
        let order = order.map(|order| Code::keyword("order", literal::string(order.as_str())));
        let unusual = copies.into_iter().chain(order);
        let spec = Code::call(
            format!("_runtime().{spec}"),
            facts.into_iter().map(Code::Text).chain(unusual),
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
            class: class(segment),
            doc: literal::docstring("    ", &doc(layout, segment)),
            foreign: false,
            default: format!("{}.{}", layout.package, segment.name),
            created: Code::call("spec.create", create).line(8, &assign, ""),
            attached: Code::call("self._spec().attach", attach).line(8, &assign, ""),
            spec: spec.line(8, "return ", ""),
            handle,
        }
    }

    fn foreign(layout: &Layout, segment: &SegmentLayout, foreign: &Foreign) -> Self {
        let of = refer::to_struct(layout, segment.of);
        let live = live::class_name(layout, segment.of);
        let mut facts = vec![of.clone()];
        let (handle, spec) = match segment.kind {
            SegmentKind::Cell => (format!("{live}ForeignCell"), "ForeignCellSpec"),
            SegmentKind::Table { rows, .. } => {
                facts.push(rows.to_string());
                facts.push(foreign.stride.to_string());
                let row = format!("{live}ForeignRow");
                (
                    format!("_shm.ForeignTable[{of}, {row}]"),
                    "ForeignTableSpec",
                )
            }
        };
        facts.push(match &foreign.place {
            Place::File(path) => literal::string(path),
            // As ruff has it.
            Place::SysV(key) => format!("0x{key:X}"),
        });
        facts.push(foreign.at.to_string());
        facts.push(sync(layout, segment, foreign.sync));
        let spec = Code::call(
            format!("_runtime().{spec}"),
            facts.into_iter().map(Code::Text),
        );
        let attach = [Code::text("place"), Code::keyword("wait", "wait")];
        let assign = format!("handle: {handle} = ");
        Self {
            name: segment.name.python(),
            class: class(segment),
            doc: literal::docstring("    ", &doc(layout, segment)),
            foreign: true,
            default: words::place(&foreign.place),
            created: String::new(),
            attached: Code::call("self._spec().attach", attach).line(8, &assign, ""),
            spec: spec.line(8, "return ", ""),
            handle,
        }
    }
}

fn class(segment: &SegmentLayout) -> String {
    format!("{}Segment", camel(&segment.name.upper()))
}

/// The rule and its fields, as the runtime takes them.
fn sync(layout: &Layout, segment: &SegmentLayout, sync: Sync) -> String {
    let (rule, members) = match sync {
        Sync::None => ("none", vec![]),
        Sync::OddWhileWriting { counter } => ("odd-while-writing", vec![counter]),
        Sync::Unchanged { counter, valid } => ("unchanged", vec![counter, valid]),
        Sync::Pair { begin, end } => ("pair", vec![begin, end]),
    };
    let name = |member| layout.member_name(segment, member);
    let parts = [rule].into_iter().chain(members.into_iter().map(name));
    let parts: Vec<String> = parts.map(literal::string).collect();
    match parts.as_slice() {
        [only] => format!("({only},)"),
        _ => format!("({})", parts.join(", ")),
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
    let unusual = words::unusual(segment);
    let facts = match (&segment.kind, layout.key_of(segment)) {
        (SegmentKind::Cell, _) => format!("A cell of `{of}`{unusual}."),
        (SegmentKind::Table { rows, .. }, None) => format!("A table of {rows} `{of}`{unusual}."),
        (SegmentKind::Table { rows, .. }, Some(key)) => {
            format!(
                "A table of {rows} `{of}`, found by `{}`{unusual}.",
                key.name
            )
        }
    };
    let facts = match &segment.foreign {
        None => facts,
        Some(foreign) => {
            let (place, sync) = (words::place(&foreign.place), layout.sync_text(segment));
            format!("{facts}\n\nOf another program, in {place}; sync {sync}.")
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
