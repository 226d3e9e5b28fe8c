//! The verdict on a struct, held against what its bytes say one by one.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use shm_schema::evolution::{Verdict, compare};
use shm_schema::layout::{Member, StructLayout};
use shm_schema::{Code, Layout, compile};

const TYPES: &[&str] = &[
    "u8",
    "i8",
    "u16",
    "u32",
    "f32",
    "u64",
    "f64",
    "timestamp_ns",
];

/// What a struct is written from.
#[derive(Debug, Clone)]
enum Part {
    Field { name: String, ty: &'static str },
    Reserved(u64),
}

/// One thing that somebody does to a struct.
#[derive(Debug, Clone)]
enum Edit {
    Remove(Index),
    Rename(Index),
    Retype(Index, &'static str),
    Swap(Index, Index),
    Insert(Index, &'static str),
    /// Puts a field into reserved room and leaves the rest of it.
    Fill(Index, &'static str),
}

fn part(i: usize) -> impl Strategy<Value = Part> {
    prop_oneof![
        4 => select(TYPES).prop_map(move |ty| Part::Field { name: format!("f{i}"), ty }),
        1 => (1..12_u64).prop_map(Part::Reserved),
    ]
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    (1..8_usize).prop_flat_map(|n| (0..n).map(part).collect::<Vec<_>>())
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let typed = || (at(), select(TYPES));
    prop_oneof![
        1 => at().prop_map(Edit::Remove),
        1 => at().prop_map(Edit::Rename),
        1 => typed().prop_map(|(at, ty)| Edit::Retype(at, ty)),
        1 => (at(), at()).prop_map(|(a, b)| Edit::Swap(a, b)),
        1 => typed().prop_map(|(at, ty)| Edit::Insert(at, ty)),
        3 => typed().prop_map(|(at, ty)| Edit::Fill(at, ty)),
    ]
}

fn edited(mut parts: Vec<Part>, edits: &[Edit]) -> Vec<Part> {
    for (i, edit) in edits.iter().enumerate() {
        let new = |ty| Part::Field {
            name: format!("new{i}"),
            ty,
        };
        match edit {
            _ if parts.is_empty() => {}
            Edit::Remove(at) => {
                let at = at.index(parts.len());
                parts.remove(at);
            }
            Edit::Rename(at) => {
                let at = at.index(parts.len());
                // A new field keeps the name by which it gets its `since`.
                if let Part::Field { name, .. } = &mut parts[at]
                    && name.starts_with('f')
                {
                    *name = format!("renamed{i}");
                }
            }
            Edit::Retype(at, to) => {
                let at = at.index(parts.len());
                if let Part::Field { ty, .. } = &mut parts[at] {
                    *ty = to;
                }
            }
            Edit::Swap(a, b) => {
                let (a, b) = (a.index(parts.len()), b.index(parts.len()));
                parts.swap(a, b);
            }
            Edit::Insert(at, ty) => {
                let at = at.index(parts.len() + 1);
                parts.insert(at, new(ty));
            }
            Edit::Fill(at, ty) => {
                let at = at.index(parts.len());
                let size: u64 = match *ty {
                    "u8" | "i8" => 1,
                    "u16" => 2,
                    "u32" | "f32" => 4,
                    _ => 8,
                };
                if let Part::Reserved(room) = parts[at]
                    && room > size
                {
                    parts[at] = Part::Reserved(room - size);
                    parts.insert(at, new(ty));
                }
            }
        }
    }
    parts
}

/// `None` when the parts make no struct.
fn layout(version: u32, size: u64, parts: &[Part]) -> Option<Layout> {
    let lines = parts.iter().enumerate().map(|(i, part)| match part {
        Part::Field { name, ty } if version > 1 && name.starts_with("new") => {
            format!("      - {{ name: {name}, type: {ty}, since: {version} }}\n")
        }
        Part::Field { name, ty } => format!("      - {{ name: {name}, type: {ty} }}\n"),
        Part::Reserved(room) => format!("      - {{ name: room{i}, reserved: {room} }}\n"),
    });
    let fields: String = lines.collect();
    let size = match size {
        0 => String::new(),
        size => format!("    size: {size}\n"),
    };
    let head = format!("shm: 1\npackage: p\nversion: {version}\nstructs:\n  - name: S\n{size}");
    compile("s.yaml", format!("{head}    fields:\n{fields}").as_bytes()).ok()
}

/// What each byte of a struct is.
#[derive(Debug, Clone, PartialEq)]
enum Byte<'a> {
    /// Of a field: its name, its type, and which of its bytes.
    Of(&'a str, String, u64),
    /// Kept free, or behind everything.
    Free,
    Padding,
}

fn bytes<'a>(layout: &'a Layout, s: &'a StructLayout) -> Vec<Byte<'a>> {
    let mut bytes = Vec::new();
    for (i, member) in s.members.iter().enumerate() {
        for n in 0..member.size() {
            bytes.push(match member {
                Member::Field(f) => Byte::Of(f.name.as_str(), layout.type_name(f.ty), n),
                Member::Reserved(_) => Byte::Free,
                Member::Pad(_) if i + 1 == s.members.len() => Byte::Free,
                Member::Pad(_) => Byte::Padding,
            });
        }
    }
    bytes
}

/// Whether each byte that meant something means it still. Where the old struct
/// had no field, and behind its end, a new one may lie: a reader never takes
/// for a field what its writer did not know.
fn is_kept(old: &Layout, new: &Layout) -> bool {
    let (before, after) = (bytes(old, &old.structs[0]), bytes(new, &new.structs[0]));
    let mut before = before.iter().enumerate();
    before.all(|(at, byte)| !matches!(byte, Byte::Of(..)) || after.get(at) == Some(byte))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_struct_is_broken_exactly_when_a_byte_is(
        parts in parts(),
        edits in prop::collection::vec(edit(), 0..4),
        size in select(&[0_u64, 64, 128][..]),
    ) {
        let Some(old) = layout(1, size, &parts) else { return Ok(()) };
        let Some(new) = layout(2, size, &edited(parts, &edits)) else { return Ok(()) };
        let evolution = compare(&old, &new);
        let broken = evolution.verdicts[0].verdict == Some(Verdict::Breaking);
        prop_assert_eq!(broken, !is_kept(&old, &new), "{:?}", evolution.findings);
        let same = old.structs[0].fingerprint == new.structs[0].fingerprint;
        prop_assert_eq!(same, evolution.verdicts[0].verdict == Some(Verdict::Compatible));
        let findings = evolution.findings.iter();
        let serious = findings.filter(|f| f.diagnostic.code != Code::FieldInPadding);
        prop_assert_eq!(broken, serious.count() > 0, "{:?}", evolution.findings);
    }
}
