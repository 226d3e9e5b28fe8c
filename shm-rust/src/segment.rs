//! A segment: a constant with `create()` and `attach()`.

use shm_schema::Layout;
use shm_schema::layout::{
    Field, Foreign, Member, Order, Place, SegmentKind, SegmentLayout, StructLayout, Sync,
};

use crate::doc::Doc;
use crate::line::{ARGUMENTS_WIDTH, WIDTH};
use crate::ty;

pub(crate) fn segment(layout: &Layout, segment: &SegmentLayout) -> String {
    let record = &layout.structs[segment.of];
    let name = ty::named(layout, record.home, &record.name);
    if let Some(foreign) = &segment.foreign {
        return self::foreign(segment, foreign, record, name);
    }
    let mut arguments = vec!["SCHEMA".to_owned(), format!("\"{}\"", segment.name)];
    let mut calls = Vec::new();
    if let Some(copies) = segment.more_copies() {
        calls.push(format!(".copies({copies})"));
    }
    if segment.order == Order::Arrays {
        calls.push(".order(::shm_runtime::Order::Arrays)".to_owned());
    }
    let mut allow = "";
    let (summary, spec) = match segment.kind {
        SegmentKind::Cell => (
            format!("A cell of [`{name}`]."),
            Spec {
                ty: "::shm_runtime::CellSpec",
                new: "new",
                generics: vec![name],
                arguments,
                calls,
            },
        ),
        SegmentKind::Table { rows, key } => {
            arguments.push(rows.to_string());
            let key = key.and_then(|member| field(&record.members[member]));
            calls.extend(key.map(|key| format!(".key({name}::{})", key.name.upper())));
            let by_key = key.map_or_else(String::new, |key| format!(", found by `{}`", key.name));
            let key_type = key.map(|key| ty::qualified(layout, key));
            if key.is_some_and(|key| key.deprecated.is_some()) {
                // Said to those who use the field; rows are still found by it.
                allow = "#[allow(deprecated)]\n";
            }
            (
                format!("A table of {rows} rows of [`{name}`]{by_key}."),
                Spec {
                    ty: "::shm_runtime::TableSpec",
                    new: "new",
                    generics: [name].into_iter().chain(key_type).collect(),
                    arguments,
                    calls,
                },
            )
        }
    };
    let doc = Doc::default()
        .text(segment.doc.as_deref())
        .line(summary)
        .comment("");
    format!("{doc}{allow}{}", spec.item(&segment.name.upper()))
}

/// A segment of another program: a constant with `attach()` alone.
fn foreign(
    segment: &SegmentLayout,
    foreign: &Foreign,
    record: &StructLayout,
    name: String,
) -> String {
    let mut deprecated = false;
    let mut token = |member: usize| match field(&record.members[member]) {
        Some(field) => {
            deprecated |= field.deprecated.is_some();
            format!("{name}::{}", field.name.upper())
        }
        // The layout has fields there alone.
        None => String::new(),
    };
    let rule = match foreign.sync {
        Sync::None => "none()".to_owned(),
        Sync::OddWhileWriting { counter } => format!("odd_while_writing({})", token(counter)),
        Sync::Unchanged { counter, valid } => {
            format!("unchanged({}, {})", token(counter), token(valid))
        }
        Sync::Pair { begin, end } => format!("pair({}, {})", token(begin), token(end)),
    };
    let (new, place, shown) = match &foreign.place {
        Place::File(path) => ("file", format!("\"{path}\""), format!("`{path}`")),
        Place::SysV(key) => {
            let key = format!("{key:#x}");
            let shown = format!("System V segment `{key}`");
            ("sysv", literal(&key), shown)
        }
    };
    let mut arguments = vec![place, format!("::shm_runtime::ForeignSync::{rule}")];
    let mut calls = Vec::new();
    if foreign.at != 0 {
        calls.push(format!(".at({})", foreign.at));
    }
    let (summary, ty) = match segment.kind {
        SegmentKind::Cell => (
            format!("A [`{name}`] of another program, in {shown}."),
            "::shm_runtime::ForeignCellSpec",
        ),
        SegmentKind::Table { rows, .. } => {
            arguments.push(rows.to_string());
            if foreign.stride != record.size {
                calls.push(format!(".stride({})", foreign.stride));
            }
            (
                format!("{rows} rows of [`{name}`] of another program, in {shown}."),
                "::shm_runtime::ForeignTableSpec",
            )
        }
    };
    let doc = Doc::default()
        .text(segment.doc.as_deref())
        .line(summary)
        .comment("");
    // Said to those who use the field; its program still counts in it.
    let allow = if deprecated {
        "#[allow(deprecated)]\n"
    } else {
        ""
    };
    let spec = Spec {
        ty,
        new,
        generics: vec![name],
        arguments,
        calls,
    };
    format!("{doc}{allow}{}", spec.item(&segment.name.upper()))
}

/// A hexadecimal number as clippy has it: `0x4e54_5030`.
fn literal(hex: &str) -> String {
    match hex.len() {
        // `0x` and up to four digits.
        ..=6 => hex.to_owned(),
        len => format!("{}_{}", &hex[..len - 4], &hex[len - 4..]),
    }
}

fn field(member: &Member) -> Option<&Field> {
    match member {
        Member::Field(field) => Some(field),
        Member::Reserved(_) | Member::Pad(_) => None,
    }
}

/// `Type<generics> = Type::new(arguments).copies(..).key(..)`
struct Spec {
    ty: &'static str,
    new: &'static str,
    generics: Vec<String>,
    arguments: Vec<String>,
    /// Behind it, such as `.key(..)`.
    calls: Vec<String>,
}

impl Spec {
    /// As a constant, broken where rustfmt breaks it.
    fn item(&self, name: &str) -> String {
        let generics = self.generics.join(", ");
        let head = format!("pub const {name}: {}<{generics}> =", self.ty);
        let arguments = self.arguments.join(", ");
        let calls = self.calls.concat();
        let value = format!("{}::{}({arguments}){calls};", self.ty, self.new);
        let fits = arguments.len() <= ARGUMENTS_WIDTH;
        if fits && head.len() <= WIDTH && self.calls.len() > 1 {
            let calls = self.calls.join("\n        ");
            return format!(
                "{head}\n    {}::{}({arguments})\n        {calls};\n",
                self.ty, self.new
            );
        }
        if fits && head.len() + 1 + value.len() <= WIDTH {
            format!("{head} {value}\n")
        } else if fits && head.len() <= WIDTH && 4 + value.len() <= WIDTH {
            format!("{head}\n    {value}\n")
        } else {
            // Where rustfmt breaks names this long is its own affair.
            format!("#[rustfmt::skip]\n{head}\n    {value}\n")
        }
    }
}
