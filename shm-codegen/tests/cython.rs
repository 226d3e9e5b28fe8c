//! Cython's declarations: what is written, named and refused. That they
//! compile and read whole records is `python/tests/test_cython.py`'s part.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use common::{Ended, compile, corpus, golden, has, program, run, schema, scratch, small, tree};

#[test]
fn the_small_declarations_read_as_they_should() {
    let directory = scratch();
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/small.yaml");
    let mut command = program(directory.path());
    let told = Ended::of(command.arg("gen").arg(small).args(["--cython", "."])).exits(0);
    let files = [
        "small.pxd",
        "small.h",
        "segment_header.h",
        "shm_read.h",
        "shm_read.pxd",
    ];
    assert_eq!(
        told.stdout,
        files.map(|f| format!("wrote ./{f}\n")).concat()
    );
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).unwrap();
    golden("small.pxd", &read("small.pxd"));
    golden("small.h", &read("small.h"));
}

#[test]
fn what_is_written_twice_is_equal_and_ours() {
    let directory = scratch();
    for schema in corpus() {
        for arguments in [
            &["--cython", ".", "--c", "."][..],
            &["--cython", ".", "--check"],
        ] {
            let mut command = program(directory.path());
            Ended::of(command.arg("gen").arg(&schema).args(arguments)).exits(0);
        }
    }
}

/// A folder with what is generated for the market.
fn market() -> TempDir {
    let directory = scratch();
    let mut command = program(directory.path());
    let schema = schema("market.yaml");
    Ended::of(command.arg("gen").arg(schema).args(["--cython", "."])).exits(0);
    directory
}

#[test]
fn the_reader_compiles_without_a_warning() {
    let name = "the_reader_compiles_without_a_warning";
    let directory = market();
    let source = "#include \"market.h\"\n#include \"shm_read.h\"\n#include \"shm_read.h\"\n\
                  int main(void) { shm_slot slot; market_Quote quote;\n\
                  if (shm_slot_at(\"\", 1, 0, sizeof quote, MARKET_QUOTE_FINGERPRINT, &slot) == 0)\n\
                  return shm_slot_read(&slot, &quote, sizeof quote);\n\
                  return 0; }\n";
    for (compiler, language, standard) in common::COMPILERS {
        if has(compiler, name) {
            compile(directory.path(), source, compiler, language, standard).exits(0);
            Ended::of(&mut Command::new(directory.path().join("program"))).exits(0);
        }
    }
}

#[test]
fn the_reader_asks_shared_memory_for_no_more_than_it_may() {
    let name = "the_reader_asks_shared_memory_for_no_more_than_it_may";
    let directory = market();
    for (compiler, language, standard) in common::COMPILERS {
        if has(compiler, name) {
            let source = include_str!("c/asked.c");
            compile(directory.path(), source, compiler, language, standard).exits(0);
            Ended::of(&mut Command::new(directory.path().join("program"))).exits(0);
        }
    }
}

#[test]
fn texts_of_a_schema_do_not_reach_the_declarations() {
    let directory = scratch();
    let write = |doc: &str| {
        let text = small("p", &format!("doc: \"{doc}\"\n"));
        fs::write(directory.path().join("s.yaml"), text).unwrap();
        run(directory.path(), "gen s.yaml --cython .").exits(0);
        fs::read_to_string(directory.path().join("p.pxd")).unwrap()
    };
    assert_eq!(write("calm"), write("*/ # \\n    int stray"));
}

#[test]
fn types_of_an_import_are_those_of_its_module() {
    let directory = scratch();
    let common = small("common", "").replace("Point", "Vec3");
    let more = "imports: [common.yaml]\n";
    let user = small("user", more).replace("type: i32", "type: common.Vec3, dims: [2]");
    fs::write(directory.path().join("common.yaml"), common).unwrap();
    fs::write(directory.path().join("user.yaml"), user).unwrap();
    run(directory.path(), "gen user.yaml --cython .").exits(0);
    let files = tree(directory.path());
    let text = |name: &str| {
        let found = files.iter().find(|(path, _)| path.ends_with(name));
        String::from_utf8_lossy(found.expect(name).1.as_ref()).into_owned()
    };
    assert!(text("user.pxd").contains("\ncimport common\n"));
    assert!(text("user.pxd").contains("        common.Vec3 x[2]\n"));
    assert!(text("common.pxd").contains("ctypedef struct Vec3 \"common_Vec3\":"));
}

#[test]
fn names_that_meet_in_cython_are_refused() {
    let directory = scratch();
    fs::write(directory.path().join("s.yaml"), small("shm", "")).unwrap();
    run(directory.path(), "gen s.yaml --cython fine").exits(0);
    let told = |text: String| {
        fs::write(directory.path().join("s.yaml"), text).unwrap();
        run(directory.path(), "gen s.yaml --c c").exits(0);
        run(directory.path(), "gen s.yaml --cython out")
            .exits(1)
            .stderr
    };
    let size = "constants:\n  - { name: POINT_SIZE, type: u8, value: 1 }\n";
    assert_eq!(
        told(small("p", size)),
        "error: the macro `P_POINT_SIZE` and the size of `Point` would both be `POINT_SIZE` in \
         Cython\n --> s.yaml:7:11\n  = help: rename one of the two\n"
    );
    let hidden = told(small("libc", ""));
    assert!(
        hidden.contains("package `libc` would hide Cython's own `libc.pxd`"),
        "{hidden}"
    );
    let hidden = told(small("Python", ""));
    assert!(
        hidden.contains("package `Python` would hide Cython's own `Python.h`"),
        "{hidden}"
    );
    assert_eq!(
        told(small("shm", "").replace("Point", "slot")),
        "error: a name of `shm_read.h` and the type `slot` would both be `shm_slot` in C\n \
         --> s.yaml:5:11\n  = help: rename one of the two\n"
    );
    let retired = "constants:\n  - { name: RETIRED, type: u8, value: 1 }\n";
    assert!(told(small("shm", retired)).contains("`SHM_RETIRED` in C"));
    assert!(!directory.path().join("out").exists());
}
