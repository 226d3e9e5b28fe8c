//! Schemas in their canonical form.

use std::io::Write;
use std::path::PathBuf;

use shm_codegen::files::{self, Existing, Plan};
use shm_codegen::foreign::Language;
use shm_codegen::load::Loader;
use shm_codegen::problem::Problem;
use shm_schema::format;

use super::generate::{problems, shell_word};
use super::{End, Stop};

pub(super) fn run(
    load: Loader<'_>,
    paths: &[PathBuf],
    check: bool,
    out: &mut dyn Write,
) -> Result<End, Stop> {
    if let Some(path) = paths.iter().find(|path| Language::of(path).is_some()) {
        return Err(Stop::from(Problem::NoSchema(path.clone())));
    }
    let layouts = load.all(paths)?;
    let texts = paths.iter().zip(&layouts).map(|(path, layout)| {
        let text = format::canonical(layout);
        text.map(|text| (path.clone(), text))
            .map_err(|_| Problem::Unformatted(path.clone()))
    });
    let (texts, unsure): (Vec<_>, Vec<_>) = texts.partition(Result::is_ok);
    let unsure: Vec<Problem> = unsure.into_iter().filter_map(Result::err).collect();
    if !unsure.is_empty() {
        return Err(Stop::from(unsure));
    }
    let texts = texts.into_iter().flatten().collect();
    let plan = Plan::replacing(texts).map_err(problems)?;
    if check {
        return compare(&plan, paths, out);
    }
    files::write(&plan).map_err(Problem::from)?;
    for file in plan.files() {
        if file.existing != Existing::Equal {
            writeln!(out, "formatted {}", file.path.display())?;
        }
    }
    Ok(End::Fine)
}

fn compare(plan: &Plan, paths: &[PathBuf], out: &mut dyn Write) -> Result<End, Stop> {
    for file in plan.changes() {
        out.write_all(files::unified(file).as_bytes())?;
    }
    let what = match plan.changes().count() {
        0 => return Ok(End::Fine),
        1 => "a schema is".to_owned(),
        n => format!("{n} schemas are"),
    };
    let paths: Vec<String> = paths.iter().map(|path| shell_word(path)).collect();
    let paths = paths.join(" ");
    Ok(End::Findings(format!(
        "{what} not formatted; to do so:\n    shm-codegen fmt {paths}{}",
        plan.line_ends()
    )))
}
