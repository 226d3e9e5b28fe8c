//! What the runtime costs, beside memcpy and beside its peers.

use crate::{project, step};
use anyhow::Result;

/// Builds `bench/`, which is no member of the workspace, and runs it.
///
/// # Errors
///
/// When something cannot be built, or a measure fails; the results of those
/// before it are saved.
pub(crate) fn run(quick: bool, without_iceoryx2: bool, only: &[String]) -> Result<()> {
    let programs = project::release(&["shm-codegen"])?;
    let out = project::target().join("bench");
    let mut bench = project::cargo();
    bench.args(["run", "--release", "--quiet"]);
    bench.args(["--manifest-path", "bench/Cargo.toml"]);
    if without_iceoryx2 {
        bench.arg("--no-default-features");
    }
    bench.args(["--", "run"]);
    bench.arg("--out").arg(&out);
    bench.arg("--codegen").arg(programs.join("shm-codegen"));
    if quick {
        bench.arg("--quick");
    }
    if !only.is_empty() {
        bench.args(["--only", &only.join(",")]);
    }
    // Apart from what every other build makes, which it must not wait for.
    bench.env("CARGO_TARGET_DIR", project::target().join("bench-build"));
    step::run("measure", &mut bench)?;
    println!("results and pictures are in {}", out.display());
    Ok(())
}
