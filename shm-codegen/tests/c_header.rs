//! The C header, before the compilers that will read it.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use shm_codegen::load::Loader;

use common::{
    COMPILERS, Ended, compile, corpus, golden, has, program, run, schema, scratch, small, tree,
};
use shm_schema::Layout;
use shm_schema::layout::Member;

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
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    run(&golden, "gen small.yaml --c . --check").exits(0);
}

#[test]
fn every_schema_compiles_as_c_and_as_cpp_without_a_warning() {
    let directory = scratch();
    for schema in corpus() {
        let mut command = program(directory.path());
        Ended::of(command.arg("gen").arg(schema).args(["--c", "."])).exits(0);
    }
    let mut source = String::new();
    for (header, _) in tree(directory.path()) {
        // Twice, for the include guard; together, for names that clash.
        let header = header.display();
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
    for schema in corpus() {
        let name = schema.display();
        let layout = Loader::default()
            .one(&schema)
            .unwrap_or_else(|e| panic!("{e:?}"));
        let mut command = program(directory.path());
        Ended::of(command.arg("gen").arg(&schema).args(["--c", "."])).exits(0);
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
fn a_header_includes_those_of_the_schemas_that_it_imports() {
    let directory = scratch();
    let (compiled, source) = imports(directory.path());
    let text = fs::read_to_string(directory.path().join("a.h")).unwrap();
    for line in [
        "#include \"common.h\"",
        "    common_Side side;  /* @0 +1 common.Side */",
        "    common_Vec3 at[2]; /* @8 +32 common.Vec3[2] */",
        "/** A cell of one common_Vec3. */",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(!text.contains("} common_"), "{text}");
    assert!(!text.contains("deep.h"), "imported by an import: {text}");
    for (compiler, language, standard) in COMPILERS {
        if has(compiler, compiled) {
            compile(directory.path(), &source, compiler, language, standard).exits(0);
        }
    }
}

/// Three schemas, each importing the one before, as headers; and a program
/// that uses the last, which needs to include no other.
fn imports(directory: &Path) -> (&'static str, String) {
    let deep = "shm: 1\npackage: deep\nversion: 1\nenums:\n  \
                - { name: Axis, repr: u8, values: [{ name: X, value: 0 }] }\n";
    let common = "shm: 1\npackage: common\nversion: 1\nimports: [deep.yaml]\n\
                  constants: [{ name: PAIR, type: u8, value: 2 }]\n\
                  enums:\n  - { name: Side, repr: u8, values: [{ name: Bid, value: 1 }] }\n\
                  structs:\n  - name: Vec3\n    fields:\n      \
                  - { name: axis, type: deep.Axis }\n      - { name: x, type: f64 }\n";
    let a = "shm: 1\npackage: a\nversion: 1\nimports: [common.yaml]\n\
             structs:\n  - name: Body\n    fields:\n      \
             - { name: side, type: common.Side }\n      \
             - { name: at, type: common.Vec3, dims: [common.PAIR] }\n\
             segments:\n  - { name: place, kind: cell, of: common.Vec3 }\n";
    for (name, text) in [("deep", deep), ("common", common), ("a", a)] {
        fs::write(directory.join(format!("{name}.yaml")), text).unwrap();
    }
    run(directory, "gen a.yaml --c .").exits(0);
    let source = "#include \"a.h\"\n#include \"common.h\"\n\
                  int main(void) { return sizeof(a_Body) == 40 && DEEP_AXIS_X == 0 ? 0 : 1; }\n";
    let test = "a_header_includes_those_of_the_schemas_that_it_imports";
    (test, source.to_owned())
}

#[test]
fn what_is_said_of_values_stands_in_macros() {
    let directory = scratch();
    let fields = "fields:
      - { name: px, type: i64, scale: 1e-8, sentinel: -1, range: [0, 1.5e6] }
      - { name: lots, type: u16, range: [1, 500] }
      - { name: heat, type: f32, range: [0.1, inf], sentinel: nan }
      - { name: at, type: timestamp_ns, sentinel: -9223372036854775808 }
";
    let schema = small("m", "").replace("fields:\n", fields);
    fs::write(directory.path().join("s.yaml"), schema).unwrap();
    run(directory.path(), "gen s.yaml --c .").exits(0);
    let source = r#"
        #include "m.h"
        #if M_POINT_LOTS_RANGE_HIGH != 500
        #error "an integer's range can stand in an #if"
        #endif
        static_assert(sizeof(M_POINT_HEAT_SENTINEL) == sizeof(float), "");
        static_assert(M_POINT_AT_SENTINEL == INT64_MIN, "");
        int main(void) {
            return M_POINT_PX_SCALE == 1e-8 && M_POINT_PX_SENTINEL == -1
                && M_POINT_PX_RANGE_LOW == 0.0 && M_POINT_PX_RANGE_HIGH == 1.5e6
                && M_POINT_LOTS_RANGE_LOW == 1
                && M_POINT_HEAT_RANGE_LOW == 0.1 && isinf(M_POINT_HEAT_RANGE_HIGH)
                && isnan(M_POINT_HEAT_SENTINEL) ? 0 : 1;
        }
    "#;
    for (compiler, language, standard) in COMPILERS {
        if has(compiler, "what_is_said_of_values_stands_in_macros") {
            // g++ takes the names of <math.h> into `std` alone.
            let source = match language {
                "c" => source.to_owned(),
                _ => source
                    .replace("isinf", "std::isinf")
                    .replace("isnan", "std::isnan"),
            };
            compile(directory.path(), &source, compiler, language, standard).exits(0);
            Ended::of(&mut Command::new(directory.path().join("program"))).exits(0);
        }
    }
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
    for record in layout.own_structs() {
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
