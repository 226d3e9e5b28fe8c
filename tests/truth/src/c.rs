//! The C program that looks at a batch's layouts, and the same text as C++.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::Result;
use shm_codegen::Target;
use shm_schema::Name;
use shm_schema::layout::Member;

use crate::case::Case;
use crate::expect;
use crate::place_of::Places;
use crate::run;

const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// What it prints, each case's lines after one that names it.
pub(crate) fn say(cases: &[&Case], places: &Places) -> Result<String> {
    let folder = places.folder("c")?;
    for case in cases {
        case.write(Target::C, &folder)?;
    }
    fs::write(folder.join("probe.c"), program(cases)?)?;
    let mut compile = Command::new("gcc");
    compile
        .current_dir(&folder)
        .args(STRICT)
        .args(["-std=c11", "probe.c", "-o", "probe"]);
    run::output(&mut compile)?;
    run::output(&mut Command::new(folder.join("probe")))
}

/// The same program for C++, which is only compiled: the headers hold
/// assertions of all that it would print.
pub(crate) fn also_cpp(cases: &[&Case], places: &Places) -> Result<String> {
    let folder = places.folder("cpp")?;
    for case in cases {
        case.write(Target::C, &folder)?;
    }
    fs::write(folder.join("probe.cpp"), program(cases)?)?;
    let mut compile = Command::new("g++");
    compile
        .current_dir(&folder)
        .args(STRICT)
        .args(["-std=c++17", "-fsyntax-only", "probe.cpp"]);
    run::output(&mut compile)
}

fn program(cases: &[&Case]) -> Result<String> {
    let mut program = String::new();
    for case in cases {
        // Twice, for the include guard.
        let header = format!("#include \"{}.h\"\n", case.name); // has those of imports
        program += &header;
        program += &header;
    }
    program += "#include <stdio.h>\n\
        struct line { char kind; const char *label; size_t one, other; };\n\
        #define CASE(name) {'c', name, 0, 0},\n\
        #define STRUCT(label, type) {'s', label, sizeof(type), alignof(type)},\n\
        #define MEMBER(label, type, member) \\\n    \
            {'m', label, offsetof(type, member), sizeof(((type *)0)->member)},\n\
        static const struct line lines[] = {\n";
    for case in cases {
        writeln!(program, "CASE(\"{}\")", case.name)?;
        for (s, _) in case.structs() {
            let label = expect::label(&case.layout, s);
            let ty = format!("{}_{}", expect::package(&case.layout, s.home), s.name);
            writeln!(program, "STRUCT(\"{label}\", {ty})")?;
            for member in &s.members {
                let (name, c) = match member {
                    Member::Field(field) => (field.name.as_str(), field.name.c()),
                    Member::Reserved(gap) => (gap.name.as_str(), Name::c_ident(&gap.name)),
                    Member::Pad(gap) => (gap.name.as_str(), gap.name.clone()),
                };
                writeln!(program, "MEMBER(\"{label}.{name}\", {ty}, {c})")?;
            }
        }
    }
    program += "};\n\
        int main(void) {\n    \
            for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {\n        \
                const struct line *at = &lines[i];\n        \
                if (at->kind == 'c') printf(\"== %s\\n\", at->label);\n        \
                if (at->kind == 's') printf(\"%s struct %zu %zu\\n\", at->label, at->one, at->other);\n        \
                if (at->kind == 'm') printf(\"%s %zu +%zu\\n\", at->label, at->one, at->other);\n    \
            }\n    \
            return 0;\n\
        }\n";
    Ok(program)
}
