//! Schemas written out in other languages.

mod depends;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use shm_codegen::files::{self, Existing, FileError, Plan, Wanted};
use shm_codegen::load::{self, Loader};
use shm_codegen::problem::Problem;
use shm_codegen::{Options, wanted};
use shm_schema::{Layout, Report};

use super::{End, Stop};
use crate::cli::{Gen, Inputs};

pub(super) fn run(
    load: Loader<'_>,
    arguments: &Gen,
    out: &mut dyn Write,
    warnings: &mut Vec<Report>,
) -> Result<End, Stop> {
    let inputs = &arguments.inputs;
    let layouts = load::with_imports(load.all(&inputs.files)?);
    warnings.extend(load::warnings(&layouts));
    let wanted = texts(&layouts, inputs)?;
    if arguments.stdout {
        return print(&wanted, out);
    }
    let plan = Plan::new(wanted).map_err(problems)?;
    if arguments.check {
        return compare(&plan, load, inputs, out);
    }
    let depfile = arguments.depfile.as_deref();
    let depfile = depfile.map(|path| depends::plan(path, &plan, &layouts));
    let depfile = depfile.transpose()?;
    let end = write(&plan, out)?;
    if let Some(depfile) = depfile {
        files::write(&depfile).map_err(Problem::from)?;
    }
    Ok(end)
}

/// Puts the files where they belong and says so.
pub(super) fn write(plan: &Plan, out: &mut dyn Write) -> Result<End, Stop> {
    files::write(plan).map_err(Problem::from)?;
    for file in plan.files() {
        let done = if file.existing == Existing::Equal {
            "unchanged"
        } else {
            "wrote"
        };
        writeln!(out, "{done} {}", file.path.display())?;
    }
    Ok(End::Fine)
}

/// Every text of the run, before anything is written.
pub(super) fn texts(layouts: &[Arc<Layout>], inputs: &Inputs) -> Result<Vec<Wanted>, Vec<Problem>> {
    let options = Options {
        standalone: inputs.standalone,
    };
    let targets = inputs.targets();
    let targets = targets.map(|(target, _, directory)| (target, directory));
    wanted::all(layouts, targets, &options)
}

/// One file as it is; several with a line before each that names it.
fn print(wanted: &[Wanted], out: &mut dyn Write) -> Result<End, Stop> {
    for file in wanted {
        if wanted.len() > 1 {
            writeln!(out, "==> {} <==", file.output.path)?;
        }
        out.write_all(file.output.text.as_bytes())?;
    }
    Ok(End::Fine)
}

fn compare(
    plan: &Plan,
    load: Loader<'_>,
    inputs: &Inputs,
    out: &mut dyn Write,
) -> Result<End, Stop> {
    for file in plan.changes() {
        out.write_all(files::unified(file).as_bytes())?;
    }
    Ok(match plan.changes().count() {
        0 => End::Fine,
        1 => End::Findings(remedy("a file is", load, inputs) + plan.line_ends()),
        n => End::Findings(remedy(&format!("{n} files are"), load, inputs) + plan.line_ends()),
    })
}

fn remedy(what: &str, load: Loader<'_>, inputs: &Inputs) -> String {
    format!(
        "{what} not as the schemas say; to update:\n    {}",
        command_line(load, inputs)
    )
}

fn command_line(load: Loader<'_>, inputs: &Inputs) -> String {
    let mut words = vec!["shm-codegen".to_owned(), "gen".to_owned()];
    words.extend(inputs.files.iter().map(|file| shell_word(file)));
    let root = load.root().map(|root| ("--root", root));
    let targets = inputs
        .targets()
        .map(|(_, flag, directory)| (flag, directory.as_path()));
    for (flag, directory) in root.into_iter().chain(targets) {
        words.extend([flag.to_owned(), shell_word(directory)]);
    }
    if inputs.standalone {
        words.push("--standalone".to_owned());
    }
    words.join(" ")
}

/// A path as a shell takes it.
pub(super) fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// All that kept a plan from being made.
pub(super) fn problems(errors: Vec<FileError>) -> Vec<Problem> {
    errors.into_iter().map(Problem::from).collect()
}
