//! What is wrong with a step, and where in both files.

use std::collections::HashSet;
use std::sync::Arc;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::layout::{Home, Layout};
use crate::position::Position;
use crate::render::{self, Style};

/// A broken rule, in the new file and in the old one.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule, and the place in the new file.
    pub diagnostic: Diagnostic,
    /// The old file and the place in it.
    pub before: Place,
    /// What to say at that place.
    pub before_label: String,
    /// The new file.
    file: Arc<File>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Line, column and bytes.
    pub at: Position,
    file: Arc<File>,
}

/// A file that is pointed into.
#[derive(Debug, PartialEq)]
struct File {
    name: String,
    text: String,
}

impl Place {
    /// The file as messages name it.
    pub fn file(&self) -> &str {
        &self.file.name
    }

    pub(crate) fn text(&self) -> &str {
        &self.file.text
    }
}

impl Finding {
    /// The new file as messages name it.
    pub fn file(&self) -> &str {
        &self.file.name
    }

    /// The message with the lines of both files.
    pub fn render(&self, style: Style) -> String {
        let beside = (&self.before, self.before_label.as_str());
        render::across(
            &self.file.name,
            &self.file.text,
            &self.diagnostic,
            beside,
            style,
        )
    }
}

/// The files of one layout: its own and those of its imports.
#[derive(Debug)]
struct Files {
    own: Arc<File>,
    imports: Vec<Arc<File>>,
}

impl Files {
    fn of(layout: &Layout) -> Self {
        let file = |layout: &Layout| {
            Arc::new(File {
                name: layout.file.clone(),
                text: layout.warnings.text().to_owned(),
            })
        };
        Files {
            own: file(layout),
            imports: layout.imports.iter().map(|i| file(&i.layout)).collect(),
        }
    }

    fn at(&self, home: Home) -> &Arc<File> {
        match home {
            Home::Own => &self.own,
            Home::Import(i) => self.imports.get(i).unwrap_or(&self.own),
        }
    }
}

/// A place in one of a layout's files.
pub(super) type At = (Home, Position);

/// All findings so far, and what they condemn.
#[derive(Debug)]
pub(super) struct Findings {
    old: Files,
    new: Files,
    list: Vec<(Home, Finding)>,
    /// The types and segments of the new layout that cannot be read as the
    /// old ones were, by their places.
    broken: HashSet<(Home, usize)>,
}

impl Findings {
    pub(super) fn new(old: &Layout, new: &Layout) -> Self {
        Findings {
            old: Files::of(old),
            new: Files::of(new),
            list: Vec::new(),
            broken: HashSet::new(),
        }
    }

    /// Takes down a finding at a place of the new layout, with what stood at
    /// a place of the old one.
    pub(super) fn push(
        &mut self,
        (home, diagnostic): (Home, Diagnostic),
        before: At,
        before_label: impl Into<String>,
    ) {
        let finding = Finding {
            diagnostic,
            before: self.place_before(before),
            before_label: before_label.into(),
            file: Arc::clone(self.new.at(home)),
        };
        self.list.push((home, finding));
    }

    /// A place of the new layout.
    pub(super) fn place(&self, (home, at): At) -> Place {
        let file = Arc::clone(self.new.at(home));
        Place { at, file }
    }

    /// A place of the old layout.
    pub(super) fn place_before(&self, (home, at): At) -> Place {
        let file = Arc::clone(self.old.at(home));
        Place { at, file }
    }

    /// Whether anything is wrong in one of the new files.
    pub(super) fn any_in(&self, home: Home) -> bool {
        self.list.iter().any(|(h, _)| *h == home)
    }

    /// Condemns what has its name at that place of the new layout.
    pub(super) fn breaks(&mut self, (home, at): At) {
        self.broken.insert((home, at.start));
    }

    pub(super) fn broke(&self, (home, at): At) -> bool {
        self.broken.contains(&(home, at.start))
    }

    /// Imported files first, as errors have them.
    pub(super) fn sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|(home, finding)| {
            let file = match home {
                Home::Import(i) => *i,
                Home::Own => usize::MAX,
            };
            (file, finding.diagnostic.at.start, finding.diagnostic.code)
        });
        self.list.into_iter().map(|(_, finding)| finding).collect()
    }
}

/// A finding's part in the new file.
pub(super) fn at(code: Code, (home, at): At, message: impl Into<String>) -> (Home, Diagnostic) {
    (home, Diagnostic::new(code, at, message))
}

/// A finding about what is not there: the place is as near as any.
pub(super) fn gone(code: Code, layout: &Layout, message: String) -> (Home, Diagnostic) {
    let (home, d) = at(code, (Home::Own, layout.version_at), message);
    (home, d.label("not in this version"))
}

/// Adds what to do about it.
pub(super) fn help((home, d): (Home, Diagnostic), text: impl Into<String>) -> (Home, Diagnostic) {
    (home, d.help(text))
}
