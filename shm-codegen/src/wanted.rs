//! Every text of a run, before anything is written.

use std::path::PathBuf;
use std::sync::Arc;

use shm_schema::Layout;

use crate::files::Wanted;
use crate::problem::Problem;
use crate::target::{Options, Target};

/// The files of each schema in each language, for the language's directory.
///
/// # Errors
///
/// Every schema that a language has no form for.
pub fn all<'a>(
    layouts: &[Arc<Layout>],
    targets: impl Iterator<Item = (Target, &'a PathBuf)> + Clone,
    options: &Options,
) -> Result<Vec<Wanted>, Vec<Problem>> {
    let mut wanted = Vec::new();
    let mut problems = Vec::new();
    for layout in layouts {
        for (target, directory) in targets.clone() {
            match target.generate(layout, options) {
                Ok(outputs) => wanted.extend(outputs.into_iter().map(|output| Wanted {
                    directory: directory.clone(),
                    output,
                    schema: layout.file.clone(),
                })),
                Err(refusal) => {
                    problems.push(Problem::Refused {
                        file: layout.file.clone(),
                        refusal: Box::new(refusal),
                    });
                }
            }
        }
    }
    match problems.is_empty() {
        true => Ok(wanted),
        false => Err(problems),
    }
}
