//! Schemas from files, be they YAML or of a language that says as much.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shm_import::Imported;
use shm_schema::{Errors, Folder, Layout, Report, Sources};

use crate::foreign::Language;
use crate::git::{Commit, Spec};
use crate::problem::Problem;

/// A byte more than a schema may have: enough for the gate to see that there is
/// too much, and no more, whatever the file is.
pub(crate) const ENOUGH: u64 = (1 << 20) + 1;

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
        if let Some(language) = Language::of(path) {
            let imported = import(language, path, None).map_err(|problem| vec![problem])?;
            return self.imported(&imported, path);
        }
        let text = read(path).map_err(|source| vec![unreadable(path, source)])?;
        let (folder, inner) = self.place(path)?;
        shm_schema::compile_from(&inner, &text, &folder).map_err(told)
    }

    /// The layout of what was imported, as a schema at `path`: there its own
    /// imports are looked for.
    ///
    /// # Errors
    ///
    /// When it or an import is not a valid schema.
    pub fn imported(&self, imported: &Imported, path: &Path) -> Result<Layout, Vec<Problem>> {
        let (folder, inner) = self.place(path)?;
        imported.compile(&inner, &folder).map_err(told)
    }

    /// The schema of a commit that `spec` names; by itself, the one that stands
    /// at `schema` now. Imports are read from the commit too.
    ///
    /// # Errors
    ///
    /// When git does not have it, or it is not valid.
    pub fn committed(&self, spec: Spec<'_>, schema: &Path) -> Result<Layout, Vec<Problem>> {
        let git = |error| vec![Problem::Git(error)];
        let (commit, path) = Commit::find(spec, schema, self.root).map_err(git)?;
        let text = commit.text(&path).map_err(git)?;
        let Some(language) = Language::of(Path::new(&path)) else {
            return shm_schema::compile_from(&path, &text, &commit).map_err(told);
        };
        let file = PathBuf::from(commit.shown(&path));
        let imported = foreign(language, &file, text, None).map_err(|problem| vec![problem])?;
        imported.compile(&path, &commit).map_err(told)
    }

    /// The folder that imports do not lead out of, and the file's path in it.
    fn place(&self, path: &Path) -> Result<(Folder, String), Vec<Problem>> {
        let (folder, named) = match self.root {
            Some(root) => (Folder::new(root), root),
            None => (Folder::around(path), path),
        };
        let folder = folder.map_err(|source| vec![unreadable(named, source)])?;
        match folder.path_of(path) {
            Some(inner) => Ok((folder, inner)),
            None => Err(vec![Problem::OutsideRoot {
                path: path.to_owned(),
                root: self.root.unwrap_or(Path::new(".")).to_owned(),
            }]),
        }
    }
}

/// A file of another language as a schema. The package is what the file says,
/// or else `package`, or else the file's name.
///
/// # Errors
///
/// When the file cannot be read, or says what no schema can.
pub fn import(language: Language, path: &Path, package: Option<&str>) -> Result<Imported, Problem> {
    let text = read(path).map_err(|source| unreadable(path, source))?;
    foreign(language, path, text, package)
}

fn foreign(
    language: Language,
    path: &Path,
    text: Vec<u8>,
    package: Option<&str>,
) -> Result<Imported, Problem> {
    let text = String::from_utf8(text).map_err(|error| {
        unreadable(
            path,
            io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()),
        )
    })?;
    let file = path.display().to_string();
    let imported = language.read(&file, &text, package);
    imported.map_err(Problem::Foreign)
}

fn told(errors: Errors) -> Vec<Problem> {
    let reports = errors.into_reports().into_iter();
    reports.map(Problem::Schema).collect()
}

fn unreadable(path: &Path, source: io::Error) -> Problem {
    Problem::Unreadable {
        path: path.to_owned(),
        source,
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
