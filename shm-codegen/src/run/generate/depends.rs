//! Which files a run's output depends on, in the syntax of make.

use std::path::Path;
use std::sync::Arc;

use shm_codegen::files::{FileError, Plan};
use shm_codegen::problem::Problem;
use shm_schema::Layout;

use super::problems;
use crate::run::Stop;

/// The dependency file, ready to be written.
///
/// # Errors
///
/// When it would replace a schema or a file that the run makes, or cannot be
/// written.
pub(super) fn plan(path: &Path, plan: &Plan, layouts: &[Arc<Layout>]) -> Result<Plan, Stop> {
    let outputs = plan.files().iter().map(|file| file.path.as_path());
    let schemas = layouts.iter().map(|layout| Path::new(&layout.file));
    if outputs.chain(schemas).any(|taken| same(taken, path)) {
        let path = path.to_owned();
        return Err(Stop::from(Problem::from(FileError::Depfile { path })));
    }
    let text = text(plan, layouts);
    Ok(Plan::replacing(vec![(path.to_owned(), text)]).map_err(problems)?)
}

fn same(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    a == b || real(a).is_some_and(|a| real(b) == Some(a))
}

/// Every output depends on every schema: one run makes them all. The bare
/// targets at the end keep make going when an import has been removed, as
/// those of `gcc -MP` do.
fn text(plan: &Plan, layouts: &[Arc<Layout>]) -> String {
    let outputs: Vec<String> = plan.files().iter().map(|f| word(&f.path)).collect();
    let schemas: Vec<String> = layouts.iter().map(|l| word(Path::new(&l.file))).collect();
    let mut text = format!("{}: {}\n", outputs.join(" \\\n  "), schemas.join(" \\\n  "));
    for schema in &schemas {
        text.push_str(&format!("\n{schema}:\n"));
    }
    text
}

/// A path as make reads it.
fn word(path: &Path) -> String {
    let mut word = String::new();
    for c in path.display().to_string().chars() {
        match c {
            ' ' | '#' | '\\' | ':' => word.extend(['\\', c]),
            '$' => word.push_str("$$"),
            c => word.push(c),
        }
    }
    word
}
