//! What both pages say, as strings ready to print.

use shm_schema::layout::{
    EnumLayout, Field, FlagsLayout, Home, Layout, Member, SegmentKind, SegmentLayout, StructLayout,
    Type,
};

use super::rich::{self, Line};
use crate::show::Remedy;
use crate::{stamp, words};

/// A schema.
pub(super) struct Page<'a> {
    pub(super) stamp: String,
    pub(super) package: &'a str,
    pub(super) version: u32,
    pub(super) file: String,
    pub(super) fingerprint: String,
    pub(super) doc: Vec<Line>,
    pub(super) imports: Vec<Import<'a>>,
    pub(super) constants: Vec<Constant<'a>>,
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) records: Vec<Record<'a>>,
    pub(super) segments: Vec<Segment<'a>>,
}

/// Another schema that this one names.
pub(super) struct Import<'a> {
    pub(super) package: &'a str,
    pub(super) version: u32,
}

/// A named number.
pub(super) struct Constant<'a> {
    pub(super) name: &'a str,
    pub(super) ty: &'static str,
    pub(super) value: String,
    pub(super) doc: Line,
}

/// An enum or flags.
pub(super) struct Choice<'a> {
    pub(super) name: &'a str,
    /// `enum` or `flags`.
    pub(super) what: &'static str,
    pub(super) repr: &'static str,
    pub(super) fingerprint: String,
    pub(super) doc: Vec<Line>,
    /// What a number of it is called: `value` or `bit`.
    pub(super) number: &'static str,
    pub(super) values: Vec<Value<'a>>,
    /// Numbers that must not come back, such as `3, 4`; empty when there are
    /// none.
    pub(super) reserved: String,
}

/// A value of an enum, or a bit.
pub(super) struct Value<'a> {
    pub(super) name: &'a str,
    pub(super) number: String,
    pub(super) doc: Line,
}

/// A struct.
pub(super) struct Record<'a> {
    /// Index into the layout's structs.
    pub(super) index: usize,
    pub(super) name: &'a str,
    /// `64 bytes, aligned to 8, 1 cache line`
    pub(super) extent: String,
    pub(super) fingerprint: String,
    pub(super) doc: Vec<Line>,
    pub(super) members: Vec<Row<'a>>,
    /// The order of fields without holes; empty when there are none.
    pub(super) remedy: String,
}

/// A member of a struct.
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    /// `field`, `reserved` or `padding`.
    pub(super) class: &'static str,
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) ty: Link,
    /// Behind the type: `[3, 4]`, or nothing.
    pub(super) dims: String,
    pub(super) unit: String,
    pub(super) facts: Vec<String>,
    pub(super) is_deprecated: bool,
    pub(super) doc: Line,
}

/// A word that may lead somewhere.
#[derive(Default)]
pub(super) struct Link {
    pub(super) text: String,
    /// The package whose page has it, when it is not this one.
    pub(super) package: Option<String>,
    /// Its name there; empty for a word that leads nowhere.
    pub(super) anchor: String,
}

/// A piece of shared memory.
pub(super) struct Segment<'a> {
    pub(super) name: &'a str,
    /// `a cell of`, `a table of 10`
    pub(super) what: String,
    pub(super) of: Link,
    pub(super) facts: Vec<String>,
    pub(super) doc: Vec<Line>,
}

impl<'a> Page<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        let direct = layout.imports.iter().filter(|import| import.direct);
        let own = |s: &&(usize, &StructLayout)| s.1.home == Home::Own;
        let structs: Vec<(usize, &StructLayout)> = layout.structs.iter().enumerate().collect();
        let enums = layout.own_enums().map(enumeration);
        let flags = layout.own_flags().map(flags);
        Self {
            stamp: stamp::line(layout),
            package: layout.package.as_str(),
            version: layout.version,
            file: stamp::file_name(&layout.file),
            fingerprint: layout.fingerprint.to_string(),
            doc: doc(layout.doc.as_deref()),
            imports: direct
                .map(|import| Import {
                    package: import.layout.package.as_str(),
                    version: import.layout.version,
                })
                .collect(),
            constants: layout
                .constants
                .iter()
                .map(|constant| Constant {
                    name: constant.name.as_str(),
                    ty: constant.ty.name(),
                    value: words::number(constant.value),
                    doc: rich::line(constant.doc.as_deref().unwrap_or_default()),
                })
                .collect(),
            choices: enums.chain(flags).collect(),
            records: structs
                .iter()
                .filter(own)
                .map(|(index, s)| record(layout, *index, s))
                .collect(),
            segments: layout.segments.iter().map(|s| segment(layout, s)).collect(),
        }
    }
}

fn doc(text: Option<&str>) -> Vec<Line> {
    rich::paragraphs(text.unwrap_or_default())
}

fn enumeration(e: &EnumLayout) -> Choice<'_> {
    let reserved: Vec<String> = e.reserved.iter().map(i128::to_string).collect();
    Choice {
        name: e.name.as_str(),
        what: "enum",
        repr: e.repr.name(),
        fingerprint: e.fingerprint.to_string(),
        doc: doc(e.doc.as_deref()),
        number: "value",
        values: e
            .values
            .iter()
            .map(|value| Value {
                name: value.name.as_str(),
                number: value.value.to_string(),
                doc: rich::line(value.doc.as_deref().unwrap_or_default()),
            })
            .collect(),
        reserved: reserved.join(", "),
    }
}

fn flags(f: &FlagsLayout) -> Choice<'_> {
    Choice {
        name: f.name.as_str(),
        what: "flags",
        repr: f.repr.name(),
        fingerprint: f.fingerprint.to_string(),
        doc: doc(f.doc.as_deref()),
        number: "bit",
        values: f
            .bits
            .iter()
            .map(|bit| Value {
                name: bit.name.as_str(),
                number: bit.bit.to_string(),
                doc: rich::line(bit.doc.as_deref().unwrap_or_default()),
            })
            .collect(),
        reserved: String::new(),
    }
}

fn record<'a>(layout: &'a Layout, index: usize, s: &'a StructLayout) -> Record<'a> {
    let mut extent = vec![
        words::plural(s.size, "byte"),
        format!("aligned to {}", s.align),
    ];
    extent.extend(s.pack.map(|n| format!("packed to {n}")));
    Record {
        index,
        name: s.name.as_str(),
        extent: extent.join(", "),
        fingerprint: s.fingerprint.to_string(),
        doc: doc(s.doc.as_deref()),
        members: s.members.iter().map(|m| row(layout, m)).collect(),
        remedy: Remedy::of(s).map(|r| r.sentence()).unwrap_or_default(),
    }
}

fn row<'a>(layout: &'a Layout, member: &'a Member) -> Row<'a> {
    let (gap, class) = match member {
        Member::Field(field) => return field_row(layout, field),
        Member::Reserved(gap) => (gap, "reserved"),
        Member::Pad(gap) => (gap, "padding"),
    };
    Row {
        name: &gap.name,
        class,
        offset: gap.offset,
        size: gap.size,
        ty: Link {
            text: class.to_owned(),
            ..Link::default()
        },
        dims: String::new(),
        unit: String::new(),
        facts: Vec::new(),
        is_deprecated: false,
        doc: rich::line(gap.doc.as_deref().unwrap_or_default()),
    }
}

fn field_row<'a>(layout: &'a Layout, field: &'a Field) -> Row<'a> {
    let mut facts = words::value_facts(field);
    facts.extend(field.since.map(|n| format!("since version {n}")));
    let why = field.deprecated.as_deref();
    facts.extend(why.map(|why| format!("deprecated: {}", one_line(why))));
    facts.extend(names(field));
    let dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    Row {
        name: field.name.as_str(),
        class: "field",
        offset: field.offset,
        size: field.size,
        ty: link(layout, field.ty),
        dims: match dims.is_empty() {
            true => String::new(),
            false => format!("[{}]", dims.join(", ")),
        },
        unit: one_line(field.unit.as_deref().unwrap_or_default()),
        facts,
        is_deprecated: why.is_some(),
        doc: rich::line(field.doc.as_deref().unwrap_or_default()),
    }
}

/// What the field is called where that is not its name.
fn names(field: &Field) -> impl Iterator<Item = String> {
    let name = &field.name;
    let others = [
        ("Rust", name.rust()),
        ("Python", name.python()),
        ("C", name.c()),
    ];
    let others = others.into_iter().filter(|(_, n)| *n != name.as_str());
    others.map(|(language, n)| format!("{n} in {language}"))
}

fn link(layout: &Layout, ty: Type) -> Link {
    let (home, name) = match ty {
        Type::Enum(i) => (layout.enums[i].home, &layout.enums[i].name),
        Type::Flags(i) => (layout.flags[i].home, &layout.flags[i].name),
        Type::Struct(i) => (layout.structs[i].home, &layout.structs[i].name),
        _ => {
            return Link {
                text: layout.type_name(ty),
                ..Link::default()
            };
        }
    };
    Link {
        text: layout.type_name(ty),
        package: layout.package_of(home).map(|p| p.to_string()),
        anchor: name.to_string(),
    }
}

fn segment<'a>(layout: &'a Layout, s: &'a SegmentLayout) -> Segment<'a> {
    let mut facts = match &s.foreign {
        None => vec![format!("found as {}.{}", layout.package, s.name)],
        Some(foreign) => vec![
            format!("of another program, in {}", words::place(&foreign.place)),
            format!("sync {}", layout.sync_text(s)),
        ],
    };
    let what = match s.kind {
        SegmentKind::Cell => "a cell of".to_owned(),
        SegmentKind::Table { rows, key } => {
            if let Some(Member::Field(key)) = key.map(|i| &layout.structs[s.of].members[i]) {
                facts.push(format!("a row is found by {}", key.name));
            }
            format!("a table of {rows}")
        }
    };
    let copies = s.more_copies();
    facts.extend(copies.map(|copies| format!("keeps {copies} copies of each record")));
    let order = s.unusual_order();
    facts.extend(order.map(|order| format!("its records lie in {}", order.as_str())));
    Segment {
        name: s.name.as_str(),
        what,
        of: link(layout, Type::Struct(s.of)),
        facts,
        doc: doc(s.doc.as_deref()),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
