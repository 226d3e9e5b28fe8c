//! A file of another language as a schema.

use std::io::Write;
use std::path::Path;

use shm_codegen::Output;
use shm_codegen::files::{Plan, Wanted};
use shm_codegen::foreign::Language;
use shm_codegen::load::{self, Loader};
use shm_codegen::problem::Problem;

use super::generate::{problems, write};
use super::{End, Stop};

pub(super) fn run(
    load: Loader<'_>,
    path: &Path,
    output: Option<&Path>,
    package: Option<&str>,
    out: &mut dyn Write,
) -> Result<End, Stop> {
    let language = Language::of(path).ok_or_else(|| Problem::NoLanguage(path.to_owned()))?;
    let imported = load::import(language, path, package)?;
    // What the language refuses is told now, and where the struct stands.
    load.imported(&imported, output.unwrap_or(path))?;
    let Some(output) = output else {
        out.write_all(imported.yaml.as_bytes())?;
        return Ok(End::Fine);
    };
    let directory = output.parent().unwrap_or(Path::new(""));
    let name = output.file_name().unwrap_or_default();
    let wanted = Wanted {
        directory: directory.to_owned(),
        output: Output {
            path: name.to_string_lossy().into_owned(),
            text: imported.yaml,
        },
        schema: path.display().to_string(),
    };
    write(&Plan::new(vec![wanted]).map_err(problems)?, out)
}
