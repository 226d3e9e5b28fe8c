//! What does not compile, and what rustc then says.
//!
//! A file is one mistake; those of one kind are modules of one program, for
//! each program takes rustc and cargo about a second.
//!
//! `TRYBUILD=overwrite cargo test -p shm-runtime --test refusals` writes the
//! texts anew.

use std::path::Path;
use std::process::Command;

/// rustc words its part of the messages otherwise in each version.
const PINNED: &str = "rustc 1.95.";

#[test]
fn each_refusal_reads_like_advice() {
    if !is_pinned_toolchain() {
        return;
    }
    lend_schemas();
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/refused/*/main.rs");
    cases.pass("tests/ui/accepted/main.rs");
}

#[expect(clippy::print_stderr)] // what a test skipped is said by name
fn is_pinned_toolchain() -> bool {
    let output = Command::new("rustc").arg("--version").output();
    let version = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let version = version.unwrap_or_else(|error| error.to_string());
    let is_pinned = version.starts_with(PINNED);
    if !is_pinned {
        eprintln!("skipped: the texts are those of {PINNED}x, and this is {version}");
        if let Some(log) = std::env::var_os("SHM_SKIPS") {
            use std::io::Write as _;
            let log = std::fs::OpenOptions::new().append(true).open(log);
            let _ =
                log.and_then(|mut log| writeln!(log, "refusals: the texts are those of {PINNED}x"));
        }
    }
    is_pinned
}

/// trybuild compiles the cases in a package of its own, whose folder is where
/// their schemas are looked for.
fn lend_schemas() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("tests")
        .join("trybuild")
        .join(env!("CARGO_PKG_NAME"));
    for schemas in ["", "robots", "robots/parts"] {
        lend(&Path::new("tests/ui").join(schemas), &package.join(schemas))
            .expect("schemas can be copied to the target folder");
    }
}

fn lend(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if let (Some("yaml"), Some(name)) =
            (path.extension().and_then(|e| e.to_str()), path.file_name())
        {
            std::fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}
