//! A segment: a constant with `create()` and `attach()`.

use shm_schema::Layout;
use shm_schema::layout::{Field, Member, SegmentKind, SegmentLayout};

use crate::doc::Doc;
use crate::line::{ARGUMENTS_WIDTH, WIDTH};
use crate::ty;

pub(crate) fn segment(layout: &Layout, segment: &SegmentLayout) -> String {
    let record = &layout.structs[segment.of];
    let name = ty::named(layout, record.home, &record.name);
    let mut arguments = vec!["SCHEMA".to_owned(), format!("\"{}\"", segment.name)];
    let mut calls = Vec::new();
    if let Some(copies) = segment.more_copies() {
        calls.push(format!(".copies({copies})"));
    }
    let mut allow = "";
    let (summary, spec) = match segment.kind {
        SegmentKind::Cell => (
            format!("A cell of [`{name}`]."),
            Spec {
                ty: "::shm_runtime::CellSpec",
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

fn field(member: &Member) -> Option<&Field> {
    match member {
        Member::Field(field) => Some(field),
        Member::Reserved(_) | Member::Pad(_) => None,
    }
}

/// `Type<generics> = Type::new(arguments).copies(..).key(..)`
struct Spec {
    ty: &'static str,
    generics: Vec<String>,
    arguments: Vec<String>,
    calls: Vec<String>,
}

impl Spec {
    /// As a constant, broken where rustfmt breaks it.
    fn item(&self, name: &str) -> String {
        let generics = self.generics.join(", ");
        let head = format!("pub const {name}: {}<{generics}> =", self.ty);
        let arguments = self.arguments.join(", ");
        let value = format!("{}::new({arguments}){};", self.ty, self.calls.concat());
        let fits = arguments.len() <= ARGUMENTS_WIDTH;
        if fits && head.len() <= WIDTH && self.calls.len() > 1 {
            let calls = self.calls.join("\n        ");
            return format!(
                "{head}\n    {}::new({arguments})\n        {calls};\n",
                self.ty
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
