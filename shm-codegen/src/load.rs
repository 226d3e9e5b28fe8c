//! Schemas from files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use shm_schema::Layout;

use crate::problem::Problem;

/// A byte more than a schema may have: enough for the gate to see that there is
/// too much, and no more, whatever the file is.
const ENOUGH: u64 = (1 << 20) + 1;

/// Every schema, or what is wrong with any of them.
///
/// # Errors
///
/// All problems of all files, in the order of the files.
pub fn all(paths: &[PathBuf]) -> Result<Vec<Layout>, Vec<Problem>> {
    let mut layouts = Vec::with_capacity(paths.len());
    let mut problems = Vec::new();
    for path in paths {
        match one(path) {
            Ok(layout) => layouts.push(layout),
            Err(problem) => problems.push(problem),
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
/// When the file cannot be read, or is not a valid schema.
pub fn one(path: &Path) -> Result<Layout, Problem> {
    let text = read(path).map_err(|source| Problem::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    shm_schema::compile(&path.display().to_string(), &text).map_err(Problem::Schema)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(ENOUGH).read_to_end(&mut text)?;
    Ok(text)
}
