//! What says nothing of itself.

use super::MAX_SHOWN;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::layout::{Layout, Member, StructLayout};
use crate::name::Name;
use crate::position::Position;

pub(super) fn look(layout: &Layout, found: &mut Vec<Diagnostic>) {
    if layout.doc.is_none() {
        let what = format!("schema `{}`", layout.package);
        found.push(one(&what, layout.package_at));
    }
    let mut type_or_segment = |what: &str, name: &Name, doc: &Option<String>, at: Position| {
        if doc.is_none() {
            found.push(one(&format!("{what} `{name}`"), at));
        }
    };
    for e in layout.own_enums() {
        type_or_segment("enum", &e.name, &e.doc, e.at);
    }
    for f in layout.own_flags() {
        type_or_segment("flags", &f.name, &f.doc, f.at);
    }
    for s in layout.own_structs() {
        type_or_segment("struct", &s.name, &s.doc, s.at);
    }
    for s in &layout.segments {
        type_or_segment("segment", &s.name, &s.doc, s.at);
    }
    for s in layout.own_structs() {
        found.extend(fields(s));
    }
}

fn one(what: &str, at: Position) -> Diagnostic {
    Diagnostic::new(Code::MissingDoc, at, format!("{what} has no doc"))
        .help("write `doc: ...`: every language's output carries it")
}

/// One finding for all fields of a struct: who writes no docs writes none.
fn fields(s: &StructLayout) -> Option<Diagnostic> {
    let mut bare = s.members.iter().filter_map(|member| match member {
        Member::Field(field) => field
            .doc
            .is_none()
            .then_some((field.name.as_str(), field.at)),
        // Reserved room and padding need no words.
        Member::Reserved(_) | Member::Pad(_) => None,
    });
    let (first, at) = bare.next()?;
    let rest: Vec<Position> = bare.map(|(_, at)| at).collect();
    let message = match rest.len() {
        0 => format!("field `{first}` of `{}` has no doc", s.name),
        n => format!("{} fields of `{}` have no doc", n + 1, s.name),
    };
    let mut d = Diagnostic::new(Code::MissingDoc, at, message)
        .help("write `doc: ...`: every language's output carries it");
    for at in rest.into_iter().take(MAX_SHOWN - 1) {
        d = d.other(at, "nor has this");
    }
    Some(d)
}
