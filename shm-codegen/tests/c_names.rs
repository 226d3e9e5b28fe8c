//! Names in the C header: what is named around, and what is refused.

mod common;

use std::fs;
use std::process::Command;

use shm_codegen::{Options, Target};

use common::{COMPILERS, Ended, compile, has, run, scratch, small};

#[test]
fn keywords_are_named_around_in_fields_and_in_reserved_room() {
    let directory = scratch();
    let fields = "fields:\n      - { name: int, type: u8 }\n      \
                  - { name: class, reserved: 1 }\n      - { name: alignas, type: u8 }\n";
    let schema = small("p", "").replace("fields:\n", fields);
    fs::write(directory.path().join("s.yaml"), schema).unwrap();
    run(directory.path(), "gen s.yaml --c .").exits(0);
    let source = "#include \"p.h\"\nint main(void) { p_Point p = {0}; \
                  return p.int_ + p.class_[0] + p.alignas_; }\n";
    for (compiler, language, standard) in COMPILERS {
        if has(
            compiler,
            "keywords_are_named_around_in_fields_and_in_reserved_room",
        ) {
            // C++ has no `{0}` without a warning of the members left out.
            let source = match language {
                "c" => source.to_owned(),
                _ => source.replace("{0}", "{}"),
            };
            compile(directory.path(), &source, compiler, language, standard).exits(0);
        }
    }
}

#[test]
fn two_names_that_meet_in_c_are_refused_with_both() {
    let directory = scratch();
    let more = "constants:\n  - { name: PHASE_CLOSED, type: u8, value: 1 }\n\
                enums:\n  - { name: Phase, repr: u8, values: [{ name: Closed, value: 0 }] }\n";
    fs::write(directory.path().join("s.yaml"), small("market", more)).unwrap();
    let told = run(directory.path(), "gen s.yaml --c out").exits(1).stderr;
    assert_eq!(
        told,
        "error: the constant `PHASE_CLOSED` and the value `Closed` of `Phase` would both be \
         `MARKET_PHASE_CLOSED` in C\n --> s.yaml:7:47\n  = help: rename one of the two\n"
    );
    assert!(!directory.path().join("out").exists());
}

#[test]
fn a_field_with_the_name_of_a_macro_is_refused() {
    let directory = scratch();
    let schema = small("m", "constants:\n  - { name: X, type: u8, value: 1 }\n")
        .replace("name: x,", "name: M_X,");
    fs::write(directory.path().join("s.yaml"), schema).unwrap();
    let told = run(directory.path(), "gen s.yaml --c out").exits(1).stderr;
    assert!(
        told.contains("the constant `X` and the field `M_X` of `Point`"),
        "{told}"
    );
}

#[test]
fn a_field_with_the_name_of_a_library_macro_is_refused() {
    let directory = scratch();
    let schema = small("m", "").replace("name: x,", "name: SIZE_MAX,");
    fs::write(directory.path().join("s.yaml"), schema).unwrap();
    let told = run(directory.path(), "gen s.yaml --c out").exits(1).stderr;
    assert!(
        told.contains("a macro of the C library and the field `SIZE_MAX`"),
        "{told}"
    );
}

/// The compilers say which macros there are; each is refused or named around.
#[test]
fn no_macro_of_the_library_can_be_a_member() {
    let test = "no_macro_of_the_library_can_be_a_member";
    let directory = scratch();
    let includes = "#include <assert.h>\n#include <math.h>\n#include <stddef.h>\n\
                    #include <stdint.h>\n#include <stdalign.h>\n";
    fs::write(directory.path().join("all.h"), includes).unwrap();
    for (compiler, language, standard) in [
        ("gcc", "c", "c11"),
        ("gcc", "c", "gnu2x"),
        ("g++", "c++", "c++17"),
        ("g++", "c++", "gnu++20"),
    ] {
        if !has(compiler, test) {
            continue;
        }
        let mut command = Command::new(compiler);
        command.args(["-E", "-dM", &format!("-std={standard}"), "-x", language]);
        let listed = Ended::of(command.arg(directory.path().join("all.h"))).exits(0);
        let names = listed
            .stdout
            .lines()
            .filter_map(|line| line.split(' ').nth(1));
        // A name that starts with `_` is no name of a schema; a macro with
        // arguments does no harm.
        let names = names.filter(|name| !name.starts_with('_') && !name.contains('('));
        let left: Vec<&str> = names.filter(|name| keeps(name)).collect();
        assert!(left.is_empty(), "{compiler} -std={standard}: {left:?}");
    }
}

/// Whether a member of a header can have exactly this name.
fn keeps(name: &str) -> bool {
    let schema = small("m", "").replace("name: x,", &format!("name: {name},"));
    let layout = shm_schema::compile("s.yaml", schema.as_bytes()).unwrap();
    let outputs = Target::C.generate(&layout, &Options::default());
    outputs.is_ok_and(|outputs| outputs[0].text.contains(&format!(" {name};")))
}

#[test]
fn a_name_that_meets_one_of_an_import_is_refused() {
    let directory = scratch();
    let inner = "shm: 1\npackage: a_b\nversion: 1\nstructs:\n  - name: C\n    fields:\n      \
                 - { name: x, type: u8 }\n";
    let outer = "shm: 1\npackage: a\nversion: 1\nimports: [inner.yaml]\nstructs:\n  \
                 - name: b_C\n    fields:\n      - { name: x, type: a_b.C }\n";
    fs::write(directory.path().join("inner.yaml"), inner).unwrap();
    fs::write(directory.path().join("outer.yaml"), outer).unwrap();
    let told = run(directory.path(), "gen outer.yaml --c out")
        .exits(1)
        .stderr;
    assert!(
        told.starts_with("error: the type `C` and the type `b_C` would both be `a_b_C` in C"),
        "{told}"
    );
}

#[test]
fn a_package_that_would_hide_a_standard_header_is_refused() {
    let directory = scratch();
    fs::write(directory.path().join("s.yaml"), small("stdint", "")).unwrap();
    let told = run(directory.path(), "gen s.yaml --c out").exits(1).stderr;
    assert!(
        told.contains("package `stdint` would hide C's own `stdint.h`"),
        "{told}"
    );
}
