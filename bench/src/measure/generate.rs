//! Generating Python, Rust and C for large schemas.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::measure::Plan;
use crate::results::Line;
use crate::summary::Summary;

/// Over a thousand stand in several schemas: one has at most a megabyte.
const STRUCTS: [usize; 4] = [100, 1_000, 2_000, 5_000];
const MOST: usize = 1_000;
const FIELDS: usize = 20;
const TURNS: usize = 7;

/// A schema of so many structs of 20 fields.
fn schema(package: &str, structs: usize) -> String {
    let mut text = format!("shm: 1\npackage: {package}\nversion: 1\nstructs:\n");
    for number in 0..structs {
        let _ = write!(text, "  - name: Struct{number}\n    fields:\n");
        for field in 0..FIELDS {
            let of = ["f64", "u32", "i32", "u64"][field % 4];
            let _ = writeln!(text, "      - {{ name: field{field}, type: {of} }}");
        }
    }
    text
}

pub(super) fn run(plan: &Plan) -> Result<Vec<Line>> {
    let Some(codegen) = &plan.codegen else {
        bail!("generation needs `--codegen`");
    };
    let folder = tempfile::tempdir()?;
    let mut lines: Vec<Line> = Vec::new();
    for structs in STRUCTS {
        let mut paths = Vec::new();
        for part in 0..structs.div_ceil(MOST) {
            let package = format!("large{structs}_{part}");
            let path = folder.path().join(format!("{package}.yaml"));
            fs::write(&path, schema(&package, structs.min(MOST)))?;
            paths.push(path);
        }
        let mut samples = Vec::new();
        for turn in 0..plan.turns(TURNS).min(TURNS) {
            let out = folder.path().join(format!("out-{structs}-{turn}"));
            samples.push(generate(codegen, &paths, &out)?);
        }
        let mut line = Line::new(
            "python, rust and c",
            structs as u64,
            "ms",
            Summary::of(samples),
        );
        // 1 where time grows as the schema does.
        line.ratio = lines.get(1).map(|thousand: &Line| {
            line.summary.median / thousand.summary.median * 1_000.0 / structs as f64
        });
        lines.push(line);
    }
    Ok(lines)
}

/// One run of the program, in milliseconds.
fn generate(codegen: &Path, schemas: &[PathBuf], out: &Path) -> Result<f64> {
    let mut command = Command::new(codegen);
    command.arg("gen").args(schemas);
    for target in ["--python", "--rust", "--c"] {
        command.arg(target).arg(out);
    }
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let began = Instant::now();
    let output = command.output()?;
    let took = began.elapsed();
    if !output.status.success() {
        bail!(
            "generation failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(took.as_secs_f64() * 1e3)
}
