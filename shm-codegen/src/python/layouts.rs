//! The canonical texts, which a segment carries so that others can read it.

use shm_schema::layout::{Layout, StructLayout, Type};

use super::literal;

/// A type's own text as a constant of the module.
pub(super) struct LayoutText {
    pub(super) name: String,
    /// A literal each.
    pub(super) lines: Vec<String>,
}

/// The texts of every type that a record can hold.
pub(super) fn texts(layout: &Layout) -> Vec<LayoutText> {
    let enums = layout.enums.iter().map(|e| (e.name.as_str(), &e.text));
    let flags = layout.flags.iter().map(|f| (f.name.as_str(), &f.text));
    let structs = layout.structs.iter().map(|s| (s.name.as_str(), &s.text));
    let all = enums.chain(flags).chain(structs);
    all.map(|(name, text)| LayoutText {
        name: constant(name),
        lines: text.split_inclusive('\n').map(literal::string).collect(),
    })
    .collect()
}

/// The text of a record and of all it holds, as an expression.
pub(super) fn whole(layout: &Layout, record: &StructLayout) -> String {
    let mut parts = Vec::new();
    collect(layout, record, &mut parts);
    match parts.as_slice() {
        [only] => only.clone(),
        parts => {
            let lines = parts.join("\n        + \"\\n\"\n        + ");
            format!("(\n        {lines}\n    )")
        }
    }
}

/// Depth first in declared order, the record last: the order of a descriptor.
///
/// Structs cannot hold themselves, and the checker bounds how deep they nest.
fn collect(layout: &Layout, record: &StructLayout, parts: &mut Vec<String>) {
    for field in record.fields() {
        let name = match field.ty {
            Type::Enum(i) => constant(layout.enums[i].name.as_str()),
            Type::Flags(i) => constant(layout.flags[i].name.as_str()),
            Type::Struct(i) if !parts.contains(&constant(layout.structs[i].name.as_str())) => {
                collect(layout, &layout.structs[i], parts);
                continue;
            }
            _ => continue,
        };
        if !parts.contains(&name) {
            parts.push(name);
        }
    }
    parts.push(constant(record.name.as_str()));
}

fn constant(name: &str) -> String {
    format!("_LAYOUT_{name}")
}
