//! From the tree to typed structs: the one place that knows `serde_yaml`.
//!
//! `serde_yaml` gets the gate's tree, not the text. Two YAML parsers over one
//! text could disagree on what it says, and then every position would be a
//! guess; and nothing hostile reaches the second one.

use serde_yaml::Value;
use serde_yaml::value::Number;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::model::Schema;
use crate::scalar::Meaning;
use crate::shape::{self, Kind, Shape};
use crate::tree::{NodeId, Tree, What};

/// Types a tree whose keys were checked.
///
/// # Errors
///
/// Only if the shapes and the model disagree, which a test rules out.
pub(crate) fn schema(tree: &Tree) -> Result<Schema, Vec<Diagnostic>> {
    let value = map(tree, Tree::ROOT, &shape::SCHEMA);
    serde_yaml::from_value(value).map_err(|error| {
        let message = format!("the schema cannot be read: {error}");
        vec![Diagnostic::new(
            Code::WrongKind,
            tree.at(Tree::ROOT),
            message,
        )]
    })
}

/// As `serde_yaml` wants an [`At`](crate::model::At): the node and its value.
fn at(node: NodeId, value: Value) -> Value {
    Value::Sequence(vec![Value::Number(Number::from(node)), value])
}

fn map(tree: &Tree, node: NodeId, shape: &Shape) -> Value {
    let What::Map(entries) = &tree.node(node).what else {
        return Value::Null;
    };
    let mut mapping = serde_yaml::Mapping::new();
    for entry in entries {
        if let (Some(key), false) = (shape.key(&entry.key), tree.node(entry.value).dropped) {
            mapping.insert(key.name.into(), kind(tree, entry.value, key.kind));
        }
    }
    Value::Mapping(mapping)
}

fn kind(tree: &Tree, node: NodeId, kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Word => at(node, tree.text(node).into()),
        Kind::Amount => at(node, amount(tree, node)),
        Kind::Amounts => at(node, list(tree, node, |item| at(item, amount(tree, item)))),
        Kind::Texts => {
            let texts = list(tree, node, |item| at(item, tree.text(item).into()));
            at(node, texts)
        }
        Kind::Bool => at(node, (tree.text(node).to_lowercase() == "true").into()),
        Kind::WordOr(shape) => at(
            node,
            match tree.node(node).what {
                What::Map(_) => map(tree, node, shape),
                What::Scalar { .. } | What::List(_) => tree.text(node).into(),
            },
        ),
        Kind::Items(shape) => list(tree, node, |item| at(item, map(tree, item, shape))),
    }
}

fn list(tree: &Tree, node: NodeId, each: impl Fn(NodeId) -> Value) -> Value {
    let What::List(items) = &tree.node(node).what else {
        return Value::Sequence(Vec::new());
    };
    let kept = items.iter().filter(|&&item| !tree.node(item).dropped);
    Value::Sequence(kept.map(|&item| each(item)).collect())
}

fn amount(tree: &Tree, node: NodeId) -> Value {
    let text = tree.text(node);
    match crate::keys::meaning(tree.node(node)) {
        Some(Meaning::Int(value)) => match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => value.into(),
            (_, Ok(value)) => value.into(),
            _ => text.into(),
        },
        Some(Meaning::Float(value)) => value.into(),
        _ => text.into(),
    }
}
