//! The C header, before the compilers that will read it.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use common::{Ended, golden, has, program, run, schema, scratch, small};
use shm_schema::Layout;
use shm_schema::layout::Member;

/// Compiler, language and standard.
const COMPILERS: [(&str, &str, &str); 3] = [
    ("gcc", "c", "c11"),
    ("gcc", "c", "gnu17"),
    ("g++", "c++", "c++17"),
];

const SCHEMAS: [&str; 3] = ["market.yaml", "every_type.yaml", "segment_header.yaml"];

#[test]
fn the_small_header_reads_as_it_should() {
    let directory = scratch();
    let small = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/small.yaml");
    Ended::of(
        program(directory.path())
            .arg("gen")
            .arg(small)
            .args(["--c", "."]),
    )
    .exits(0);
    golden(
        "small.h",
        &fs::read_to_string(directory.path().join("small.h")).unwrap(),
    );
}

#[test]
fn every_schema_compiles_as_c_and_as_cpp_without_a_warning() {
    let directory = scratch();
    let mut source = String::new();
    for name in SCHEMAS {
        Ended::of(
            program(directory.path())
                .arg("gen")
                .arg(schema(name))
                .args(["--c", "."]),
        )
        .exits(0);
        let header = name.replace(".yaml", ".h");
        // Twice, for the include guard; together, for names that clash.
        writeln!(source, "#include \"{header}\"\n#include \"{header}\"").unwrap();
    }
    source.push_str("int main(void) { return 0; }\n");
    for (compiler, language, standard) in COMPILERS {
        if has(
            compiler,
            "every_schema_compiles_as_c_and_as_cpp_without_a_warning",
        ) {
            compile(directory.path(), &source, compiler, language, standard).exits(0);
        }
    }
}

#[test]
fn what_the_compiler_lays_out_is_what_the_schema_says() {
    let directory = scratch();
    for name in SCHEMAS {
        let text = fs::read(schema(name)).unwrap();
        let layout = shm_schema::compile(name, &text).unwrap_or_else(|e| panic!("{e}"));
        Ended::of(
            program(directory.path())
                .arg("gen")
                .arg(schema(name))
                .args(["--c", "."]),
        )
        .exits(0);
        let (source, expected) = reporter(&layout);
        for (compiler, language, standard) in COMPILERS {
            if has(
                compiler,
                "what_the_compiler_lays_out_is_what_the_schema_says",
            ) {
                compile(directory.path(), &source, compiler, language, standard).exits(0);
                let found = Ended::of(&mut Command::new(directory.path().join("program"))).exits(0);
                assert_eq!(
                    found.stdout, expected,
                    "{name} by {compiler} -std={standard}"
                );
            }
        }
    }
}

#[test]
fn constants_have_the_schemas_values() {
    if !has("gcc", "constants_have_the_schemas_values") {
        return;
    }
    let directory = scratch();
    Ended::of(
        program(directory.path())
            .arg("gen")
            .arg(schema("every_type.yaml"))
            .args(["--c", "."]),
    )
    .exits(0);
    let source = r#"
        #include "every_type.h"
        #include <string.h>
        static_assert(EVERY_TYPE_ROWS == 3, "");
        static_assert(EVERY_TYPE_LOWEST == INT64_MIN, "");
        static_assert(EVERY_TYPE_HIGHEST == UINT64_MAX, "");
        static_assert(EVERY_TYPE_ENUM_I8_LOW == INT8_MIN, "");
        static_assert(EVERY_TYPE_ENUM_I64_LOW == INT64_MIN, "");
        static_assert(EVERY_TYPE_ENUM_U64_TOP == UINT64_MAX, "");
        static_assert(EVERY_TYPE_FLAGS64_LAST == UINT64_C(1) << 63, "");
        static_assert(EVERY_TYPE_MANY_ROWS == 8, "");
        #if EVERY_TYPE_ENUM_I32_LOW >= 0
        #error "an enum's value can stand in an #if"
        #endif
        int main(void) {
            return EVERY_TYPE_THIRD == 0.3333333333333333
                && strcmp(EVERY_TYPE_MANY_NAME, "every_type.many") == 0
                && sizeof EVERY_TYPE_EVERY_TYPE_FINGERPRINT == 65 ? 0 : 1;
        }
    "#;
    for (compiler, language, standard) in COMPILERS {
        if has(compiler, "constants_have_the_schemas_values") {
            compile(directory.path(), source, compiler, language, standard).exits(0);
            Ended::of(&mut Command::new(directory.path().join("program"))).exits(0);
        }
    }
}

#[test]
fn a_compiler_that_lays_out_otherwise_is_told_in_a_sentence() {
    if !has(
        "gcc",
        "a_compiler_that_lays_out_otherwise_is_told_in_a_sentence",
    ) {
        return;
    }
    let directory = scratch();
    Ended::of(
        program(directory.path())
            .arg("gen")
            .arg(schema("market.yaml"))
            .args(["--c", "."]),
    )
    .exits(0);
    let path = directory.path().join("market.h");
    let moved = fs::read_to_string(&path)
        .unwrap()
        .replacen("    double px;", "    float px;", 1);
    fs::write(&path, moved).unwrap();
    let source = "#include \"market.h\"\n";
    let told = compile(directory.path(), source, "gcc", "c", "c11").exits(1);
    assert!(
        told.stderr
            .contains("market_Level.qty must start at byte 8"),
        "{}",
        told.stderr
    );
}

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
fn a_hostile_text_is_only_a_comment() {
    let hostile = "'*/ int stray; /* ??/ // \\ \" ` %s */ #error \\'";
    let directory = scratch();
    let schema = hostile_schema(hostile);
    fs::write(directory.path().join("hostile.yaml"), schema).unwrap();
    fs::write(directory.path().join("calm.yaml"), hostile_schema("calm")).unwrap();
    run(directory.path(), "gen hostile.yaml --c hostile").exits(0);
    run(directory.path(), "gen calm.yaml --c calm").exits(0);
    for (compiler, language, standard) in COMPILERS {
        if !has(compiler, "a_hostile_text_is_only_a_comment") {
            continue;
        }
        let source = "#include \"hostile/evil.h\"\nint main(void) { return 0; }\n";
        compile(directory.path(), source, compiler, language, standard).exits(0);
        let tokens = |header: &str| {
            let mut command = Command::new(compiler);
            command.args([
                "-E",
                "-P",
                "-dD",
                &format!("-std={standard}"),
                "-x",
                language,
            ]);
            Ended::of(command.arg(directory.path().join(header)))
                .exits(0)
                .stdout
        };
        assert_eq!(tokens("hostile/evil.h"), tokens("calm/evil.h"));
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

/// A schema with a text in each place that takes one.
fn hostile_schema(text: &str) -> String {
    format!(
        "shm: 1
package: evil
version: 1
doc: {text}
constants:
  - {{ name: N, type: u8, value: 1, doc: {text} }}
enums:
  - {{ name: E, repr: u8, doc: {text}, values: [{{ name: A, value: 0, doc: {text} }}] }}
flags:
  - {{ name: F, repr: u8, doc: {text}, bits: [{{ name: B, bit: 0, doc: {text} }}] }}
structs:
  - name: S
    doc: {text}
    fields:
      - {{ name: a, type: u8, unit: {text}, deprecated: {text}, doc: {text} }}
      - {{ name: r, reserved: 1, doc: {text} }}
segments:
  - {{ name: s, kind: cell, of: S, doc: {text} }}
"
    )
}

/// A program that prints what the compiler made of each struct and member, and
/// what it should print.
fn reporter(layout: &Layout) -> (String, String) {
    let package = layout.package.as_str();
    let mut source = format!("#include \"{package}.h\"\n#include <stdio.h>\nint main(void) {{\n");
    let mut expected = String::new();
    for record in &layout.structs {
        let name = format!("{package}_{}", record.name);
        writeln!(
            source,
            "printf(\"{name} %zu %zu\\n\", sizeof({name}), (size_t)alignof({name}));"
        )
        .unwrap();
        writeln!(expected, "{name} {} {}", record.size, record.align).unwrap();
        for member in &record.members {
            let (member, offset, size) = match member {
                Member::Field(field) => (field.name.c(), field.offset, field.size),
                Member::Reserved(gap) | Member::Pad(gap) => {
                    (gap.name.clone(), gap.offset, gap.size)
                }
            };
            writeln!(
                source,
                "printf(\"{name}.{member} %zu %zu\\n\", offsetof({name}, {member}), \
                 sizeof((({name} *)0)->{member}));"
            )
            .unwrap();
            writeln!(expected, "{name}.{member} {offset} {size}").unwrap();
        }
    }
    source.push_str("return 0;\n}\n");
    (source, expected)
}

/// Compiles a source text to `program` in the directory.
fn compile(
    directory: &Path,
    source: &str,
    compiler: &str,
    language: &str,
    standard: &str,
) -> Ended {
    let file = directory.join("program.source");
    fs::write(&file, source).unwrap();
    let mut command = Command::new(compiler);
    command
        .args([
            "-Wall",
            "-Wextra",
            "-Wpedantic",
            "-Werror",
            &format!("-std={standard}"),
        ])
        .args(["-x", language])
        .arg(&file)
        .arg("-o")
        .arg(directory.join("program"));
    if !source.contains("main") {
        command.arg("-fsyntax-only");
    }
    Ended::of(command.env("LC_ALL", "C"))
}
