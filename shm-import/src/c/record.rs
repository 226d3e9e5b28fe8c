//! Structs and typedefs.

use tree_sitter::Node;

use super::file::{Header, has_body};
use super::{doc, field, place, ty};
use crate::draft::{Struct, Type};

/// `typedef struct { .. } Quote;`, `typedef uint32_t price_t;`
pub(super) fn typedef(header: &mut Header<'_>, item: Node<'_>) {
    let (Some(base), Some(declared)) = (
        item.child_by_field_name("type"),
        item.child_by_field_name("declarator"),
    ) else {
        return;
    };
    // A pointer to something, or a function: no field here can be of it.
    if !matches!(
        declared.kind(),
        "type_identifier" | "array_declarator" | "primitive_type"
    ) {
        if has_body(base) {
            let help = "write `} __attribute__((..)) Name;`, with attributes before the name";
            header.refuse(
                declared,
                "this declares no type that a field can be of",
                help,
            );
        }
        return;
    }
    if has_body(base) {
        return specifier(header, base, item, Some(declared));
    }
    let errors = header.errors.len();
    let Some((name, dims)) = field::declarator(header, declared) else {
        return;
    };
    let ty = ty::of(header, base);
    // Only a type that a struct uses need have a layout.
    let refused = header.errors.len() > errors;
    header.errors.truncate(errors);
    if refused {
        return;
    }
    let ty = ty.map(|ty| Type {
        dims: dims.into_iter().chain(ty.dims).collect(),
        ..ty
    });
    header.types.insert(header.text(name).to_owned(), ty);
}

/// A struct or an enum with its body, and the name that a typedef gives it.
pub(super) fn specifier(
    header: &mut Header<'_>,
    ty: Node<'_>,
    item: Node<'_>,
    typedef: Option<Node<'_>>,
) {
    if !has_body(ty) {
        return;
    }
    let tag = ty.child_by_field_name("name");
    let Some(named) = typedef.or(tag) else {
        if ty.kind() == "enum_specifier" {
            // Its values are numbers for array lengths; no field is of it.
            let before = header.draft.enums.len();
            header.values(String::new(), ty, item);
            header.draft.enums.truncate(before);
        }
        return;
    };
    let name = header.text(named).to_owned();
    match ty.kind() {
        "union_specifier" => {
            header.types.insert(name, None);
            let message = "no reader can tell which field of a union was written";
            return header.refuse(named, message, "write a struct with a field for each");
        }
        "enum_specifier" => header.values(name.clone(), ty, item),
        _ => record(header, &name, named, ty, item),
    }
    if let (Some(tag), Some(known)) = (tag, header.types.get(&name).cloned()) {
        header.types.insert(header.text(tag).to_owned(), known);
    }
}

fn record(header: &mut Header<'_>, name: &str, named: Node<'_>, ty: Node<'_>, item: Node<'_>) {
    let Some(body) = ty.child_by_field_name("body") else {
        return;
    };
    let errors = header.errors.len();
    let mut fields = Vec::new();
    let mut cursor = body.walk();
    for part in body.named_children(&mut cursor) {
        match part.kind() {
            "field_declaration" => field::read(header, part, &mut fields),
            "comment" => {}
            _ => header.conditional(part),
        }
    }
    // No field asks for more than 8.
    let mut pack = header.pack.last().copied().flatten().filter(|&n| n <= 8);
    let mut align = None;
    let declared = item.child_by_field_name("declarator");
    for node in [ty, item] {
        let mut cursor = node.walk();
        for part in node.named_children(&mut cursor) {
            if part.kind() != "attribute_specifier" {
                continue;
            }
            // Behind the name it is the typedef's: gcc then leaves the size.
            if declared.is_some_and(|name| name.end_byte() <= part.start_byte()) {
                header.refuse(
                    part,
                    "an attribute of a typedef",
                    "write it before the name",
                );
            } else if !attribute(header, part, &mut pack, &mut align) {
                let help = "only `packed` and `aligned(N)` are known";
                header.refuse(part, "an attribute that may change the layout", help);
            }
        }
        if ty == item {
            break;
        }
    }
    let refused = header.errors.len() > errors;
    let known = (!refused).then(|| Type::named(name));
    header.types.insert(name.to_owned(), known);
    header.draft.structs.push(Struct {
        name: name.to_owned(),
        align,
        size: None,
        pack,
        fields,
        doc: doc::of(item, header.text),
        at: place(named),
    });
}

/// Reads `__attribute__((packed, aligned(8)))`; false when it says more.
fn attribute(
    header: &Header<'_>,
    node: Node<'_>,
    pack: &mut Option<u64>,
    align: &mut Option<u64>,
) -> bool {
    let text: String = header.text(node).split_whitespace().collect();
    let inside = text.strip_prefix("__attribute__((");
    let Some(inside) = inside.and_then(|text| text.strip_suffix("))")) else {
        return false;
    };
    inside.split(',').all(|word| match word.trim_matches('_') {
        "packed" => {
            *pack = Some(1);
            true
        }
        word => {
            let number = word
                .strip_prefix("aligned")
                .and_then(|n| n.trim_matches('_').strip_prefix('('));
            *align = number.and_then(|n| n.strip_suffix(')')?.parse().ok());
            align.is_some()
        }
    })
}
