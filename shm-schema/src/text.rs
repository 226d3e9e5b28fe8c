//! The canonical texts, which are what fingerprints are of.
//!
//! A text holds what decides bytes and their meaning: names, types, offsets,
//! sizes, dims and values. It leaves out docs, units, comments, reserved room
//! and padding, so that none of these makes two programs strangers.

use std::collections::HashSet;
use std::fmt::Write;

use crate::fingerprint::Fingerprint;
use crate::layout::{
    EnumLayout, Field, FlagsLayout, Foreign, Home, Layout, Member, SegmentKind, SegmentLayout,
    StructLayout, Sync, Type,
};

/// First line of every canonical text: the algorithm.
const HEAD: &str = "shm-layout/1";

/// First line of a descriptor.
const DESCRIPTOR_HEAD: &str = "shm-descriptor/1";

pub(crate) fn of_enum(e: &EnumLayout) -> String {
    let mut text = format!("{HEAD}\nenum {} {}\n", e.name, e.repr.name());
    for value in &e.values {
        line(&mut text, format_args!("{}={}", value.name, value.value));
    }
    text
}

pub(crate) fn of_flags(f: &FlagsLayout) -> String {
    let mut text = format!("{HEAD}\nflags {} {}\n", f.name, f.repr.name());
    for bit in &f.bits {
        line(&mut text, format_args!("{}={}", bit.name, bit.bit));
    }
    text
}

/// The types that `s` holds must be sealed in `layout` already.
pub(crate) fn of_struct(layout: &Layout, s: &StructLayout) -> String {
    let types: Vec<String> = s.fields().map(|field| of_type(layout, field.ty)).collect();
    let lines = s.fields().zip(&types).map(|(field, element)| Line {
        name: field.name.as_str(),
        element,
        dims: &field.dims,
        offset: field.offset,
        size: field.size,
    });
    of_record(s.name.as_str(), s.size, s.align, lines)
}

/// What the text of a struct says of one field.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// In schema spelling.
    pub name: &'a str,
    /// The type of one element: `u32`, `str:16`, `enum:Side:<fingerprint>`.
    pub element: &'a str,
    /// Array dimensions, outermost first; empty for one value.
    pub dims: &'a [u64],
    /// From the start of the struct, in bytes.
    pub offset: u64,
    /// Dims included, in bytes.
    pub size: u64,
}

/// The canonical text of a struct, whether a schema has it or not; of its
/// members, those that have a meaning.
pub fn of_record<'a>(
    name: &str,
    size: u64,
    align: u64,
    lines: impl IntoIterator<Item = Line<'a>>,
) -> String {
    let mut text = format!("{HEAD}\nstruct {name} {size} {align}\n");
    for field in lines {
        let (name, element, offset, size) = (field.name, field.element, field.offset, field.size);
        let dims = of_dims(field.dims);
        line(
            &mut text,
            format_args!("{name} {element}{dims} @{offset} +{size}"),
        );
    }
    text
}

fn of_dims(dims: &[u64]) -> String {
    let dims: Vec<String> = dims.iter().map(u64::to_string).collect();
    match dims.is_empty() {
        true => String::new(),
        false => format!(" [{}]", dims.join(",")),
    }
}

fn of_type(layout: &Layout, ty: Type) -> String {
    match ty {
        Type::Enum(i) => named(
            "enum",
            layout.enums[i].name.as_str(),
            &layout.enums[i].fingerprint,
        ),
        Type::Flags(i) => named(
            "flags",
            layout.flags[i].name.as_str(),
            &layout.flags[i].fingerprint,
        ),
        Type::Struct(i) => named(
            "struct",
            layout.structs[i].name.as_str(),
            &layout.structs[i].fingerprint,
        ),
        plain => layout.type_name(plain),
    }
}

fn named(kind: &str, name: &str, fingerprint: &Fingerprint) -> String {
    format!("{kind}:{name}:{fingerprint}")
}

pub(crate) fn of_schema(layout: &Layout) -> String {
    let mut text = format!("{HEAD}\nschema {} {}\n", layout.package, layout.version);
    for e in layout.own_enums() {
        line(&mut text, format_args!("enum {} {}", e.name, e.fingerprint));
    }
    for f in layout.own_flags() {
        line(
            &mut text,
            format_args!("flags {} {}", f.name, f.fingerprint),
        );
    }
    for s in layout.own_structs() {
        line(
            &mut text,
            format_args!("struct {} {}", s.name, s.fingerprint),
        );
    }
    for segment in &layout.segments {
        let record = &layout.structs[segment.of];
        let record = match record.home {
            Home::Own => record.name.to_string(),
            // Its fingerprint stands nowhere else in this text.
            Home::Import(_) => of_type(layout, Type::Struct(segment.of)),
        };
        let shape = of_segment(layout, segment);
        line(&mut text, format_args!("{shape} of {record}"));
    }
    text
}

fn of_segment(layout: &Layout, segment: &SegmentLayout) -> String {
    let shape = of_kind(layout, segment);
    match &segment.foreign {
        None => shape,
        Some(foreign) => shape + &of_foreign(layout, segment, foreign),
    }
}

/// Without the place: it may be another one on each machine, and programs
/// that look in two places still agree on what they find.
fn of_foreign(layout: &Layout, segment: &SegmentLayout, foreign: &Foreign) -> String {
    let (at, stride) = (foreign.at, foreign.stride);
    format!(
        " foreign @{at} stride {stride} sync {}",
        layout.sync_text(segment)
    )
}

fn of_kind(layout: &Layout, segment: &SegmentLayout) -> String {
    match segment.kind {
        SegmentKind::Cell => format!("segment {} cell", segment.name),
        SegmentKind::Table { rows, .. } => {
            let mut text = format!("segment {} table {rows}", segment.name);
            if let Some(key) = layout.key_of(segment) {
                text += &format!(" key {}", key.name);
            }
            text
        }
    }
}

impl Layout {
    /// The field that finds a row of `segment`, if it is a keyed table.
    pub fn key_of(&self, segment: &SegmentLayout) -> Option<&Field> {
        match segment.kind {
            SegmentKind::Table { key: Some(key), .. } => {
                self.structs[segment.of].members.get(key)?.as_field()
            }
            SegmentKind::Table { key: None, .. } | SegmentKind::Cell => None,
        }
    }

    /// What the schema calls a member of a segment's record, such as a field of
    /// its `sync`.
    pub fn member_name(&self, segment: &SegmentLayout, member: usize) -> &str {
        match self.structs[segment.of].members.get(member) {
            Some(Member::Field(field)) => field.name.as_str(),
            Some(Member::Reserved(gap) | Member::Pad(gap)) => &gap.name,
            None => "",
        }
    }

    /// How a foreign segment is synchronised, in one line: `none`,
    /// `odd-while-writing count`, `unchanged count valid ready`,
    /// `pair begin end`. Empty for a segment of ours.
    pub fn sync_text(&self, segment: &SegmentLayout) -> String {
        let Some(foreign) = &segment.foreign else {
            return String::new();
        };
        let name = |member: usize| self.member_name(segment, member);
        match foreign.sync {
            Sync::None => "none".to_owned(),
            Sync::OddWhileWriting { counter } => format!("odd-while-writing {}", name(counter)),
            Sync::Unchanged { counter, valid } => {
                format!("unchanged {} valid {}", name(counter), name(valid))
            }
            Sync::Pair { begin, end } => format!("pair {} {}", name(begin), name(end)),
        }
    }

    /// What a segment says of itself: its schema, its shape and the own text
    /// of every type in its record, so that a program of another layout can
    /// say which fields moved.
    pub fn descriptor(&self, segment: &SegmentLayout) -> String {
        let record = &self.structs[segment.of];
        let mut text = format!("{DESCRIPTOR_HEAD}\n");
        let (package, version) = (&self.package, self.version);
        let fingerprint = self.fingerprint;
        line(
            &mut text,
            format_args!("schema {package} {version} {fingerprint}"),
        );
        line(&mut text, format_args!("{}", of_segment(self, segment)));
        line(
            &mut text,
            format_args!("record {} {}", record.name, record.fingerprint),
        );
        for part in self.parts(segment.of) {
            text.push('\n');
            text += self.own_text(part);
        }
        text
    }

    /// The named types in a record, each once, each after those it holds:
    /// depth first in declared order, the record last.
    fn parts(&self, record: usize) -> Vec<Type> {
        let mut parts = Vec::new();
        let mut seen = HashSet::new();
        let mut stack = vec![(Type::Struct(record), self.held_by(Type::Struct(record)))];
        while let Some((ty, held)) = stack.last_mut() {
            match held.pop() {
                Some(next) if !seen.insert(next) => {}
                Some(next) => stack.push((next, self.held_by(next))),
                None => {
                    parts.push(*ty);
                    stack.pop();
                }
            }
        }
        parts
    }

    /// The named types of a struct's fields, last first.
    fn held_by(&self, ty: Type) -> Vec<Type> {
        let Type::Struct(i) = ty else {
            return Vec::new();
        };
        let named = |ty: &Type| matches!(ty, Type::Enum(_) | Type::Flags(_) | Type::Struct(_));
        let mut held: Vec<Type> = self.structs[i]
            .fields()
            .map(|f| f.ty)
            .filter(named)
            .collect();
        held.reverse();
        held
    }

    fn own_text(&self, ty: Type) -> &str {
        match ty {
            Type::Enum(i) => &self.enums[i].text,
            Type::Flags(i) => &self.flags[i].text,
            Type::Struct(i) => &self.structs[i].text,
            _ => "",
        }
    }
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing into a `String` cannot fail.
    let _ = writeln!(text, "{arguments}");
}
