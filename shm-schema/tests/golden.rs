//! The layouts of the schemas that the project ships, pinned as text that a
//! person can check. `BLESS=1 cargo test` writes them anew.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use shm_schema::Layout;
use shm_schema::layout::Member;

/// Every byte of every struct: offset, size, type, name.
fn drawn(layout: &Layout) -> String {
    let mut text = format!("schema {} {}\n", layout.package, layout.fingerprint);
    for s in &layout.structs {
        writeln!(
            text,
            "\nstruct {} size {} align {}",
            s.name, s.size, s.align
        )
        .unwrap();
        for member in &s.members {
            let (offset, size) = (member.offset(), member.size());
            let (ty, name) = match member {
                Member::Field(f) if f.dims.is_empty() => (layout.type_name(f.ty), f.name.as_str()),
                Member::Field(f) => (
                    format!("{} {:?}", layout.type_name(f.ty), f.dims),
                    f.name.as_str(),
                ),
                Member::Reserved(gap) => ("reserved".to_owned(), gap.name.as_str()),
                Member::Pad(gap) => ("padding".to_owned(), gap.name.as_str()),
            };
            writeln!(text, "{offset:>6} {size:>5}  {ty:<16} {name}").unwrap();
        }
    }
    text
}

#[test]
fn the_shipped_schemas_keep_their_layout() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for stem in ["every_type", "market", "segment_header"] {
        let source = root.join(format!("../schemas/{stem}.yaml"));
        let text = fs::read(&source).unwrap();
        let layout = shm_schema::compile(stem, &text).unwrap_or_else(|errors| panic!("{errors}"));
        let pinned = root.join(format!("tests/golden/{stem}.txt"));
        if env::var_os("BLESS").is_some() {
            fs::write(&pinned, drawn(&layout)).unwrap();
        }
        assert_eq!(
            drawn(&layout),
            fs::read_to_string(&pinned).unwrap(),
            "{stem}"
        );
    }
}

#[test]
fn a_descriptor_is_pinned_to_the_byte() {
    let text = b"{ shm: 1, package: geo, version: 2,
        enums: [{ name: Kind, repr: i8, values: [{ name: None, value: -1 }, { name: Way, value: 1 }] }],
        flags: [{ name: Bits, repr: u16, bits: [{ name: Low, bit: 0 }, { name: High, bit: 15 }] }],
        structs: [
          { name: Line, fields: [{ name: ends, type: Point, dims: [2] }, { name: kind, type: Kind }] },
          { name: Point, fields: [{ name: id, type: str, len: 3 }, { name: kind, type: Kind },
                                  { name: bits, type: Bits }, { name: room, reserved: 2 },
                                  { name: at, type: timestamp_ms }] }],
        segments: [{ name: lines, kind: table, of: Line, rows: 7, key: kind }] }";
    let layout = shm_schema::compile("geo.yaml", text).unwrap_or_else(|errors| panic!("{errors}"));
    let descriptor = layout.descriptor(&layout.segments[0]);
    let kind = layout.enums[0].fingerprint;
    let bits = layout.flags[0].fingerprint;
    let point = layout.struct_named("Point").unwrap().fingerprint;
    let line = layout.struct_named("Line").unwrap().fingerprint;
    let expected = format!(
        "\
shm-descriptor/1
schema geo 2 {}
segment lines table 7 key kind
record Line {line}

shm-layout/1
enum Kind i8
None=-1
Way=1

shm-layout/1
flags Bits u16
Low=0
High=15

shm-layout/1
struct Point 16 8
id str:3 @0 +3
kind enum:Kind:{kind} @3 +1
bits flags:Bits:{bits} @4 +2
at timestamp_ms @8 +8

shm-layout/1
struct Line 40 8
ends struct:Point:{point} [2] @0 +32
kind enum:Kind:{kind} @32 +1
",
        layout.fingerprint
    );
    assert_eq!(descriptor, expected);
}
