//! A schema and all that it imports, each file read once.

mod refusal;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check;
use crate::diagnostic::{Diagnostic, Errors};
use crate::gate;
use crate::import;
use crate::keys;
use crate::layout::Layout;
use crate::model::{Schema, Text};
use crate::parse;
use crate::report::Report;
use crate::source;
use crate::sources::Sources;
use crate::suggest::nearest;
use crate::tree::{NodeId, Tree};

/// Most files that import each other in a row.
const MAX_CHAIN: usize = 32;

/// Most files of one schema.
const MAX_FILES: usize = 256;

/// Most bytes of text in all, an imported file counted again for every file
/// that imports it at once or through others: each holds a copy of its types.
/// Bounds the memory that hostile files can ask for.
const MAX_TOTAL_BYTES: usize = 2 << 20;

/// Most files after which a missing one is still looked for among those
/// beside it: to list a folder takes time.
const MAX_SUGGESTED: usize = 32;

/// What a schema's `imports` came to.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    /// In the order of the list.
    pub(crate) files: Vec<Imported>,
    /// Whether one of the list is missing here, as it has errors.
    pub(crate) incomplete: bool,
}

/// One entry of `imports` and its file.
#[derive(Debug)]
pub(crate) struct Imported {
    pub(crate) entry: Text,
    pub(crate) layout: Arc<Layout>,
}

/// Why an import is missing.
enum Missing {
    /// Told where it is imported.
    Here(Box<Diagnostic>),
    /// It has errors, which stand in a report of its own.
    Told,
}

impl Missing {
    fn told_here(self) -> Option<Diagnostic> {
        match self {
            Missing::Here(d) => Some(*d),
            Missing::Told => None,
        }
    }
}

impl From<Diagnostic> for Missing {
    fn from(d: Diagnostic) -> Self {
        Missing::Here(Box::new(d))
    }
}

/// Reads schemas and remembers them.
pub(crate) struct Loader<'a> {
    sources: &'a dyn Sources,
    files: HashMap<String, Read>,
    /// Those that import each other down to the one being read.
    chain: Vec<String>,
    /// What counts to [`MAX_TOTAL_BYTES`] so far.
    bytes: usize,
    reports: Vec<Report>,
}

/// A file that was read.
struct Read {
    bytes: usize,
    /// `None` for one with errors.
    layout: Option<Arc<Layout>>,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(sources: &'a dyn Sources) -> Self {
        Loader {
            sources,
            files: HashMap::new(),
            chain: Vec::new(),
            bytes: 0,
            reports: Vec::new(),
        }
    }

    /// The schema `text` that stands at `path`, or all that is wrong with it
    /// and its imports.
    pub(crate) fn load(mut self, path: &str, text: &[u8]) -> Result<Layout, Errors> {
        self.bytes = text.len();
        self.file(path, text)
            .ok_or_else(|| Errors::new(self.reports))
    }

    /// One file. This recurses into its imports, [`MAX_CHAIN`] deep at most.
    fn file(&mut self, path: &str, text: &[u8]) -> Option<Layout> {
        self.chain.push(path.to_owned());
        let layout = self.stages(path, text);
        self.chain.pop();
        layout
            .map_err(|report| self.reports.extend((!report.is_empty()).then_some(report)))
            .ok()
    }

    fn stages(&mut self, path: &str, text: &[u8]) -> Result<Layout, Report> {
        let file = &self.sources.shown(path);
        let text = source::decode(text).map_err(|(text, list)| Report::new(file, &text, list))?;
        let report = |list| Report::new(file, text, list);
        let mut tree = gate::read(text).map_err(report)?;
        let mut findings = keys::check(&mut tree);
        let schema = parse::schema(&tree).map_err(report)?;
        let imports = self.imports(path, &tree, &schema, &mut findings.errors);
        let (mut layout, warnings) =
            check::check(file, path, &tree, &schema, imports, findings).map_err(report)?;
        // Without a warning too: `evolution` shows lines of the text.
        layout.warnings = report(warnings);
        Ok(layout)
    }

    fn imports(
        &mut self,
        importer: &str,
        tree: &Tree,
        schema: &Schema,
        errors: &mut Vec<Diagnostic>,
    ) -> Imports {
        let mut imports = Imports::default();
        let Some(list) = &schema.imports else {
            return imports;
        };
        let mut seen: HashMap<String, &Text> = HashMap::new();
        for entry in &list.value {
            let layout = match import::resolve(importer, entry) {
                Err(astray) => Err(refusal::lost(tree, entry, astray).into()),
                Ok(path) => match seen.insert(path.clone(), entry) {
                    Some(first) => Err(refusal::twice(tree, entry, first).into()),
                    None => self.import(importer, tree, entry, &path),
                },
            };
            match layout {
                Ok(layout) => imports.files.push(Imported {
                    entry: entry.clone(),
                    layout,
                }),
                Err(missing) => {
                    imports.incomplete = true;
                    errors.extend(missing.told_here());
                }
            }
        }
        if let Some(d) = self.weigh(tree, list.node, &imports) {
            errors.push(d);
            imports = Imports {
                files: Vec::new(),
                incomplete: true,
            };
        }
        imports
    }

    /// The file at `path`, which is read when it was not.
    fn import(
        &mut self,
        importer: &str,
        tree: &Tree,
        entry: &Text,
        path: &str,
    ) -> Result<Arc<Layout>, Missing> {
        if let Some(start) = self.chain.iter().position(|open| open == path) {
            return Err(refusal::cycle(tree, entry, &self.chain[start..]).into());
        }
        if let Some(read) = self.files.get(path) {
            return read.layout.clone().ok_or(Missing::Told);
        }
        let node = entry.node;
        if self.chain.len() == MAX_CHAIN {
            let what = format!("over {MAX_CHAIN} files import each other in a row");
            return Err(refusal::too_many(tree, node, what).into());
        }
        if self.files.len() == MAX_FILES {
            let what = format!("a schema of over {MAX_FILES} files");
            return Err(refusal::too_many(tree, node, what).into());
        }
        let (bytes, layout) = match self.sources.read(path) {
            Ok(text) if self.count(text.len()) => (text.len(), Err(too_much(tree, node).into())),
            Ok(text) => {
                let layout = self.file(path, &text).map(Arc::new);
                (text.len(), layout.ok_or(Missing::Told))
            }
            Err(error) => {
                let may_suggest = self.files.len() < MAX_SUGGESTED;
                let files = may_suggest.then(|| self.sources.beside(path));
                let files = files.unwrap_or_default();
                let near = nearest(path, files.iter().map(String::as_str));
                let near = near.map(|near| import::relative(importer, near));
                let shown = self.sources.shown(path);
                let d = refusal::unread(tree, entry, &shown, &error, near);
                (0, Err(d.into()))
            }
        };
        let read = Read {
            bytes,
            layout: layout.as_ref().ok().cloned(),
        };
        self.files.insert(path.to_owned(), read);
        layout
    }

    /// Counts what the imports of one file hold.
    fn weigh(&mut self, tree: &Tree, list: NodeId, imports: &Imports) -> Option<Diagnostic> {
        let paths: HashSet<&str> = imports
            .files
            .iter()
            .flat_map(|import| import.layout.paths())
            .collect();
        let bytes = |path: &str| self.files.get(path).map_or(0, |read| read.bytes);
        let bytes = paths.into_iter().map(bytes).sum();
        self.count(bytes).then(|| too_much(tree, list))
    }

    /// Whether so many bytes more are too many.
    fn count(&mut self, bytes: usize) -> bool {
        self.bytes += bytes;
        self.bytes > MAX_TOTAL_BYTES
    }
}

fn too_much(tree: &Tree, node: NodeId) -> Diagnostic {
    let what = format!("the schema and its imports come to over {MAX_TOTAL_BYTES} bytes");
    refusal::too_many(tree, node, what)
}
