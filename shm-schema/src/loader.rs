//! A schema and all that it imports, each file read once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Errors};
use crate::gate;
use crate::import::{self, Astray};
use crate::keys;
use crate::layout::Layout;
use crate::model::{Schema, Text};
use crate::parse;
use crate::report::Report;
use crate::source;
use crate::sources::{SourceError, Sources};
use crate::suggest::chained;
use crate::tree::Tree;

/// Most files that import each other in a row.
const MAX_CHAIN: usize = 32;

/// Most files of one schema.
const MAX_FILES: usize = 256;

/// Most bytes of imported text, each file counted once for every file that
/// imports it at once or through others: a layout holds all of its imports.
const MAX_IMPORTED_BYTES: usize = 4 << 20;

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

/// Reads schemas and remembers them.
pub(crate) struct Loader<'a> {
    sources: &'a dyn Sources,
    files: HashMap<String, Read>,
    /// Those that import each other down to the one being read.
    chain: Vec<String>,
    /// Bytes of imports so far.
    imported: usize,
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
            imported: 0,
            reports: Vec::new(),
        }
    }

    /// The schema `text` that stands at `path`, or all that is wrong with it
    /// and its imports.
    pub(crate) fn load(mut self, path: &str, text: &[u8]) -> Result<Layout, Errors> {
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
        check::check(file, path, &tree, &schema, imports, findings).map_err(report)
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
            let layout = import::resolve(importer, entry)
                .map_err(|astray| Some(lost(tree, entry, astray)))
                .and_then(|path| match seen.insert(path.clone(), entry) {
                    Some(first) => Err(Some(twice(tree, entry, first))),
                    None => self.import(tree, entry, &path),
                });
            match layout {
                Ok(layout) => imports.files.push(Imported {
                    entry: entry.clone(),
                    layout,
                }),
                Err(d) => {
                    imports.incomplete = true;
                    errors.extend(d);
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

    /// The file at `path`. The inner `None` is a file whose errors stand in a
    /// report of its own.
    fn import(
        &mut self,
        tree: &Tree,
        entry: &Text,
        path: &str,
    ) -> Result<Arc<Layout>, Option<Diagnostic>> {
        if let Some(start) = self.chain.iter().position(|open| open == path) {
            return Err(Some(cycle(tree, entry, &self.chain[start..])));
        }
        if let Some(read) = self.files.get(path) {
            return read.layout.clone().ok_or(None);
        }
        if self.chain.len() == MAX_CHAIN || self.files.len() == MAX_FILES {
            let what = match self.chain.len() == MAX_CHAIN {
                true => format!("over {MAX_CHAIN} files import each other in a row"),
                false => format!("a schema of over {MAX_FILES} files"),
            };
            return Err(Some(too_many(tree, entry.node, what)));
        }
        let text = self
            .sources
            .read(path)
            .map_err(|error| Some(unread(tree, entry, &self.sources.shown(path), &error)));
        let layout = match &text {
            Ok(text) => self.file(path, text).map(Arc::new),
            Err(_) => None,
        };
        let bytes = text.as_ref().map_or(0, Vec::len);
        let read = Read {
            bytes,
            layout: layout.clone(),
        };
        self.files.insert(path.to_owned(), read);
        text?;
        layout.ok_or(None)
    }

    /// Counts what the imports of one file hold.
    fn weigh(&mut self, tree: &Tree, list: usize, imports: &Imports) -> Option<Diagnostic> {
        let paths: HashSet<&str> = imports
            .files
            .iter()
            .flat_map(|import| import.layout.paths())
            .collect();
        let bytes = |path: &str| self.files.get(path).map_or(0, |read| read.bytes);
        self.imported += paths.into_iter().map(bytes).sum::<usize>();
        (self.imported > MAX_IMPORTED_BYTES).then(|| {
            let what = format!("the imports come to over {MAX_IMPORTED_BYTES} bytes of text");
            too_many(tree, list, what)
        })
    }
}

/// An entry that leads to no path within the root.
fn lost(tree: &Tree, entry: &Text, astray: Astray) -> Diagnostic {
    let written = entry.as_str();
    let (code, message, help) = match astray {
        Astray::Empty => (
            Code::EmptyImport,
            "this import names no file".to_owned(),
            "write the path of a schema, such as `common.yaml`".to_owned(),
        ),
        Astray::Backslash => (
            Code::ImportBackslash,
            format!("`{written}` has a backslash in it"),
            format!(
                "write `{}`: it is `/` on every system",
                written.replace('\\', "/")
            ),
        ),
        Astray::Absolute => (
            Code::ImportAbsolute,
            format!("`{written}` is not a relative path"),
            "write the path from the folder of this file: the same schema then works on \
             every machine"
                .to_owned(),
        ),
        Astray::Outside => (
            Code::ImportOutsideRoot,
            format!("`{written}` leads out of the root folder"),
            "move the file below the root, or name a root above both files".to_owned(),
        ),
    };
    Diagnostic::new(code, tree.seen_at(entry.node), message).help(help)
}

fn twice(tree: &Tree, entry: &Text, first: &Text) -> Diagnostic {
    let message = format!("`{}` is imported already", entry.value);
    Diagnostic::new(Code::DuplicateImport, tree.at(entry.node), message)
        .other(tree.at(first.node), "first here")
        .help("keep one of them")
}

fn cycle(tree: &Tree, entry: &Text, chain: &[String]) -> Diagnostic {
    let names: Vec<String> = chain
        .iter()
        .chain(chain.first())
        .map(|path| format!("`{path}`"))
        .collect();
    let message = match chain {
        [_] => format!("{} imports itself", names[0]),
        _ => format!("{} imports itself through others", names[0]),
    };
    let d = Diagnostic::new(Code::ImportCycle, tree.at(entry.node), message);
    match chain {
        [_] => d.help("remove it: a schema sees its own names anyway"),
        _ => d
            .label(chained(&names, " imports "))
            .help("move what both need into a file that imports neither"),
    }
}

fn unread(tree: &Tree, entry: &Text, shown: &str, error: &SourceError) -> Diagnostic {
    let written = entry.as_str();
    let (code, message, help) = match error {
        SourceError::Missing => (
            Code::ImportMissing,
            format!("there is no file `{shown}`"),
            "an import is a path from the folder of the file that imports",
        ),
        SourceError::Outside => (
            Code::ImportOutsideRoot,
            format!("`{written}` is a link that leads out of the root folder"),
            "put the file itself there, or name a root above both files",
        ),
        SourceError::NotAFile => (
            Code::ImportUnreadable,
            format!("`{shown}` is not a file"),
            "name a schema: a folder's files are imported one by one",
        ),
        SourceError::Io(error) => (
            Code::ImportUnreadable,
            format!("`{shown}` cannot be read: {error}"),
            "make the file readable",
        ),
    };
    Diagnostic::new(code, tree.at(entry.node), message).help(help)
}

fn too_many(tree: &Tree, node: usize, message: String) -> Diagnostic {
    Diagnostic::new(Code::TooManyImports, tree.at(node), message)
        .help("put types that are used together into one file")
}
