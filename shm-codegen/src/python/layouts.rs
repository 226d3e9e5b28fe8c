//! The canonical texts, which a segment carries so that others can read it.

use shm_schema::layout::{Layout, StructLayout, Type};

use super::code::Code;
use super::refer;

/// A type's own text as a constant of the module.
pub(super) struct LayoutText {
    pub(super) name: String,
    /// Lines of ASCII names and numbers; nothing in it ends a literal.
    pub(super) text: String,
}

/// The texts of the schema's own types, each of which a record may hold.
pub(super) fn texts(layout: &Layout) -> Vec<LayoutText> {
    let enums = layout.own_enums().map(|e| (&e.name, &e.text));
    let flags = layout.own_flags().map(|f| (&f.name, &f.text));
    let structs = layout.own_structs().map(|s| (&s.name, &s.text));
    let all = enums.chain(flags).chain(structs);
    all.map(|(name, text)| LayoutText {
        name: refer::text_name(name),
        text: text.clone(),
    })
    .collect()
}

/// The text of a record and of all it holds, as an expression.
pub(super) fn whole(layout: &Layout, record: &StructLayout) -> Code {
    let mut parts = Vec::new();
    collect(layout, record, &mut parts);
    let mut terms = Vec::with_capacity(2 * parts.len());
    for part in parts {
        if !terms.is_empty() {
            terms.push("\"\\n\"".to_owned());
        }
        terms.push(part);
    }
    Code::Sum(terms)
}

/// Depth first in declared order, the record last: the order of a descriptor.
///
/// Structs cannot hold themselves, and the checker bounds how deep they nest.
fn collect(layout: &Layout, record: &StructLayout, parts: &mut Vec<String>) {
    for field in record.fields() {
        let Some(text) = refer::text(layout, field.ty) else {
            continue;
        };
        if parts.contains(&text) {
            continue;
        }
        match field.ty {
            Type::Struct(i) => collect(layout, &layout.structs[i], parts),
            _ => parts.push(text),
        }
    }
    let own = refer::text_name(&record.name);
    parts.push(refer::of_home(layout, record.home, &own));
}
