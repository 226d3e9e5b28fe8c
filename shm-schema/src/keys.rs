//! Holds a tree against the shapes: every unknown, missing or ill-filled key.

use std::collections::HashSet;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::render::MAX_SHOWN;
use crate::scalar::Meaning;
use crate::shape::{self, Key, Kind, Shape};
use crate::suggest::{did_you_mean, listed};
use crate::tree::{Entry, Node, NodeId, Tree, What};

/// What is wrong with the keys, and what later stages must know of it.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) errors: Vec<Diagnostic>,
    /// Names of things that were dropped: to miss one is no second error.
    pub(crate) lost: HashSet<String>,
    /// Items with something wrong inside: their layout proves nothing.
    pub(crate) suspects: HashSet<NodeId>,
}

/// Checks every key and drops from the tree what cannot be used.
pub(crate) fn check(tree: &mut Tree) -> Findings {
    let mut findings = Findings::default();
    findings.map(tree, Tree::ROOT, &shape::SCHEMA);
    findings
}

impl Findings {
    /// Checks one map. The shapes nest four deep, so this recursion does too.
    fn map(&mut self, tree: &mut Tree, map: NodeId, shape: &'static Shape) {
        let before = self.errors.len();
        let What::Map(entries) = &tree.node(map).what else {
            self.not_a_map(tree, map, shape);
            return;
        };
        if let [only] = &entries[..]
            && let Some(d) = named_by_key(tree, only, shape)
        {
            self.lost.insert(only.key.clone());
            self.suspects.insert(map);
            self.reject(tree, map, d);
            return;
        }
        for entry in entries.clone() {
            match shape.key(&entry.key) {
                Some(key) => self.value(tree, entry.value, key),
                None => {
                    self.unknown(tree, &entry.key, entry.value, shape);
                    tree.node_mut(entry.value).dropped = true;
                }
            }
        }
        let missing: Vec<&Key> = shape
            .keys
            .iter()
            .filter(|key| key.required && tree.get(map, key.name).is_none())
            .collect();
        for key in &missing {
            self.missing(tree, map, key, shape);
        }
        let unusable = |key: &Key| {
            let value = tree.get(map, key.name);
            key.required && value.is_none_or(|value| tree.node(value).dropped)
        };
        if map != Tree::ROOT && shape.keys.iter().any(unusable) {
            self.drop_item(tree, map);
        }
        if self.errors.len() > before {
            self.suspects.insert(map);
        }
    }

    fn drop_item(&mut self, tree: &mut Tree, map: NodeId) {
        if let Some(name) = tree.get(map, "name") {
            self.lost.insert(tree.text(name).to_owned());
        }
        tree.node_mut(map).dropped = true;
    }

    fn value(&mut self, tree: &mut Tree, value: NodeId, key: &Key) {
        match key.kind {
            Kind::Text => self.expect(tree, value, key, is_text, "text"),
            // An empty name has a rule of its own.
            Kind::Word if matches!(key.name, "name" | "package") => {
                self.expect(tree, value, key, is_scalar, "a word");
            }
            Kind::Word => self.expect(tree, value, key, is_text, "a word"),
            Kind::Amount => self.amount(tree, value, key),
            Kind::Amounts => self.amounts(tree, value, key),
            Kind::Texts => self.list(tree, value, key, "file names", |this, tree, item| {
                this.expect(tree, item, key, is_text, "text");
            }),
            Kind::Bool => self.expect(tree, value, key, is_bool, "`true` or `false`"),
            Kind::WordOr(shape) => match tree.node(value).what {
                What::Map(_) => self.map(tree, value, shape),
                _ => self.expect(tree, value, key, is_text, "a word or a map of fields"),
            },
            Kind::Items(shape) => self.list(tree, value, key, "maps", |this, tree, item| {
                this.map(tree, item, shape);
            }),
        }
    }

    fn amounts(&mut self, tree: &mut Tree, value: NodeId, key: &Key) {
        let before = self.errors.len();
        self.list(tree, value, key, "numbers", |this, tree, item| {
            this.amount(tree, item, key);
        });
        // What is left of it would be another list, of another length.
        tree.node_mut(value).dropped |= self.errors.len() > before;
    }

    fn list(
        &mut self,
        tree: &mut Tree,
        value: NodeId,
        key: &Key,
        of: &str,
        mut each: impl FnMut(&mut Self, &mut Tree, NodeId),
    ) {
        match &tree.node(value).what {
            What::List(items) => {
                for item in items.clone() {
                    each(self, tree, item);
                }
            }
            What::Scalar { .. } | What::Map(_) => {
                let d = wrong_kind(tree, value, key, &format!("a list of {of}"));
                let d = match (key.kind, &tree.node(value).what) {
                    _ if key.name == "range" => d.help("write `range: [lowest, highest]`"),
                    (Kind::Amounts | Kind::Texts, What::Scalar { text, .. })
                        if !text.is_empty() =>
                    {
                        d.help(format!("write `{}: [{text}]`", key.name))
                    }
                    (Kind::Items(_), What::Map(_)) => {
                        d.help("start each entry with `- `: the order counts")
                    }
                    _ => d,
                };
                self.reject(tree, value, d);
            }
        }
    }

    fn amount(&mut self, tree: &mut Tree, value: NodeId, key: &Key) {
        match meaning(tree.node(value)) {
            Some(Meaning::Int(_) | Meaning::Float(_)) => {}
            Some(Meaning::Text)
                if is_word(tree.text(value)) && !is_quoted_number(tree.node(value)) => {}
            Some(Meaning::TooWide) => {
                let text = tree.text(value);
                let at = tree.at(value);
                let d = Diagnostic::new(
                    Code::NumberTooWide,
                    at,
                    format!("`{}` is a number of over 64 bits", key.name),
                )
                .help(
                    "the widest types are `u64` and `i64`; a larger number can be a float: `1e20`",
                )
                .label(match text.len() {
                    ..=40 => "no type of the language could hold it".to_owned(),
                    digits => format!("{digits} digits"),
                });
                self.reject(tree, value, d);
            }
            _ => {
                let expected = "a number or the name of a constant";
                let d = wrong_kind(tree, value, key, expected);
                let d = match &tree.node(value).what {
                    What::List(items) if items.len() == 1 => {
                        d.help(format!("write `{}: {}`", key.name, tree.text(items[0])))
                    }
                    What::Scalar { text, .. } if is_quoted_number(tree.node(value)) => {
                        d.help(format!("write {text} without the quotes"))
                    }
                    What::Scalar { text, plain: true } if text.contains('/') => {
                        d.help("write a decimal number, such as `0.25` or `1e-8`")
                    }
                    What::Scalar { text, plain: true } if is_negated(text) => {
                        d.help("a constant has no sign before it: declare one for this number")
                    }
                    _ => d,
                };
                self.reject(tree, value, d);
            }
        }
    }

    fn expect(
        &mut self,
        tree: &mut Tree,
        value: NodeId,
        key: &Key,
        fits: fn(&Node) -> bool,
        expected: &str,
    ) {
        if !fits(tree.node(value)) {
            let d = wrong_kind(tree, value, key, expected);
            self.reject(tree, value, d);
        }
    }

    fn reject(&mut self, tree: &mut Tree, value: NodeId, d: Diagnostic) {
        self.errors.push(d);
        tree.node_mut(value).dropped = true;
    }

    fn not_a_map(&mut self, tree: &mut Tree, value: NodeId, shape: &Shape) {
        let found = found(tree.node(value));
        let message = format!("{} is a map of keys, found {found}", shape.noun);
        let first = shape.keys.first().map_or("name", |key| key.name);
        let d = Diagnostic::new(Code::WrongKind, tree.at(value), message)
            .help(format!("write `{{ {first}: ..., ... }}`"));
        self.reject(tree, value, d);
    }

    fn unknown(&mut self, tree: &Tree, key: &str, value: NodeId, shape: &Shape) {
        let message = format!("{} has no key `{key}`", shape.noun);
        let d = Diagnostic::new(Code::UnknownKey, tree.key_at(value), message);
        // `{ doc: One, two. }` is YAML for a text and a key `two.`.
        let comma = key.contains(' ') && tree.text(value).is_empty();
        let d = match self.errors.len() < MAX_SHOWN {
            _ if comma => d.help("quote the text: inside `{ }` a comma ends it"),
            true => d.help(instead(key, shape)),
            // Nobody reads that many, and to compare words takes time.
            false => d,
        };
        self.errors.push(d);
    }

    fn missing(&mut self, tree: &Tree, map: NodeId, key: &Key, shape: &Shape) {
        let name = tree.get(map, "name");
        let at = name.map_or(tree.at(map), |name| tree.at(name));
        let message = format!("{} needs the key `{}`", shape.noun, key.name);
        let example = match key.name {
            "shm" => "write `shm: 1`: the version of the language".to_owned(),
            "package" => "write `package: <name>`: it names the generated modules".to_owned(),
            "repr" => "write `repr: u8`, or the integer type that the bytes have".to_owned(),
            name => match key.kind {
                Kind::Items(_) => format!("add `{name}: [{{ ... }}]`"),
                _ => format!("add `{name}: ...`"),
            },
        };
        let code = match key.name {
            "shm" => Code::MissingShm,
            "package" => Code::MissingPackage,
            _ => Code::MissingKey,
        };
        self.errors
            .push(Diagnostic::new(code, at, message).help(example));
    }
}

/// What to write instead of a key that is not there.
fn instead(key: &str, shape: &Shape) -> String {
    let meant = shape.meant_by(key);
    meant
        .map(|meant| format!("it is called `{meant}` here"))
        .or_else(|| did_you_mean(key, shape.names()))
        .unwrap_or_else(|| format!("the keys are {}", listed(shape.names())))
}

/// The error for `{ x: u32 }` where `{ name: x, type: u32 }` was meant: one,
/// not one for each key that is missing.
fn named_by_key(tree: &Tree, only: &Entry, shape: &Shape) -> Option<Diagnostic> {
    let (key, text) = (&only.key, tree.text(only.value));
    let known = shape.key("name").is_none() || shape.key(key).is_some();
    if known || did_you_mean(key, shape.names()).is_some() {
        return None;
    }
    let rest = match shape.key("type") {
        Some(_) if !text.is_empty() => format!("type: {text}"),
        _ => "...".to_owned(),
    };
    let message = format!("{} has no key `{key}`", shape.noun);
    let d = Diagnostic::new(Code::UnknownKey, tree.key_at(only.value), message);
    Some(d.help(format!("write `{{ name: {key}, {rest} }}`")))
}

/// Of a scalar.
pub(crate) fn meaning(node: &Node) -> Option<Meaning> {
    match &node.what {
        What::Scalar { text, plain: true } => Some(Meaning::of(text)),
        What::Scalar { .. } => Some(Meaning::Text),
        What::List(_) | What::Map(_) => None,
    }
}

fn is_scalar(node: &Node) -> bool {
    matches!(node.what, What::Scalar { .. })
}

fn is_text(node: &Node) -> bool {
    meaning(node).is_some_and(|meaning| meaning != Meaning::Null)
}

fn is_bool(node: &Node) -> bool {
    meaning(node) == Some(Meaning::Bool)
}

fn is_quoted_number(node: &Node) -> bool {
    let What::Scalar { text, plain: false } = &node.what else {
        return false;
    };
    matches!(Meaning::of(text), Meaning::Int(_) | Meaning::Float(_))
}

/// `-DEPTH`.
fn is_negated(text: &str) -> bool {
    text.strip_prefix(['-', '+']).is_some_and(is_word)
}

/// `DEPTH` or `common.DEPTH`.
fn is_word(text: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match text.split_once('.') {
        Some((package, name)) => {
            let starts = |text: &str| text.starts_with(|c: char| !c.is_ascii_digit());
            [package, name].into_iter().all(|t| plain(t) && starts(t))
        }
        None => plain(text),
    }
}

fn wrong_kind(tree: &Tree, value: NodeId, key: &Key, expected: &str) -> Diagnostic {
    let node = tree.node(value);
    let message = format!("`{}` takes {expected}, found {}", key.name, found(node));
    // What is not there has no place of its own.
    let at = match node.at.start == node.at.end {
        true => tree.key_at(value),
        false => node.at,
    };
    let d = Diagnostic::new(Code::WrongKind, at, message);
    match meaning(node) {
        Some(Meaning::Null) => d.help(format!("remove `{}`, or give it a value", key.name)),
        _ => d,
    }
}

fn found(node: &Node) -> &'static str {
    match &node.what {
        What::List(_) => "a list",
        What::Map(_) => "a map",
        What::Scalar { plain: false, .. } => "quoted text",
        What::Scalar { text, .. } => Meaning::of(text).noun(),
    }
}
