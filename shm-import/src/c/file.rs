//! A header's items, in their order.

use std::collections::HashMap;

use tree_sitter::Node;

use super::{doc, place, record, ty};
use crate::draft::{Constant, Draft, Type, Value, Values};
use crate::finding::Finding;

/// Most conditions and `extern "C"` inside each other.
const MAX_DEPTH: usize = 64;

/// What is read so far.
pub(super) struct Header<'t> {
    pub(super) text: &'t str,
    pub(super) draft: Draft,
    pub(super) errors: Vec<Finding>,
    /// What `typedef` and `struct` names stand for; `None` was refused.
    pub(super) types: HashMap<String, Option<Type>>,
    /// `#define` and enum values.
    pub(super) numbers: HashMap<String, i128>,
    /// Of `#pragma pack`, the innermost last.
    pub(super) pack: Vec<Option<u64>>,
}

impl<'t> Header<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            draft: Draft::default(),
            errors: Vec::new(),
            types: HashMap::new(),
            numbers: HashMap::new(),
            pack: vec![None],
        }
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    pub(super) fn refuse(&mut self, node: Node<'_>, message: impl Into<String>, help: &str) {
        let finding = Finding::new(place(node), message);
        self.errors.push(match help {
            "" => finding,
            help => finding.help(help),
        });
    }

    pub(super) fn read(&mut self, root: Node<'_>) {
        if let Some(wrong) = first_error(root) {
            self.refuse(
                wrong,
                "this is no C that can be read without a preprocessor",
                "take macros out of the declaration, or import what `cpp -P -C` makes of the file",
            );
            return;
        }
        self.items(root, 0);
    }

    fn items(&mut self, list: Node<'_>, depth: usize) {
        if depth == MAX_DEPTH {
            return self.refuse(
                list,
                format!("over {MAX_DEPTH} conditions inside each other"),
                "",
            );
        }
        let mut cursor = list.walk();
        for item in list.named_children(&mut cursor) {
            match item.kind() {
                "preproc_ifdef" => self.condition(item, depth),
                "preproc_if" if defines(item) => self.conditional(item),
                "linkage_specification" => {
                    if let Some(body) = item.child_by_field_name("body") {
                        self.items(body, depth + 1);
                    }
                }
                "preproc_def" => self.define(item),
                "preproc_call" => self.pragma(item),
                "type_definition" => record::typedef(self, item),
                "struct_specifier" | "enum_specifier" | "union_specifier" => {
                    record::specifier(self, item, item, None);
                }
                "declaration" => {
                    if let Some(ty) = item.child_by_field_name("type").filter(|ty| has_body(*ty)) {
                        record::specifier(self, ty, item, None);
                    }
                }
                _ => {}
            }
        }
    }

    /// A guard around the file is looked into; C++ is not for us.
    fn condition(&mut self, item: Node<'_>, depth: usize) {
        let name = item.child_by_field_name("name").map(|name| self.text(name));
        let unless = self.text(item).trim_start().starts_with("#ifndef");
        match name {
            Some("__cplusplus") => {}
            Some(_) if unless && item.child_by_field_name("alternative").is_none() => {
                self.items(item, depth + 1);
            }
            _ if defines(item) => self.conditional(item),
            _ => {}
        }
    }

    pub(super) fn conditional(&mut self, item: Node<'_>) {
        let start = place(item).start;
        let end = self.text[start..]
            .find('\n')
            .map_or(self.text.len(), |n| start + n);
        self.errors.push(
            Finding::new(
                start..end,
                "only a preprocessor can tell which of these there is",
            )
            .help("import what `cpp -P -C` makes of the file"),
        );
    }

    /// `#define DEPTH 5`; one that is no number is some other thing.
    fn define(&mut self, item: Node<'_>) {
        let (Some(name), Some(value)) = (
            item.child_by_field_name("name"),
            item.child_by_field_name("value"),
        ) else {
            return;
        };
        let Some(number) = ty::literal(self.text(value).trim()) else {
            return;
        };
        let name = self.text(name).to_owned();
        self.numbers.insert(name.clone(), number);
        // A guard, or a word to the standard library.
        if name.starts_with('_') {
            return;
        }
        self.draft.constants.push(Constant {
            ty: match number {
                0..=0xffff_ffff => "u32",
                0x1_0000_0000.. => "u64",
                _ => "i64",
            },
            name,
            number: number.to_string(),
            doc: doc::of(item, self.text),
            at: place(item),
        });
    }

    /// `#pragma pack(1)`, `pack(push, 1)`, `pack(pop)`, `pack()`.
    fn pragma(&mut self, item: Node<'_>) {
        let text: String = self.text(item).split_whitespace().collect();
        let Some(inside) = text.strip_prefix("#pragmapack(") else {
            return;
        };
        let inside = inside.trim_end_matches(')');
        let number: Option<u64> = inside.rsplit(',').next().and_then(|n| n.parse().ok());
        match inside {
            "pop" if self.pack.len() > 1 => {
                self.pack.pop();
            }
            "push" => self.pack.push(self.pack.last().copied().flatten()),
            _ if inside.starts_with("push,") && number.is_some() => self.pack.push(number),
            _ if inside.is_empty() || number.is_some() => {
                if let Some(last) = self.pack.last_mut() {
                    *last = number;
                }
            }
            _ => self.refuse(item, "this `#pragma pack` is not known here", ""),
        }
    }

    /// Values of an enum; each is a number that array lengths may use.
    pub(super) fn values(&mut self, name: String, ty: Node<'_>, item: Node<'_>) {
        let Some(body) = ty.child_by_field_name("body") else {
            return;
        };
        let mut values: Vec<Value> = Vec::new();
        let mut cursor = body.walk();
        for entry in body.named_children(&mut cursor) {
            match entry.kind() {
                "enumerator" => {}
                "comment" => continue,
                _ => return self.conditional(entry),
            }
            let Some(label) = entry.child_by_field_name("name") else {
                continue;
            };
            let number = match entry.child_by_field_name("value") {
                Some(value) => match ty::number(self, value) {
                    Some(number) => number,
                    None => {
                        return self.refuse(
                            value,
                            "only a compiler can tell what this number is",
                            "write it as a literal",
                        );
                    }
                },
                None => values
                    .last()
                    .map_or(0, |last| last.number.saturating_add(1)),
            };
            let label = self.text(label).to_owned();
            self.numbers.insert(label.clone(), number);
            values.push(Value {
                name: label,
                number,
                doc: doc::of(entry, self.text),
                at: place(entry),
            });
        }
        // As gcc chooses: the width is that of an int in any case.
        let repr = match values.iter().any(|value| value.number < 0) {
            true => "i32",
            false => "u32",
        };
        self.types.insert(name.clone(), Some(Type::named(&name)));
        self.draft.enums.push(Values {
            name,
            repr: repr.to_owned(),
            values,
            doc: doc::of(item, self.text),
            at: place(ty.child_by_field_name("name").unwrap_or(ty)),
        });
    }
}

pub(super) fn has_body(ty: Node<'_>) -> bool {
    ty.child_by_field_name("body").is_some()
}

/// Whether a type or a number is defined in a condition.
fn defines(item: Node<'_>) -> bool {
    any(item, |node| {
        matches!(
            node.kind(),
            "struct_specifier" | "enum_specifier" | "type_definition"
        ) && (has_body(node) || node.kind() == "type_definition")
    })
    .is_some()
}

fn first_error(root: Node<'_>) -> Option<Node<'_>> {
    match root.has_error() {
        true => any(root, |node| node.is_error() || node.is_missing()),
        false => None,
    }
}

/// The first node below that fits, without recursion.
fn any<'a>(root: Node<'a>, fits: impl Fn(Node<'a>) -> bool) -> Option<Node<'a>> {
    let mut pending = vec![root];
    while let Some(node) = pending.pop() {
        if fits(node) {
            return Some(node);
        }
        let mut cursor = node.walk();
        let children: Vec<_> = node.children(&mut cursor).collect();
        pending.extend(children.into_iter().rev());
    }
    None
}
