//! The gate: YAML that is plain enough to agree on.
//!
//! One pass over parser events with a stack of our own, so that no nesting
//! can overflow the program's. What YAML has beyond scalars, lists and maps
//! is refused here: a schema is read by people first, and an alias bomb of
//! 25 KB took `serde_yaml` eleven seconds and 2.5 GB.

use std::collections::HashMap;
use std::ops::ControlFlow;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::marks::Marks;
use crate::position::Position;
use crate::source;
use crate::syntax;
use crate::tree::{Entry, NodeId, Tree, What};

/// Most lists and maps inside each other.
pub(crate) const MAX_DEPTH: usize = 32;

/// Most values of one file. The largest schemas have half as many; a list of
/// single digits could have four times as many, at hundreds of bytes each.
const MAX_VALUES: usize = 250_000;

/// Reads `text` as one plain YAML document.
///
/// # Errors
///
/// All that the gate refuses, up to the first place from which reading on
/// would make no sense.
pub(crate) fn read(text: &str) -> Result<Tree, Vec<Diagnostic>> {
    let mut gate = Gate {
        marks: Marks::new(text),
        tree: Tree::default(),
        open: Vec::new(),
        errors: Vec::new(),
    };
    for event in Parser::new_from_str(text) {
        let step = match event {
            Ok((_, span)) if gate.tree.len() > MAX_VALUES => gate.too_large(span),
            Ok((event, span)) => gate.event(event, span),
            Err(error) => gate.fatal(syntax::error(&gate.marks, &error, gate.open_brackets())),
        };
        if step.is_break() {
            break;
        }
    }
    gate.finish()
}

struct Gate<'a> {
    marks: Marks<'a>,
    tree: Tree,
    open: Vec<Open>,
    errors: Vec<Diagnostic>,
}

/// A list or map whose end has not come yet.
struct Open {
    node: NodeId,
    /// Where it starts, and whether by a bracket.
    at: Position,
    bracket: bool,
    /// In a map: the key whose value comes next.
    key: Option<(String, Position)>,
    /// In a map: the keys so far.
    seen: HashMap<String, Position>,
}

impl Gate<'_> {
    /// An error after which reading on makes no sense.
    fn fatal(&mut self, d: Diagnostic) -> ControlFlow<()> {
        self.errors.push(d);
        ControlFlow::Break(())
    }

    fn too_large(&mut self, span: Span) -> ControlFlow<()> {
        let message = format!("the file has over {MAX_VALUES} values");
        let d = Diagnostic::new(Code::TooLarge, self.marks.span(span), message);
        self.fatal(d.help("split it into several schemas"))
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> ControlFlow<()> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let at = self.marks.scalar(span, &text);
                self.refuse_extras(anchor, tag.as_deref(), at);
                self.scalar(text.into_owned(), style == ScalarStyle::Plain, at);
            }
            Event::SequenceStart(anchor, tag) => {
                let at = self.marks.span(span);
                self.refuse_extras(anchor, tag.as_deref(), at);
                self.start(What::List(Vec::new()), at)?;
            }
            Event::MappingStart(anchor, tag) => {
                let at = self.marks.span(span);
                self.refuse_extras(anchor, tag.as_deref(), at);
                self.start(What::Map(Vec::new()), at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(_) => {
                let at = self.marks.span(span);
                self.errors.push(syntax::no_aliases(at));
                self.scalar(String::new(), true, at);
            }
            Event::DocumentStart(_) if self.tree.get_root().is_some() => {
                let at = self.marks.span(span);
                return self.fatal(
                    Diagnostic::new(Code::SecondDocument, at, "a second document starts here")
                        .help("a schema is one document: remove the `---`, or use two files"),
                );
            }
            Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::StreamStart
            | Event::StreamEnd
            | Event::Nothing => {}
        }
        ControlFlow::Continue(())
    }

    fn refuse_extras(&mut self, anchor: usize, tag: Option<&Tag>, at: Position) {
        if anchor != 0 {
            let d = Diagnostic::new(Code::Anchor, at, "anchors are not part of the language")
                .label("this value has an anchor")
                .help("remove the `&` and its name; a number used twice goes under `constants`");
            self.errors.push(d);
        }
        if let Some(tag) = tag {
            let message = format!("tags such as `{tag}` are not part of the language");
            let d = Diagnostic::new(Code::Tag, at, message)
                .label("this value has a tag")
                .help("remove the tag: the key says what the value is");
            self.errors.push(d);
        }
    }

    fn scalar(&mut self, text: String, plain: bool, at: Position) {
        if let Some(d) = source::hidden_in_scalar(&text, at) {
            self.errors.push(d);
        }
        match self.open.last() {
            Some(open) if self.wants_key(open) => self.key(text, at),
            _ => {
                let node = self.tree.push(at, What::Scalar { text, plain });
                self.attach(node);
            }
        }
    }

    fn wants_key(&self, open: &Open) -> bool {
        matches!(self.tree.node(open.node).what, What::Map(_)) && open.key.is_none()
    }

    fn key(&mut self, key: String, at: Position) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        if key == "<<" {
            let message = "merge keys are not part of the language";
            self.errors.push(
                Diagnostic::new(Code::MergeKey, at, message)
                    .help("write the keys out, so that each stands where it counts"),
            );
        } else if let Some(first) = open.seen.get(&key) {
            self.errors.push(
                Diagnostic::new(Code::DuplicateKey, at, format!("`{key}` stands here twice"))
                    .label("again here")
                    .other(*first, "first here")
                    .help("keep one of them"),
            );
        }
        open.seen.entry(key.clone()).or_insert(at);
        open.key = Some((key, at));
    }

    fn start(&mut self, what: What, at: Position) -> ControlFlow<()> {
        if self.open.len() == MAX_DEPTH {
            return self.fatal(syntax::deeper(at));
        }
        if self.open.last().is_some_and(|open| self.wants_key(open)) {
            let d = Diagnostic::new(Code::ComplexKey, at, "a key is a word, not a list or map")
                .help("quote the key, or write `key: value`");
            return self.fatal(d);
        }
        let node = self.tree.push(at, what);
        self.attach(node);
        self.open.push(Open {
            node,
            at,
            bracket: self.marks.is_bracket(at),
            key: None,
            seen: HashMap::new(),
        });
        ControlFlow::Continue(())
    }

    fn end(&mut self, span: Span) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let at = match open.bracket {
            true => self.marks.through(open.at, span),
            false => self.first_part(open.node).unwrap_or(open.at),
        };
        self.tree.node_mut(open.node).at = at;
    }

    /// Of the first key or entry of a block, which itself has no characters.
    fn first_part(&self, node: NodeId) -> Option<Position> {
        match &self.tree.node(node).what {
            What::Map(entries) => entries.first().map(|e| self.tree.key_at(e.value)),
            What::List(items) => items.first().map(|&item| self.tree.at(item)),
            What::Scalar { .. } => None,
        }
    }

    /// Puts a value into the list or map that is open.
    fn attach(&mut self, value: NodeId) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        let key = open.key.take();
        match (&mut self.tree.node_mut(open.node).what, key) {
            (What::List(items), _) => items.push(value),
            (What::Map(entries), Some((key, key_at))) => {
                entries.push(Entry { key, value });
                self.tree.node_mut(value).key_at = Some(key_at);
            }
            (What::Map(_) | What::Scalar { .. }, _) => {}
        }
    }

    fn open_brackets(&self) -> impl Iterator<Item = Position> {
        self.open.iter().filter(|o| o.bracket).map(|o| o.at)
    }

    fn finish(mut self) -> Result<Tree, Vec<Diagnostic>> {
        if self.errors.is_empty() {
            self.errors.extend(self.not_a_map());
        }
        match self.errors.is_empty() {
            true => Ok(self.tree),
            false => Err(self.errors),
        }
    }

    /// Why the document cannot be a schema at all.
    fn not_a_map(&self) -> Option<Diagnostic> {
        const HELP: &str = "start with `shm: 1` and `package: <name>`";
        let text = self.marks.text();
        let root = self.tree.get_root();
        let start = Position::of(text, 0, 0);
        if text.trim().is_empty() {
            let d = Diagnostic::new(Code::EmptyFile, start, "the file is empty");
            return Some(d.help(HELP));
        }
        let nothing = root.is_none_or(
            |root| matches!(&root.what, What::Scalar { text, plain: true } if text.is_empty()),
        );
        if nothing {
            let d = Diagnostic::new(Code::OnlyComments, start, "the file holds no schema");
            return Some(d.help(HELP));
        }
        let root = root?;
        let found = match root.what {
            What::Map(_) => return None,
            What::List(_) => "a list",
            What::Scalar { .. } => "text",
        };
        let message = format!("a schema is a map of keys, found {found}");
        Some(Diagnostic::new(Code::TopLevelNotMap, root.at, message).help(HELP))
    }
}
