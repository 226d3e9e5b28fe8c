//! The Rust program that looks at a batch's records.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use shm_codegen::Target;
use shm_schema::Name;
use shm_schema::layout::{Member, StructLayout};

use crate::case::Case;
use crate::expect;
use crate::place_of::Places;
use crate::run;

/// Compilers that cargo runs side by side, each with a share of the cases.
const PARTS: usize = 4;

/// What it prints, each case's lines after one that names it.
pub(crate) fn say(cases: &[&Case], places: &Places) -> Result<String> {
    let package = places.folder("rust")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::write(package.join("Cargo.toml"), manifest(&root, &places.test))?;
    // The versions that the project is built with, which are at hand.
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).context("Cargo.lock")?;
    let share = cases.len().div_ceil(PARTS);
    let parts: Vec<String> = (0..cases.len().div_ceil(share))
        .map(|index| format!("{}-{index}", places.test))
        .collect();
    for (part, cases) in parts.iter().zip(cases.chunks(share)) {
        self::part(cases, &places.folder(&format!("rust/src/bin/{part}"))?)?;
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .current_dir(&package)
        .args(["build", "--offline", "--quiet", "--target-dir"])
        .arg(places.target())
        .env_remove("RUSTFLAGS");
    run::output(&mut build)?;
    let mut said = String::new();
    for part in parts {
        let mut program = Command::new(places.target().join("debug").join(&part));
        program.arg(package.join(format!("src/bin/{part}/records.bin")));
        said += &run::output(&mut program)?;
    }
    Ok(said)
}

fn manifest(root: &Path, test: &str) -> String {
    format!(
        "[package]\nname = \"truth-{test}\"\nedition = \"2024\"\n\n\
         [dependencies]\nshm-runtime = {{ path = '{}' }}\n\n\
         [workspace]\n\n\
         [profile.dev]\ndebug = false\nincremental = false\n",
        root.join("shm-runtime").display()
    )
}

/// One of the programs: its cases, their records, and what asks for them.
fn part(cases: &[&Case], folder: &Path) -> Result<()> {
    fs::write(folder.join("show.rs"), include_str!("../probe/show.rs"))?;
    let mut modules = String::new();
    let mut main = String::new();
    let mut records = Vec::new();
    for case in cases {
        case.write(Target::Rust, folder)?;
        let name = &case.name;
        for package in case.packages() {
            writeln!(modules, "mod {package};")?;
        }
        let path = |home, name: &Name| {
            let package = expect::package(&case.layout, home);
            format!("{package}::{}", name.rust())
        };
        writeln!(main, "    println!(\"== {name}\");")?;
        for e in &case.layout.enums {
            writeln!(modules, "show::named!({});", path(e.home, &e.name))?;
        }
        for f in &case.layout.flags {
            let bits = f
                .bits
                .iter()
                .map(|b| format!("\"{}\" {},", b.name, b.name.rust()));
            let bits: String = bits.collect();
            let ty = path(f.home, &f.name);
            writeln!(modules, "show::bits!({ty} {{ {bits} }});")?;
        }
        for (s, bytes) in case.structs() {
            let ty = path(s.home, &s.name);
            modules.push_str(&record(case, s, &ty));
            let count = bytes.len();
            writeln!(main, "    show::run::<{ty}>(&mut records, {count});")?;
            records.extend(bytes.iter().flatten());
        }
    }
    fs::write(folder.join("records.bin"), records)?;
    let program = format!(
        "//! @generated for one run of the truth test.\n\n\
         #![deny(warnings)]\n\
         // Not everything that is generated is looked at.\n\
         #![allow(dead_code)]\n\n\
         mod show;\n{modules}\n\
         fn main() {{\n    \
             let path = std::env::args_os().nth(1).unwrap();\n    \
             let records = std::fs::read(path).unwrap();\n    \
             let mut records = records.as_slice();\n{main}}}\n"
    );
    fs::write(folder.join("main.rs"), program)?;
    Ok(())
}

fn record(case: &Case, s: &StructLayout, ty: &str) -> String {
    let members = s.members.iter().map(|member| match member {
        Member::Field(field) => format!("field \"{}\" {},", field.name, field.name.rust()),
        Member::Reserved(gap) | Member::Pad(gap) => {
            format!("gap \"{}\" {},", gap.name, Name::rust_ident(&gap.name))
        }
    });
    let members: Vec<String> = members.collect();
    let meanings = s.fields().filter(|field| expect::has_meaning(field));
    let meanings: String = meanings
        .map(|field| format!("{} {}, ", field.name.rust(), expect::numerator(field)))
        .collect();
    format!(
        "show::record!(\"{}\" {ty} {{\n    {}\n}} {meanings});\n",
        expect::label(&case.layout, s),
        members.join("\n    ")
    )
}
