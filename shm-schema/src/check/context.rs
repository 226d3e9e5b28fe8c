//! What every check needs: the places, the constants, a list for the errors.

use std::collections::{HashMap, HashSet};

use super::imports::Known;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::keys::Findings;
use crate::layout::{Home, Layout, Number};
use crate::model::{At, Text};
use crate::position::Position;
use crate::render::MAX_SHOWN;
use crate::suggest::did_you_mean;
use crate::tree::{NodeId, Tree};

pub(super) struct Context<'a> {
    tree: &'a Tree,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    lost: HashSet<String>,
    suspects: HashSet<NodeId>,
    /// By name; `None` for one that is known but wrong.
    pub(super) constants: HashMap<String, Option<Number>>,
    /// What the imports bring in.
    pub(super) known: Known,
    /// The schema's own version.
    pub(super) version: u32,
    /// Of its number, when the schema gives one.
    pub(super) version_at: Option<Position>,
}

impl<'a> Context<'a> {
    pub(super) fn new(tree: &'a Tree, findings: Findings) -> Self {
        Context {
            tree,
            errors: findings.errors,
            warnings: Vec::new(),
            lost: findings.lost,
            suspects: findings.suspects,
            constants: HashMap::new(),
            known: Known::default(),
            version: 1,
            version_at: None,
        }
    }

    pub(super) fn push(&mut self, d: Diagnostic) {
        self.errors.push(d);
    }

    pub(super) fn warn(&mut self, d: Diagnostic) {
        self.warnings.push(d);
    }

    /// An error at a value.
    pub(super) fn error<T>(
        &self,
        code: Code,
        value: &At<T>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, self.at(value), message)
    }

    /// An error at the key of a value.
    pub(super) fn key_error<T>(
        &self,
        code: Code,
        value: &At<T>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, self.tree.key_at(value.node), message)
    }

    pub(super) fn at<T>(&self, value: &At<T>) -> Position {
        self.tree.seen_at(value.node)
    }

    /// Points at a place beside the error; in another file, names it.
    pub(super) fn beside(
        &self,
        d: Diagnostic,
        layout: &Layout,
        home: Home,
        at: Position,
        text: &str,
    ) -> Diagnostic {
        match home {
            Home::Own => d.other(at, text),
            Home::Import(i) => {
                let file = &layout.imports[i].layout.file;
                d.note(format!("{text}: {file}:{}:{}", at.line, at.column))
            }
        }
    }

    /// Whether something of this name was dropped for an error of its own.
    pub(super) fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(name)
    }

    /// Whether something inside an item was already found wrong.
    pub(super) fn is_suspect<T>(&self, item: &At<T>) -> bool {
        self.suspects.contains(&item.node)
    }

    /// A help line with the one of `known` that `word` was meant to be.
    ///
    /// Nobody reads that many errors, and to compare each word of a hostile
    /// schema with every other would take minutes.
    pub(super) fn suggest<'w>(
        &self,
        word: &str,
        known: impl IntoIterator<Item = &'w str>,
    ) -> Option<String> {
        match self.may_suggest() {
            true => did_you_mean(word, known),
            false => None,
        }
    }

    pub(super) fn may_suggest(&self) -> bool {
        self.errors.len() < MAX_SHOWN
    }

    /// A number as the schema spells it.
    pub(super) fn spelled<T>(&self, value: &At<T>) -> &'a str {
        self.tree.text(value.node)
    }

    /// The layout and the warnings, or all errors: a warning about what will
    /// change anyway helps nobody.
    pub(super) fn finish(
        self,
        layout: Layout,
    ) -> Result<(Layout, Vec<Diagnostic>), Vec<Diagnostic>> {
        match self.errors.is_empty() && !self.known.incomplete {
            true => Ok((layout, self.warnings)),
            false => Err(self.errors),
        }
    }
}

/// Free text as it is carried into generated docs: without the line end that
/// a block scalar leaves behind.
pub(super) fn text(text: &Option<Text>) -> Option<String> {
    let text = text.as_ref()?.trim_end();
    (!text.is_empty()).then(|| text.to_owned())
}
