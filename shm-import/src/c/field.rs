//! Fields of a struct.

use tree_sitter::Node;

use super::file::Header;
use super::{doc, place, ty};
use crate::draft::{Field, Type, What};

/// What one declaration declares: `int32_t x, y;` is two fields.
pub(super) fn read(header: &mut Header<'_>, item: Node<'_>, fields: &mut Vec<Field>) {
    let mut cursor = item.walk();
    for part in item.children(&mut cursor) {
        match part.kind() {
            "bitfield_clause" => {
                let help = "write an integer; a schema of flags can name its bits";
                return header.refuse(part, "a bit-field lies where the compiler likes", help);
            }
            "attribute_specifier" | "alignas_qualifier" | "ms_declspec_modifier" => {
                let help = "align the struct, or write the room out as a field";
                return header.refuse(part, "a field has no attributes in a schema", help);
            }
            "type_qualifier" if matches!(header.text(part), "const" | "volatile") => {}
            "type_qualifier" => {
                let message = format!("`{}` says more than a layout", header.text(part));
                return header.refuse(part, message, "write the plain type");
            }
            _ => {}
        }
    }
    let Some(base) = item.child_by_field_name("type") else {
        return;
    };
    let mut cursor = item.walk();
    let names: Vec<Node<'_>> = item
        .children_by_field_name("declarator", &mut cursor)
        .collect();
    if names.is_empty() {
        let help = "give it a name";
        return header.refuse(item, "a field without a name", help);
    }
    let is_text = header.text(base) == "char";
    for name in names {
        let Some((name, dims)) = declarator(header, name) else {
            continue;
        };
        let mut dims = dims;
        let what = match (is_text, dims.pop()) {
            // An array of char is a text.
            (true, Some(len)) => Some(Type {
                name: "str".to_owned(),
                len: Some(len),
                dims,
            }),
            (_, last) => {
                dims.extend(last);
                ty::of(header, base).map(|ty| Type {
                    // Those of a typedef are the inner ones.
                    dims: dims.into_iter().chain(ty.dims).collect(),
                    ..ty
                })
            }
        };
        if let Some(what) = what {
            fields.push(Field {
                name: header.text(name).to_owned(),
                what: What::Type(what),
                facts: Vec::new(),
                doc: doc::of(item, header.text),
                at: place(name),
            });
        }
    }
}

/// A name and its dimensions, outermost first; `None` was refused.
pub(super) fn declarator<'a>(
    header: &mut Header<'_>,
    node: Node<'a>,
) -> Option<(Node<'a>, Vec<String>)> {
    match node.kind() {
        "field_identifier" | "type_identifier" | "identifier" | "primitive_type" => {
            Some((node, Vec::new()))
        }
        "array_declarator" => {
            let mut sizes = Vec::new();
            let mut inner = node;
            while inner.kind() == "array_declarator" {
                let size = inner.child_by_field_name("size");
                let number = size.and_then(|size| Some((size, ty::number(header, size)?)));
                let Some((size, number)) = number else {
                    let help = "write a number, or a `#define` of this file that is one";
                    header.refuse(
                        size.unwrap_or(inner),
                        "only a compiler can tell this length",
                        help,
                    );
                    return None;
                };
                let text = header.text(size);
                let named = header.draft.constants.iter().any(|c| c.name == text);
                sizes.push(match named {
                    true => text.to_owned(),
                    false => number.to_string(),
                });
                inner = inner.child_by_field_name("declarator")?;
            }
            sizes.reverse();
            let (name, none) = declarator(header, inner)?;
            debug_assert!(none.is_empty());
            Some((name, sizes))
        }
        "pointer_declarator" => {
            let message =
                "a pointer points into one process's memory and means nothing in another's";
            header.refuse(node, message, "hold the value itself");
            None
        }
        _ => {
            header.refuse(
                node,
                "a declaration that is no field of a schema",
                "write `type name;`",
            );
            None
        }
    }
}
