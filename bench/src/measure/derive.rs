//! What the derive adds to a debug build: the same 50 fields with and without
//! it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::measure::Plan;
use crate::results::Line;
use crate::summary::Summary;

const FIELDS: usize = 50;
const TURNS: usize = 9;

/// The field whose type is an alias, where there is one.
const OF_ALIAS: usize = 21;

/// A crate with one struct; `first` stands before it, `derive` is what it
/// derives beside the usual.
fn source(first: &str, derive: &str) -> String {
    let mut text =
        format!("{first}#[derive({derive}Clone, Copy)]\n#[repr(C)]\npub struct Many {{\n");
    for field in 0..FIELDS {
        let of = match field {
            OF_ALIAS if first.contains("Alias") => "Alias",
            _ => ["f64", "u64", "i64", "[u32; 2]"][field % 4],
        };
        let _ = writeln!(text, "    pub field{field}: {of},");
    }
    text + "}\n"
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    let folder = tempfile::tempdir()?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shm-runtime");
    let manifest = format!(
        "[workspace]\n[package]\nname = \"many\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\nshm-runtime = {{ path = {:?} }}\n",
        runtime.canonicalize()?
    );
    fs::create_dir(folder.path().join("src"))?;
    fs::write(folder.path().join("Cargo.toml"), manifest)?;

    let sources = [
        ("plain struct", "", ""),
        // Whose metadata rustc reads, with those of all it uses.
        ("plain struct, runtime used", "use shm_runtime as _;\n", ""),
        ("derived", "", "shm_runtime::SharedLayout, "),
        // Of which no macro knows what it is, so that rustc has to compute.
        (
            "derived, one field an alias",
            "type Alias = u64;\n",
            "shm_runtime::SharedLayout, ",
        ),
    ];
    let mut samples = vec![Vec::new(); sources.len()];
    for turn in 0..plan.turns(TURNS).min(TURNS) + 1 {
        for (which, (_, first, derive)) in sources.iter().enumerate() {
            let took = check(folder.path(), &source(first, derive), turn)?;
            // The first turn builds the dependencies.
            if turn > 0 {
                samples[which].push(took);
            }
        }
    }
    let lines = sources.iter().zip(samples);
    Ok(lines
        .map(|((name, ..), samples)| Line::new(name, FIELDS as u64, "ms", Summary::of(samples)))
        .collect())
}

/// `cargo build` of the one crate, in milliseconds.
fn check(folder: &Path, source: &str, turn: usize) -> Result<f64> {
    // A comment, so that no two turns build the same.
    let source = format!("{source}// {turn}\n");
    fs::write(folder.join("src/lib.rs"), source)?;
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut command = Command::new(cargo);
    command
        .args(["build", "--offline", "--quiet"])
        .current_dir(folder);
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let began = Instant::now();
    let output = command.output().context("cargo")?;
    let took = began.elapsed();
    if !output.status.success() {
        bail!(
            "the build failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(took.as_secs_f64() * 1e3)
}
