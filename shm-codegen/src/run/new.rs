//! The beginning of a schema.

use std::io::Write;
use std::path::Path;

use shm_codegen::files::{self, Existing, FileError, Plan};
use shm_codegen::problem::Problem;
use shm_codegen::start;

use super::generate::problems;
use super::{End, Stop};

pub(super) fn run(name: &str, directory: &Path, out: &mut dyn Write) -> Result<End, Stop> {
    let text = start::schema(name)?;
    let path = directory.join(format!("{name}.yaml"));
    let plan = Plan::replacing(vec![(path.clone(), text)]).map_err(problems)?;
    if plan.files().iter().any(|f| f.existing != Existing::Nothing) {
        return Err(Stop::from(Problem::from(FileError::Exists { path })));
    }
    files::write(&plan).map_err(Problem::from)?;
    let path = path.display();
    writeln!(out, "wrote {path}")?;
    writeln!(out, "see its bytes:    shm-codegen layout {path}")?;
    writeln!(
        out,
        "write it out:     shm-codegen gen {path} --python . --standalone"
    )?;
    Ok(End::Fine)
}
