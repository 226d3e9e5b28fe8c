//! Random steps of a schema: a record, a struct and an enum that it may hold,
//! and things that somebody does to them.

use std::fmt;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Types that a field may have; the struct `In` and the enum `E` have more
/// chances than their share.
const TYPES: &[&str] = &[
    "u8", "i8", "u16", "u32", "f32", "u64", "f64", "bool", "E", "E", "In", "In",
];

/// Versions that something came with: none said, one that was there always,
/// or one above the old schema's.
const SINCE: &[u32] = &[0, 1, 2, 3, 3, 3, 4, 4];

#[derive(Debug, Clone)]
pub(super) struct Schema {
    package: &'static str,
    version: u32,
    repr: &'static str,
    /// Names and numbers.
    values: Vec<(String, u8)>,
    inner: Vec<Part>,
    record: Vec<Part>,
    /// Of the struct `In`; 0 for what its fields come to.
    size: u64,
}

#[derive(Debug, Clone)]
enum Part {
    Field {
        name: String,
        ty: &'static str,
        count: u64,
        since: u32,
    },
    Reserved(u64),
}

#[derive(Debug, Clone)]
enum Edit {
    Remove(Index),
    Rename(Index),
    Retype(Index, &'static str),
    Count(Index, u64),
    Swap(Index, Index),
    Insert(Index, &'static str, u32),
    Append(&'static str, u32),
    /// Puts a field into reserved room and leaves the rest of it.
    Fill(Index, &'static str, u32),
}

#[derive(Debug, Clone)]
enum Revalue {
    Add(u8),
    Remove(Index),
    Rename(Index),
    Renumber(Index, u8),
    Repr,
}

/// An old schema and a new one.
pub(super) fn step() -> impl Strategy<Value = (Schema, Schema)> {
    let values = prop::collection::vec(0..9_u8, 1..4);
    let old = (
        values,
        parts(false, 5),
        parts(true, 7),
        select(&[0, 0, 32, 48][..]),
    );
    let edits = (
        prop::collection::vec(revalue(), 0..2),
        prop::collection::vec(edit(false), 0..3),
        prop::collection::vec(edit(true), 0..3),
        2..5_u32,
        prop::bool::weighted(0.1),
    );
    (old, edits).prop_map(|((values, inner, record, size), edits)| {
        let values = values.into_iter().enumerate();
        let old = Schema {
            package: "p",
            version: 2,
            repr: "u8",
            values: values
                .map(|(i, number)| (format!("V{i}"), number))
                .collect(),
            inner,
            record,
            size,
        };
        let (revalues, inner, record, version, is_renamed) = edits;
        let mut new = old.clone();
        new.version = version;
        if is_renamed {
            new.package = "q";
        }
        for (i, revalue) in revalues.iter().enumerate() {
            new.revalue(i, revalue);
        }
        edit_all(&mut new.inner, &inner);
        edit_all(&mut new.record, &record);
        (old, new)
    })
}

fn parts(is_record: bool, most: usize) -> impl Strategy<Value = Vec<Part>> {
    let part = prop_oneof![
        5 => (types(is_record), select(&[1, 1, 3][..]), select(&[0, 0, 1, 2][..]))
            .prop_map(|(ty, count, since)| Part::Field { name: String::new(), ty, count, since }),
        2 => (1..20_u64).prop_map(Part::Reserved),
    ];
    prop::collection::vec(part, 1..most).prop_map(|mut parts| {
        for (i, part) in parts.iter_mut().enumerate() {
            if let Part::Field { name, .. } = part {
                *name = format!("f{i}");
            }
        }
        parts
    })
}

/// The inner struct does not hold itself.
fn types(is_record: bool) -> impl Strategy<Value = &'static str> {
    select(&TYPES[..TYPES.len() - if is_record { 0 } else { 2 }])
}

fn edit(is_record: bool) -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let new = move || (at(), types(is_record), select(SINCE));
    prop_oneof![
        1 => at().prop_map(Edit::Remove),
        1 => at().prop_map(Edit::Rename),
        1 => (at(), types(is_record)).prop_map(|(at, ty)| Edit::Retype(at, ty)),
        1 => (at(), 1..4_u64).prop_map(|(at, count)| Edit::Count(at, count)),
        1 => (at(), at()).prop_map(|(a, b)| Edit::Swap(a, b)),
        1 => new().prop_map(|(at, ty, since)| Edit::Insert(at, ty, since)),
        4 => new().prop_map(|(_, ty, since)| Edit::Append(ty, since)),
        6 => new().prop_map(|(at, ty, since)| Edit::Fill(at, ty, since)),
    ]
}

fn revalue() -> impl Strategy<Value = Revalue> {
    let at = any::<Index>;
    prop_oneof![
        4 => (0..12_u8).prop_map(Revalue::Add),
        1 => at().prop_map(Revalue::Remove),
        1 => at().prop_map(Revalue::Rename),
        1 => (at(), 0..12_u8).prop_map(|(at, number)| Revalue::Renumber(at, number)),
        1 => Just(Revalue::Repr),
    ]
}

fn edit_all(parts: &mut Vec<Part>, edits: &[Edit]) {
    for (i, edit) in edits.iter().enumerate() {
        let new = |ty, since| Part::Field {
            name: format!("new{i}"),
            ty,
            count: 1,
            since,
        };
        if parts.is_empty() {
            return;
        }
        let count = parts.len();
        match *edit {
            Edit::Remove(at) => {
                parts.remove(at.index(count));
            }
            Edit::Rename(at) => {
                if let Part::Field { name, .. } = &mut parts[at.index(count)] {
                    *name = format!("renamed{i}");
                }
            }
            Edit::Retype(at, to) => {
                if let Part::Field { ty, .. } = &mut parts[at.index(count)] {
                    *ty = to;
                }
            }
            Edit::Count(at, to) => {
                if let Part::Field { count, .. } = &mut parts[at.index(count)] {
                    *count = to;
                }
            }
            Edit::Swap(a, b) => parts.swap(a.index(count), b.index(count)),
            Edit::Insert(at, ty, since) => parts.insert(at.index(count + 1), new(ty, since)),
            Edit::Append(ty, since) => parts.push(new(ty, since)),
            Edit::Fill(at, ty, since) => {
                let size = match ty {
                    "u8" | "i8" | "bool" | "E" => 1,
                    "u16" => 2,
                    "u32" | "f32" => 4,
                    _ => 8,
                };
                let rooms = parts.iter().enumerate();
                let rooms: Vec<(usize, u64)> = rooms
                    .filter_map(|(i, part)| match part {
                        Part::Reserved(room) if *room > size => Some((i, *room)),
                        _ => None,
                    })
                    .collect();
                if !rooms.is_empty() {
                    let (at, room) = rooms[at.index(rooms.len())];
                    parts[at] = Part::Reserved(room - size);
                    parts.insert(at, new(ty, since));
                }
            }
        }
    }
}

impl Schema {
    fn revalue(&mut self, i: usize, revalue: &Revalue) {
        let count = self.values.len();
        match *revalue {
            Revalue::Add(number) => self.values.push((format!("New{i}"), number)),
            _ if count == 0 => {}
            Revalue::Remove(at) => {
                self.values.remove(at.index(count));
            }
            Revalue::Rename(at) => self.values[at.index(count)].0 = format!("Renamed{i}"),
            Revalue::Renumber(at, number) => self.values[at.index(count)].1 = number,
            Revalue::Repr => self.repr = "u16",
        }
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            package,
            version,
            repr,
            ..
        } = self;
        writeln!(f, "shm: 1\npackage: {package}\nversion: {version}")?;
        writeln!(f, "enums:\n  - name: E\n    repr: {repr}\n    values:")?;
        for (name, number) in &self.values {
            writeln!(f, "      - {{ name: {name}, value: {number} }}")?;
        }
        writeln!(f, "structs:\n  - name: In")?;
        if self.size > 0 {
            writeln!(f, "    size: {}", self.size)?;
        }
        fields(f, &self.inner)?;
        writeln!(f, "  - name: S")?;
        fields(f, &self.record)?;
        writeln!(f, "segments:\n  - {{ name: s, kind: cell, of: S }}")
    }
}

fn fields(f: &mut fmt::Formatter<'_>, parts: &[Part]) -> fmt::Result {
    writeln!(f, "    fields:")?;
    for (i, part) in parts.iter().enumerate() {
        match part {
            Part::Reserved(room) => {
                writeln!(f, "      - {{ name: room{i}, reserved: {room} }}")?;
            }
            Part::Field {
                name,
                ty,
                count,
                since,
            } => {
                write!(f, "      - {{ name: {name}, type: {ty}")?;
                if *count > 1 {
                    write!(f, ", dims: [{count}]")?;
                }
                if *since > 0 {
                    write!(f, ", since: {since}")?;
                }
                writeln!(f, " }}")?;
            }
        }
    }
    Ok(())
}
