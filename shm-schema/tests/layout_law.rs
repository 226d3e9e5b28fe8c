//! The layout law by example: each line is a struct and what must become of
//! its bytes.

use shm_schema::layout::Member;
use shm_schema::{Layout, compile};

fn layout(structs: &str) -> Layout {
    let text = format!(
        "{{ shm: 1, package: p, constants: [{{ name: N, type: u32, value: 4 }}], {structs} }}"
    );
    compile("law.yaml", text.as_bytes()).unwrap_or_else(|errors| panic!("{errors}"))
}

/// `size/align: name@offset+size ...` of the last struct.
fn drawn(structs: &str) -> String {
    let layout = layout(&format!("structs: [{structs}]"));
    let s = layout.structs.last().unwrap();
    let members = s.members.iter().map(|member| {
        let name = match member {
            Member::Field(field) => field.name.as_str(),
            Member::Reserved(gap) | Member::Pad(gap) => gap.name.as_str(),
        };
        format!(" {name}@{}+{}", member.offset(), member.size())
    });
    format!("{}/{}:{}", s.size, s.align, members.collect::<String>())
}

#[test]
fn padding_is_where_c_puts_it() {
    for (fields, expected) in [
        ("{ name: a, type: u8 }", "1/1: a@0+1"),
        (
            "{ name: a, type: u8 }, { name: b, type: u32 }",
            "8/4: a@0+1 _pad0@1+3 b@4+4",
        ),
        (
            "{ name: a, type: u32 }, { name: b, type: u8 }",
            "8/4: a@0+4 b@4+1 _pad0@5+3",
        ),
        (
            "{ name: a, type: u8 }, { name: b, type: f64 }, { name: c, type: u16 }",
            "24/8: a@0+1 _pad0@1+7 b@8+8 c@16+2 _pad1@18+6",
        ),
        (
            "{ name: a, type: str, len: 3 }, { name: b, type: bool }",
            "4/1: a@0+3 b@3+1",
        ),
        (
            "{ name: a, type: u8 }, { name: b, type: utf16, len: 3 }",
            "8/2: a@0+1 _pad0@1+1 b@2+6",
        ),
        (
            "{ name: a, type: bool }, { name: b, type: duration_ms }",
            "16/8: a@0+1 _pad0@1+7 b@8+8",
        ),
        ("{ name: a, type: u16, dims: [3, N, 1, 2] }", "48/2: a@0+48"),
        (
            "{ name: a, type: u8 }, { name: room, reserved: N }, { name: b, type: u32 }",
            "12/4: a@0+1 room@1+4 _pad0@5+3 b@8+4",
        ),
    ] {
        assert_eq!(
            drawn(&format!("{{ name: S, fields: [{fields}] }}")),
            expected,
            "{fields}"
        );
    }
}

#[test]
fn keys_of_a_struct_change_its_size_and_alignment() {
    let fields = "fields: [{ name: a, type: u8 }, { name: b, type: u64 }]";
    for (keys, expected) in [
        ("", "16/8: a@0+1 _pad0@1+7 b@8+8"),
        ("align: 8,", "16/8: a@0+1 _pad0@1+7 b@8+8"),
        ("align: 64,", "64/64: a@0+1 _pad0@1+7 b@8+8 _pad1@16+48"),
        ("size: 24,", "24/8: a@0+1 _pad0@1+7 b@8+8 _pad1@16+8"),
        (
            "align: 32, size: 96,",
            "96/32: a@0+1 _pad0@1+7 b@8+8 _pad1@16+80",
        ),
        ("pack: 1,", "9/1: a@0+1 b@1+8"),
        ("pack: 2,", "10/2: a@0+1 _pad0@1+1 b@2+8"),
        ("pack: N,", "12/4: a@0+1 _pad0@1+3 b@4+8"),
        ("pack: 8,", "16/8: a@0+1 _pad0@1+7 b@8+8"),
        ("pack: 1, size: 10,", "10/1: a@0+1 b@1+8 _pad0@9+1"),
    ] {
        assert_eq!(
            drawn(&format!("{{ name: S, {keys} {fields} }}")),
            expected,
            "{keys}"
        );
    }
}

#[test]
fn nested_structs_bring_their_alignment_and_tail() {
    let inner = "{ name: I, fields: [{ name: a, type: u32 }, { name: b, type: u8 }] }";
    let line = "{ name: L, align: 64, fields: [{ name: a, type: u8 }] }";
    for (structs, expected) in [
        (
            format!(
                "{inner}, {{ name: S, fields: [{{ name: a, type: u8 }}, {{ name: i, type: I }}, {{ name: z, type: u8 }}] }}"
            ),
            "16/4: a@0+1 _pad0@1+3 i@4+8 z@12+1 _pad1@13+3",
        ),
        (
            format!(
                "{inner}, {{ name: S, pack: 2, fields: [{{ name: a, type: u8 }}, {{ name: i, type: I, dims: [2] }}] }}"
            ),
            "18/2: a@0+1 _pad0@1+1 i@2+16",
        ),
        (
            format!(
                "{line}, {{ name: S, fields: [{{ name: a, type: u8 }}, {{ name: l, type: L }}] }}"
            ),
            "128/64: a@0+1 _pad0@1+63 l@64+64",
        ),
        (
            // Declared after it is used.
            format!("{{ name: S, fields: [{{ name: i, type: I }}] }}, {inner}"),
            "8/4: i@0+8",
        ),
    ] {
        assert_eq!(drawn(&structs), expected, "{structs}");
    }
}

#[test]
fn structs_come_after_what_they_hold_and_otherwise_as_declared() {
    let of = |ty: &str| format!("fields: [{{ name: x, type: {ty} }}]");
    let layout = layout(&format!(
        "structs: [{{ name: A, {} }}, {{ name: B, {} }}, {{ name: C, {} }}, {{ name: D, {} }}]",
        of("C"),
        of("u8"),
        of("B"),
        of("u8")
    ));
    let names: Vec<&str> = layout.structs.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["B", "C", "A", "D"]);
}

#[test]
fn constants_stand_wherever_a_number_does() {
    let text = b"{ shm: 1, package: p, version: TWO,
        constants: [{ name: TWO, type: u8, value: ONE_MORE }, { name: ONE_MORE, type: u8, value: 2 },
                    { name: LINE, type: u32, value: 64 }, { name: TICK, type: f64, value: 0.01 },
                    { name: THIRD, type: f32, value: 0.1 }],
        enums: [{ name: E, repr: u8, values: [{ name: A, value: TWO }], reserved: [LINE] }],
        flags: [{ name: F, repr: u8, bits: [{ name: A, bit: TWO }] }],
        structs: [{ name: S, align: LINE, size: LINE, fields: [
            { name: a, type: u8, dims: [TWO, TWO], offset: 0, since: TWO, range: [0, LINE], sentinel: LINE },
            { name: b, type: str, len: TWO }, { name: c, reserved: TWO },
            { name: d, type: i64, scale: TICK }] }],
        segments: [{ name: s, kind: table, of: S, rows: LINE }] }";
    let layout = compile("constants.yaml", text).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(layout.version, 2);
    assert_eq!(layout.enums[0].values[0].value, 2);
    assert_eq!(layout.enums[0].reserved, [64]);
    assert_eq!(layout.flags[0].bits[0].bit, 2);
    let s = &layout.structs[0];
    assert_eq!((s.size, s.align), (64, 64));
    assert_eq!(s.field_named("a").unwrap().dims, [2, 2]);
    let scale = s.field_named("d").unwrap().scale.clone().unwrap();
    assert_eq!((scale.text.as_str(), scale.value), ("0.01", 0.01));
}

#[test]
fn docs_and_units_do_not_change_a_fingerprint_but_names_and_places_do() {
    let fingerprint = |fields: &str| {
        let layout = layout(&format!(
            "structs: [{{ name: S, size: 64, fields: [{fields}] }}]"
        ));
        layout.fingerprint
    };
    let plain = fingerprint("{ name: a, type: u32 }");
    for same in [
        "{ name: a, type: u32, doc: Words., unit: USD, range: [0, 1], sentinel: 7 }",
        "{ name: a, type: u32, scale: 0.1, since: 1, deprecated: yes, offset: 0 }",
        "{ name: a, type: u32 }, { name: room, reserved: 8 }",
    ] {
        assert_eq!(fingerprint(same), plain, "{same}");
    }
    for other in [
        "{ name: b, type: u32 }",
        "{ name: a, type: i32 }",
        "{ name: a, type: u32, dims: [1] }",
        "{ name: room, reserved: 4 }, { name: a, type: u32 }",
        "{ name: a, type: u32 }, { name: b, type: u8 }",
    ] {
        assert_ne!(fingerprint(other), plain, "{other}");
    }
}
