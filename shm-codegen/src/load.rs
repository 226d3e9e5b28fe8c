//! Schemas from files.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shm_schema::{Folder, Layout, Report};

use crate::problem::Problem;

/// A byte more than a schema may have: enough for the gate to see that there is
/// too much, and no more, whatever the file is.
const ENOUGH: u64 = (1 << 20) + 1;

/// Reads schemas and what they import.
#[derive(Debug, Clone, Copy, Default)]
pub struct Loader<'a> {
    root: Option<&'a Path>,
}

impl<'a> Loader<'a> {
    /// Imports must not lead out of `root`; without one, out of the folder of
    /// each schema.
    pub fn new(root: Option<&'a Path>) -> Self {
        Self { root }
    }

    /// The folder that was named.
    pub fn root(&self) -> Option<&'a Path> {
        self.root
    }

    /// Every schema, or what is wrong with any of them.
    ///
    /// # Errors
    ///
    /// All problems of all files, in the order of the files; those of a file
    /// that several import are told once.
    pub fn all(&self, paths: &[PathBuf]) -> Result<Vec<Layout>, Vec<Problem>> {
        let mut layouts = Vec::with_capacity(paths.len());
        let mut problems = Vec::new();
        let mut told = HashSet::new();
        for path in paths {
            match self.one(path) {
                Ok(layout) => layouts.push(layout),
                Err(new) => problems.extend(new.into_iter().filter(|problem| match problem {
                    Problem::Schema(report) => told.insert(identity(report.file())),
                    _ => true,
                })),
            }
        }
        if problems.is_empty() {
            Ok(layouts)
        } else {
            Err(problems)
        }
    }

    /// One schema.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or it or an import is not a valid schema.
    pub fn one(&self, path: &Path) -> Result<Layout, Vec<Problem>> {
        let unreadable = |path: &Path, source| {
            let path = path.to_owned();
            vec![Problem::Unreadable { path, source }]
        };
        let text = read(path).map_err(|source| unreadable(path, source))?;
        let folder = match self.root {
            Some(root) => Folder::new(root).map_err(|source| unreadable(root, source))?,
            None => Folder::around(path).map_err(|source| unreadable(path, source))?,
        };
        let Some(inner) = folder.path_of(path) else {
            return Err(vec![Problem::OutsideRoot {
                path: path.to_owned(),
                root: self.root.unwrap_or(Path::new(".")).to_owned(),
            }]);
        };
        shm_schema::compile_from(&inner, &text, &folder).map_err(|errors| {
            let reports = errors.into_reports().into_iter();
            reports.map(Problem::Schema).collect()
        })
    }
}

/// The schemas and all that they import, each file once and after those that
/// it imports: what a run writes.
pub fn with_imports(layouts: Vec<Layout>) -> Vec<Arc<Layout>> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for layout in layouts {
        let imports: Vec<_> = layout.imports.iter().map(|i| i.layout.clone()).collect();
        for layout in imports.into_iter().chain([Arc::new(layout)]) {
            if seen.insert(identity(&layout.file)) {
                all.push(layout);
            }
        }
    }
    all
}

/// What is worth a look in any of them.
pub fn warnings(layouts: &[Arc<Layout>]) -> Vec<Report> {
    let reports = layouts.iter().map(|layout| &layout.warnings);
    reports
        .filter(|report| !report.is_empty())
        .cloned()
        .collect()
}

/// The same for each way to name one file.
fn identity(file: &str) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| PathBuf::from(file))
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(ENOUGH).read_to_end(&mut text)?;
    Ok(text)
}
