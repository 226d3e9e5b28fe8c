//! Schemas that import each other: what comes in, under which name, and that
//! it is the same thing wherever it comes in.

use std::collections::BTreeMap;

use shm_schema::layout::{Home, Number, Type};
use shm_schema::{Code, Errors, Layout, SourceError, Sources, compile, compile_from};

/// Files by path.
struct Files(BTreeMap<&'static str, String>);

impl Sources for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        let text = self.0.get(path).ok_or(SourceError::Missing)?;
        Ok(text.clone().into_bytes())
    }
}

/// Compiles the last of the files.
fn compiled(files: &[(&'static str, &str)]) -> Result<Layout, Errors> {
    let with_head = |text: &str| format!("{{ shm: 1, {text} }}");
    let texts = files.iter().map(|(path, text)| (*path, with_head(text)));
    let files_by_path = Files(texts.collect());
    let (path, text) = files.last().unwrap();
    compile_from(path, with_head(text).as_bytes(), &files_by_path)
}

#[track_caller]
fn layout(files: &[(&'static str, &str)]) -> Layout {
    compiled(files).unwrap_or_else(|errors| panic!("{errors}"))
}

#[track_caller]
fn short(files: &[(&'static str, &str)]) -> Vec<String> {
    let errors = compiled(files).expect_err("there is something wrong");
    errors.short().lines().map(str::to_owned).collect()
}

const COMMON: &str = "package: common,
    constants: [{ name: AXES, type: u8, value: 3 }, { name: NONE, type: i32, value: -1 }],
    enums: [{ name: Frame, repr: u8, values: [{ name: World, value: 0 }] }],
    flags: [{ name: Health, repr: u16, bits: [{ name: Hot, bit: 0 }] }],
    structs: [{ name: Pose, fields: [{ name: at, type: Vec3 }, { name: frame, type: Frame }] },
              { name: Vec3, fields: [{ name: x, type: f32, dims: [AXES] }] }]";

const SHAPES: &str = "package: shapes, imports: [common.yaml],
    structs: [{ name: Block, fields: [{ name: pose, type: common.Pose },
                                      { name: health, type: common.Health }] }]";

const ROBOTS: &str = "package: robots, imports: [shapes.yaml, common.yaml],
    structs: [{ name: Robot, fields: [{ name: block, type: shapes.Block },
                                      { name: frame, type: common.Frame }] }],
    segments: [{ name: robots, kind: table, of: Robot, rows: common.AXES },
               { name: origin, kind: cell, of: common.Pose }]";

const ALL: [(&str, &str); 3] = [
    ("common.yaml", COMMON),
    ("shapes.yaml", SHAPES),
    ("robots.yaml", ROBOTS),
];

#[test]
fn a_file_that_two_import_comes_in_once() {
    let robots = layout(&ALL);
    let imports = robots.imports.iter();
    let imports: Vec<_> = imports
        .map(|i| (i.layout.path.as_str(), i.direct))
        .collect();
    assert_eq!(imports, [("common.yaml", true), ("shapes.yaml", true)]);
    let names: Vec<String> = (0..robots.structs.len())
        .map(|i| robots.type_name(Type::Struct(i)))
        .collect();
    assert_eq!(
        names,
        ["common.Vec3", "common.Pose", "shapes.Block", "Robot"]
    );
    assert_eq!(robots.type_name(Type::Enum(0)), "common.Frame");
    let files: Vec<_> = robots.paths().collect();
    assert_eq!(files, ["common.yaml", "shapes.yaml", "robots.yaml"]);

    let own: Vec<_> = robots.own_structs().map(|s| s.name.as_str()).collect();
    assert_eq!(own, ["Robot"]);
    assert_eq!(robots.structs[2].home, Home::Import(1));
    assert_eq!(robots.segments[1].of, 1);
    // The types of a type are those of this layout, not of the import's own.
    let block = &robots.structs[2];
    let types: Vec<_> = block.fields().map(|f| f.ty).collect();
    assert_eq!(types, [Type::Struct(1), Type::Flags(0)]);
}

#[test]
fn what_a_file_lists_need_not_be_in_the_order_of_need() {
    let swapped = ROBOTS.replace("[shapes.yaml, common.yaml]", "[common.yaml, shapes.yaml]");
    let swapped = layout(&[ALL[0], ALL[1], ("robots.yaml", &swapped)]);
    let robots = layout(&ALL);
    assert_eq!(swapped.structs, robots.structs);
    assert_eq!(swapped.imports, robots.imports);
}

#[test]
fn a_type_that_moves_to_another_file_keeps_its_fingerprint() {
    let alone = "package: robots,
        enums: [{ name: Frame, repr: u8, values: [{ name: World, value: 0 }] }],
        flags: [{ name: Health, repr: u16, bits: [{ name: Hot, bit: 0 }] }],
        structs: [{ name: Robot, fields: [{ name: block, type: Block }, { name: frame, type: Frame }] },
                  { name: Block, fields: [{ name: pose, type: Pose }, { name: health, type: Health }] },
                  { name: Pose, fields: [{ name: at, type: Vec3 }, { name: frame, type: Frame }] },
                  { name: Vec3, fields: [{ name: x, type: f32, dims: [3] }] }],
        segments: [{ name: robots, kind: table, of: Robot, rows: 3 }]";
    let alone = layout(&[("robots.yaml", alone)]);
    let robots = layout(&ALL);
    let robot = |layout: &Layout| layout.struct_named("Robot").unwrap().text.clone();
    assert_eq!(robot(&alone), robot(&robots));
    let parts = |layout: &Layout| {
        let text = layout.descriptor(&layout.segments[0]);
        text.split_once("record ").unwrap().1.to_owned()
    };
    assert_eq!(parts(&alone), parts(&robots));
}

#[test]
fn the_schema_text_is_of_own_types_and_tells_other_records_by_fingerprint() {
    let robots = layout(&ALL);
    let robot = robots.struct_named("Robot").unwrap().fingerprint;
    let pose = robots.structs[1].fingerprint;
    let wanted = format!(
        "shm-layout/1\nschema robots 1\nstruct Robot {robot}\n\
         segment robots table 3 of Robot\nsegment origin cell of struct:Pose:{pose}\n"
    );
    assert_eq!(robots.text, wanted);
}

#[test]
fn a_constant_of_an_import_stands_wherever_a_number_may() {
    let user = "package: user, imports: [common.yaml], version: common.AXES,
        constants: [{ name: MORE, type: i32, value: common.NONE }],
        enums: [{ name: E, repr: i8, values: [{ name: A, value: common.NONE }], reserved: [common.AXES] }],
        flags: [{ name: F, repr: u8, bits: [{ name: A, bit: common.AXES }] }],
        structs: [{ name: S, fields: [
            { name: text, type: str, len: common.AXES },
            { name: grid, type: u8, dims: [common.AXES, common.AXES] },
            { name: room, reserved: common.AXES, offset: 12 },
            { name: dock, type: i32, sentinel: common.NONE, range: [common.NONE, common.AXES], since: common.AXES }] }]";
    let user = user.replace(", offset: 12", "");
    let user = layout(&[ALL[0], ("user.yaml", &user)]);
    assert_eq!(user.version, 3);
    assert_eq!(user.constants.len(), 1, "constants of imports stay there");
    assert_eq!(user.constants[0].value, Number::Int(-1));
    let s = user.struct_named("S").unwrap();
    assert_eq!(s.field_named("grid").unwrap().dims, [3, 3]);
    assert_eq!(
        s.field_named("dock").unwrap().sentinel,
        Some(Number::Int(-1))
    );
}

#[test]
fn one_name_may_be_a_type_here_and_another_there() {
    let user = "package: user, imports: [common.yaml],
        enums: [{ name: Frame, repr: u16, values: [{ name: Chassis, value: 7 }] }],
        structs: [{ name: S, fields: [{ name: a, type: Frame }, { name: b, type: common.Frame }] }]";
    let user = layout(&[ALL[0], ("user.yaml", user)]);
    let s = user.struct_named("S").unwrap();
    assert_eq!(s.field_named("a").unwrap().size, 2);
    assert_eq!(s.field_named("b").unwrap().size, 1);
}

#[test]
fn paths_count_from_the_file_that_imports() {
    let files = [
        (
            "units.yaml",
            "package: units, constants: [{ name: K, type: u8, value: 2 }]",
        ),
        (
            "lib/inner/deep.yaml",
            "package: deep, imports: [../../units.yaml],
            constants: [{ name: K, type: u8, value: units.K }]",
        ),
        (
            "lib/top.yaml",
            "package: top, imports: [inner/deep.yaml, ./../units.yaml],
            structs: [{ name: S, fields: [{ name: x, type: u8, dims: [deep.K, units.K] }] }]",
        ),
    ];
    assert_eq!(layout(&files).structs[0].size, 4);
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_nearest() {
    let user = "package: user, imports: [common.yaml], structs: [{ name: S, fields: [
        { name: a, type: common.Vec4 }, { name: b, type: Vec3 }, { name: c, type: user.S },
        { name: d, type: u8, dims: [common.AXIS] }, { name: e, type: u8, dims: [AXES] },
        { name: f, type: common.AXES }, { name: g, type: f64.x }] }],
        segments: [{ name: t, kind: cell, of: common.Frame }, { name: u, kind: cell, of: Vec3 }]";
    let errors = compiled(&[ALL[0], ("user.yaml", user)]).unwrap_err();
    let told: Vec<(&str, &str)> = errors
        .iter()
        .map(|d| (d.message.as_str(), d.helps[0].as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "package `common` has no type `Vec4`",
                "did you mean `common.Vec3`?"
            ),
            (
                "the schema has no type `Vec3`",
                "did you mean `common.Vec3`?"
            ),
            ("`user` is this schema itself", "write `S`"),
            (
                "package `common` has no constant `AXIS`",
                "did you mean `common.AXES`?"
            ),
            (
                "the schema has no constant `AXES`",
                "did you mean `common.AXES`?"
            ),
            (
                "package `common` has no type `AXES`",
                "declare it in the schema `common`"
            ),
            (
                "no import is of package `f64`",
                "add the schema of `f64` to `imports`"
            ),
            (
                "a segment is of a struct, and `common.Frame` is an enum",
                "make it a field of a struct, and the segment of that"
            ),
            (
                "the schema has no struct `Vec3`",
                "did you mean `common.Vec3`?"
            ),
        ]
    );
}

#[test]
fn an_import_with_errors_is_told_once_and_drags_no_others_behind_it() {
    let broken = COMMON.replace("type: f32", "type: f33");
    let files = [("common.yaml", broken.as_str()), ALL[1], ALL[2]];
    let told = short(&files);
    let [only] = &told[..] else {
        panic!("{told:?}")
    };
    assert!(only.starts_with("common.yaml:6:"), "{only}");
    assert!(only.contains("error[unknown-type]"), "{only}");

    // What the importer itself does wrong is told all the same.
    let shapes = SHAPES.replace(
        "type: common.Health",
        "type: common.Health, len: 2, unti: x",
    );
    let told = short(&[files[0], ("shapes.yaml", &shapes), ALL[2]]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].starts_with("shapes.yaml:3:"), "{told:?}");
}

#[test]
fn every_file_with_errors_has_a_report_of_its_own() {
    let files = [
        (
            "a.yaml",
            "package: a, structs: [{ name: S, fields: [{ name: x, type: f33 }] }]",
        ),
        (
            "b.yaml",
            "package: b, constants: [{ name: C, type: u8, value: 300 }], imports: [a.yaml]",
        ),
        (
            "main.yaml",
            "package: main, imports: [b.yaml, a.yaml, c.yaml]",
        ),
    ];
    let errors = compiled(&files).unwrap_err();
    let reports = errors.reports().iter();
    let told: Vec<(&str, usize)> = reports.map(|r| (r.file(), r.len())).collect();
    assert_eq!(told, [("a.yaml", 1), ("b.yaml", 1), ("main.yaml", 1)]);
    assert_eq!(errors.len(), 3);
    let text = errors.to_string();
    assert!(text.contains("\n --> b.yaml:1:"), "{text}");
}

#[test]
fn a_place_in_another_file_is_named_and_not_pointed_at() {
    let files = [
        (
            "common.yaml",
            "package: common, structs: [{ name: Line, align: 64, fields: [
            { name: x, type: f64 }, { name: room, reserved: 8 }] }]",
        ),
        (
            "main.yaml",
            "package: main, imports: [common.yaml],
            structs: [{ name: P, pack: 1, fields: [{ name: l, type: common.Line }] }],
            segments: [{ name: s, kind: table, of: common.Line, rows: 2, key: x },
                       { name: t, kind: table, of: common.Line, rows: 2, key: room }]",
        ),
    ];
    let errors = compiled(&files).unwrap_err();
    let notes: Vec<_> = errors.iter().map(|d| (d.code, d.notes.join(" "))).collect();
    assert_eq!(
        notes,
        [
            (
                Code::PackHoldsAligned,
                "declared with `align`: common.yaml:1:46".to_owned()
            ),
            (
                Code::BadSegmentKey,
                "the field: common.yaml:2:21".to_owned()
            ),
            (
                Code::ReservedSegmentKey,
                "reserved here: common.yaml:2:45".to_owned()
            ),
        ]
    );
    assert!(errors.iter().all(|d| d.others.is_empty()));
}

#[test]
fn an_imported_enum_is_stored_beside_its_field_as_an_own_one_is() {
    let user = "package: user, imports: [common.yaml], structs: [{ name: S, fields: [
        { name: at, type: common.Vec3 }, { name: at_raw, type: u8 },
        { name: frame, type: common.Frame }, { name: frame_raw, type: u8 }] }]";
    let told = short(&[ALL[0], ("user.yaml", user)]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("`frame_raw` is how Python stores `frame`"),
        "{told:?}"
    );
}

#[test]
fn packages_that_differ_in_case_only_are_one_to_c_macros() {
    let files = [
        ("a.yaml", "package: geo"),
        ("b.yaml", "package: Geo"),
        ("c.yaml", "package: c, imports: [a.yaml]"),
        ("main.yaml", "package: GEO, imports: [c.yaml]"),
    ];
    let told = short(&files);
    assert!(told[0].contains("error[import-own-package]"), "{told:?}");
    let told = short(&[
        files[0],
        files[1],
        files[2],
        ("main.yaml", "package: m, imports: [b.yaml, c.yaml]"),
    ]);
    assert!(
        told[0].contains("error[import-duplicate-package]"),
        "{told:?}"
    );
    assert_eq!(told.len(), 1);
}

#[test]
fn a_warning_of_an_import_stays_with_it() {
    let waste = "package: waste, structs: [{ name: W, fields: [
        { name: a, type: u8 }, { name: b, type: u64 }, { name: c, type: u8 }] }]";
    let main = layout(&[
        ("waste.yaml", waste),
        ("main.yaml", "package: main, imports: [waste.yaml]"),
    ]);
    assert!(main.warnings.is_empty());
    assert_eq!(main.imports[0].layout.warnings.len(), 1);
}

#[test]
fn a_text_alone_has_nothing_to_import_from() {
    let errors = compile("a.yaml", b"{ shm: 1, package: a, imports: [b.yaml] }").unwrap_err();
    assert_eq!(errors.iter().next().unwrap().code, Code::ImportMissing);
    assert!(compile("a.yaml", b"{ shm: 1, package: a, imports: [] }").is_ok());
}
