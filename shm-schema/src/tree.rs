//! A YAML document whose every value knows where it stands.

use crate::position::Position;

/// Index of a [`Node`] in its [`Tree`].
pub(crate) type NodeId = usize;

/// The nodes of one document; the root is node 0.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

/// A value.
#[derive(Debug)]
pub(crate) struct Node {
    /// Of the value; of the first key or entry for a block of several lines.
    pub(crate) at: Position,
    /// Of the key that the value belongs to.
    pub(crate) key_at: Option<Position>,
    pub(crate) what: What,
    /// Left out of what later stages see, because it was already reported.
    pub(crate) dropped: bool,
}

/// What a value is.
#[derive(Debug)]
pub(crate) enum What {
    /// Text; `plain` when it stands without quotes.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<NodeId>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) value: NodeId,
}

impl Tree {
    /// The node of the whole document.
    pub(crate) const ROOT: NodeId = 0;

    pub(crate) fn push(&mut self, at: Position, what: What) -> NodeId {
        self.nodes.push(Node {
            at,
            key_at: None,
            what,
            dropped: false,
        });
        self.nodes.len() - 1
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The whole document's node; `None` when the text holds no value.
    pub(crate) fn get_root(&self) -> Option<&Node> {
        self.nodes.first()
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id]
    }

    /// Of the value.
    pub(crate) fn at(&self, id: NodeId) -> Position {
        self.nodes[id].at
    }

    /// Of the value, or of its key when the value has no characters.
    pub(crate) fn seen_at(&self, id: NodeId) -> Position {
        let at = self.at(id);
        match at.start == at.end {
            true => self.key_at(id),
            false => at,
        }
    }

    /// Of the value's key, or of the value when it has none.
    pub(crate) fn key_at(&self, id: NodeId) -> Position {
        let node = self.node(id);
        node.key_at.unwrap_or(node.at)
    }

    /// A scalar's text; empty for anything else.
    pub(crate) fn text(&self, id: NodeId) -> &str {
        match &self.node(id).what {
            What::Scalar { text, .. } => text,
            What::List(_) | What::Map(_) => "",
        }
    }

    /// A map's value under `key`.
    pub(crate) fn get(&self, map: NodeId, key: &str) -> Option<NodeId> {
        match &self.node(map).what {
            What::Map(entries) => entries.iter().find(|e| e.key == key).map(|e| e.value),
            What::Scalar { .. } | What::List(_) => None,
        }
    }
}
