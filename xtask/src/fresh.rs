//! The generated files that the tree holds, and what makes them.

use crate::{project, step};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// Schema, then the arguments of `gen` that place its outputs.
const GENERATED: &[(&str, &[&str])] = &[
    (
        "schemas/segment_header.yaml",
        &["--rust", "shm-runtime/src"],
    ),
    (
        "schemas/segment_header.yaml",
        &["--python", "shm-codegen/python/shm_runtime"],
    ),
    (
        "schemas/segment_header.yaml",
        &["--c", "shm-codegen/cython"],
    ),
    (
        "schemas/market.yaml",
        &[
            "--python",
            "examples/market/generated",
            "--rust",
            "examples/market/generated",
            "--c",
            "examples/market/generated",
            "--standalone",
        ],
    ),
];

/// Makes the files anew, or with `check` only says which are stale.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut build = project::cargo();
    build.args(["build", "--quiet", "--package", "shm-codegen"]);
    step::run("build the generator", &mut build)?;
    run_with(&project::target().join("debug/shm-codegen"), check)
}

/// The same with a generator that is built.
pub(crate) fn run_with(generator: &Path, check: bool) -> Result<()> {
    for (schema, places) in GENERATED {
        let mut command = Command::new(generator);
        command
            .current_dir(project::root())
            .args(["gen", schema])
            .args(*places);
        if check {
            command.arg("--check");
        }
        step::run("generate", &mut command)?;
    }
    Ok(())
}
