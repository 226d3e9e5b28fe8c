//! The layout as JSON, for programs.
//!
//! The shape is kept: keys are added, never renamed or removed, within one
//! value of `shm_layout`. A whole number of the schema is a JSON number; a
//! floating-point one is too, unless it is `"nan"`, `"inf"` or `"-inf"`. What a
//! schema does not say is `null`.
//!
//! `enums` and `flags` hold those of imports too, each with its `package`; a
//! field's `type` names an imported one as the schema does, `common.Vec3`.
//! `bytes` says what a struct's bytes are there for, `without_holes` the order
//! of members that saves the holes, and is `null` when there are none.

use serde::Serialize;
use serde_json::{Value, json as value};
use shm_schema::Name;
use shm_schema::layout::{
    Constant, EnumLayout, Field, FlagsLayout, Foreign, Gap, Home, Import, Layout, Member, Number,
    Place, SegmentKind, SegmentLayout, StructLayout, Sync, Type,
};

use super::room::{Remedy, Room};
use crate::{stamp, words};

/// Version of the shape below.
const SHAPE: u32 = 1;

/// The schema with the given structs, indented, ending in a newline.
pub fn json(layout: &Layout, structs: &[&StructLayout]) -> String {
    let document = Document {
        shm_layout: SHAPE,
        file: stamp::file_name(&layout.file),
        package: layout.package.as_str(),
        version: layout.version,
        fingerprint: layout.fingerprint.to_string(),
        doc: layout.doc.as_deref(),
        imports: layout.imports.iter().map(import).collect(),
        constants: layout.constants.iter().map(constant).collect(),
        enums: layout
            .enums
            .iter()
            .map(|e| enumeration(layout, e))
            .collect(),
        flags: layout.flags.iter().map(|f| flags(layout, f)).collect(),
        structs: structs.iter().map(|s| record(layout, s)).collect(),
        segments: layout.segments.iter().map(|s| segment(layout, s)).collect(),
    };
    // Only a map with keys that are not strings could fail, and there is none.
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    shm_layout: u32,
    file: String,
    package: &'a str,
    version: u32,
    fingerprint: String,
    doc: Option<&'a str>,
    imports: Vec<Value>,
    constants: Vec<Value>,
    enums: Vec<Value>,
    flags: Vec<Value>,
    structs: Vec<Record<'a>>,
    segments: Vec<Value>,
}

#[derive(Serialize)]
struct Record<'a> {
    name: &'a str,
    package: &'a str,
    size: u64,
    align: u64,
    pack: Option<u64>,
    fingerprint: String,
    doc: Option<&'a str>,
    bytes: Value,
    without_holes: Option<Value>,
    members: Vec<MemberView<'a>>,
}

/// `kind` is `field`, `reserved` or `padding`; only a field has the rest.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum MemberView<'a> {
    Field(Box<FieldView<'a>>),
    Reserved(GapView<'a>),
    Padding(GapView<'a>),
}

#[derive(Serialize)]
struct FieldView<'a> {
    name: &'a str,
    offset: u64,
    size: u64,
    #[serde(rename = "type")]
    ty: String,
    dims: &'a [u64],
    element_size: u64,
    align: u64,
    unit: Option<&'a str>,
    range: Option<[Value; 2]>,
    sentinel: Option<Value>,
    scale: Option<&'a str>,
    since: Option<u32>,
    deprecated: Option<&'a str>,
    doc: Option<&'a str>,
    names: Value,
}

#[derive(Serialize)]
struct GapView<'a> {
    name: &'a str,
    offset: u64,
    size: u64,
    doc: Option<&'a str>,
}

fn import(import: &Import) -> Value {
    let layout = &import.layout;
    value!({
        "file": stamp::file_name(&layout.file),
        "package": layout.package.as_str(),
        "version": layout.version,
        "fingerprint": layout.fingerprint.to_string(),
        "direct": import.direct,
    })
}

fn constant(constant: &Constant) -> Value {
    value!({
        "name": constant.name.as_str(),
        "type": constant.ty.name(),
        "value": number(constant.value),
        "doc": constant.doc,
    })
}

fn enumeration(schema: &Layout, layout: &EnumLayout) -> Value {
    let values = layout.values.iter().map(|v| {
        value!({ "name": v.name.as_str(), "value": number(Number::Int(v.value)), "doc": v.doc })
    });
    let reserved = layout.reserved.iter().map(|v| number(Number::Int(*v)));
    value!({
        "name": layout.name.as_str(),
        "package": package(schema, layout.home),
        "repr": layout.repr.name(),
        "fingerprint": layout.fingerprint.to_string(),
        "doc": layout.doc,
        "values": values.collect::<Vec<_>>(),
        "reserved": reserved.collect::<Vec<_>>(),
    })
}

fn flags(schema: &Layout, layout: &FlagsLayout) -> Value {
    let bits = layout
        .bits
        .iter()
        .map(|b| value!({ "name": b.name.as_str(), "bit": b.bit, "doc": b.doc }));
    value!({
        "name": layout.name.as_str(),
        "package": package(schema, layout.home),
        "repr": layout.repr.name(),
        "fingerprint": layout.fingerprint.to_string(),
        "doc": layout.doc,
        "bits": bits.collect::<Vec<_>>(),
    })
}

fn record<'a>(layout: &'a Layout, record: &'a StructLayout) -> Record<'a> {
    let member = |member: &'a Member| match member {
        Member::Field(f) => MemberView::Field(Box::new(field(layout, f))),
        Member::Reserved(gap) => MemberView::Reserved(gap_view(gap)),
        Member::Pad(gap) => MemberView::Padding(gap_view(gap)),
    };
    Record {
        name: record.name.as_str(),
        package: package(layout, record.home),
        size: record.size,
        align: record.align,
        pack: record.pack,
        fingerprint: record.fingerprint.to_string(),
        doc: record.doc.as_deref(),
        bytes: bytes(record),
        without_holes: Remedy::of(record).map(without_holes),
        members: record.members.iter().map(member).collect(),
    }
}

fn field<'a>(layout: &Layout, field: &'a Field) -> FieldView<'a> {
    FieldView {
        name: field.name.as_str(),
        offset: field.offset,
        size: field.size,
        ty: layout.type_name(field.ty),
        dims: &field.dims,
        element_size: field.element_size,
        align: field.align,
        unit: field.unit.as_deref(),
        range: field.range.map(|(low, high)| [number(low), number(high)]),
        sentinel: field.sentinel.map(number),
        scale: field.scale.as_ref().map(|s| s.text.as_str()),
        since: field.since,
        deprecated: field.deprecated.as_deref(),
        doc: field.doc.as_deref(),
        names: names(&field.name),
    }
}

/// What the struct's bytes are there for.
fn bytes(record: &StructLayout) -> Value {
    let room = Room::of(record);
    value!({
        "fields": room.fields,
        "reserved": room.reserved,
        "holes": room.holes,
        "tail": room.tail,
    })
}

/// The order of members that has no holes, and the size that it comes to.
fn without_holes(remedy: Remedy<'_>) -> Value {
    value!({ "order": remedy.order, "size": remedy.then })
}

/// The schema that a type comes from.
fn package(layout: &Layout, home: Home) -> &str {
    layout.package_of(home).unwrap_or(&layout.package).as_str()
}

fn gap_view(gap: &Gap) -> GapView<'_> {
    GapView {
        name: &gap.name,
        offset: gap.offset,
        size: gap.size,
        doc: gap.doc.as_deref(),
    }
}

fn names(name: &Name) -> Value {
    value!({ "rust": name.rust(), "python": name.python(), "c": name.c() })
}

fn segment(layout: &Layout, segment: &SegmentLayout) -> Value {
    let record = &layout.structs[segment.of];
    let (kind, rows, key) = match segment.kind {
        SegmentKind::Cell => ("cell", None, None),
        SegmentKind::Table { rows, key } => ("table", Some(rows), key),
    };
    let key = key.and_then(|index| match &record.members[index] {
        Member::Field(field) => Some(field.name.as_str()),
        Member::Reserved(_) | Member::Pad(_) => None,
    });
    value!({
        "name": segment.name.as_str(),
        "kind": kind,
        "of": layout.type_name(Type::Struct(segment.of)),
        "rows": rows,
        "key": key,
        "copies": segment.foreign.is_none().then_some(segment.copies),
        "order": segment.foreign.is_none().then_some(segment.order.as_str()),
        "foreign": segment.foreign.as_ref().map(|f| foreign(layout, segment, f)),
        "doc": segment.doc,
    })
}

/// What a schema says of another program's memory; `sync` names fields by role.
fn foreign(layout: &Layout, segment: &SegmentLayout, foreign: &Foreign) -> Value {
    let name = |member: usize| layout.member_name(segment, member);
    let (path, sysv_key) = match &foreign.place {
        Place::File(path) => (Some(path), None),
        Place::SysV(key) => (None, Some(key)),
    };
    let sync = match foreign.sync {
        Sync::None => value!("none"),
        Sync::OddWhileWriting { counter } => {
            value!({ "counter": name(counter), "rule": "odd-while-writing" })
        }
        Sync::Unchanged { counter, valid } => {
            value!({ "counter": name(counter), "rule": "unchanged", "valid": name(valid) })
        }
        Sync::Pair { begin, end } => value!({ "begin": name(begin), "end": name(end) }),
    };
    value!({
        "path": path,
        "sysv_key": sysv_key,
        "at": foreign.at,
        "stride": foreign.stride,
        "size": foreign.size,
        "sync": sync,
    })
}

fn number(number: Number) -> Value {
    match number {
        // The language has no wider integers than these two.
        Number::Int(n) => match (u64::try_from(n), i64::try_from(n)) {
            (Ok(n), _) => n.into(),
            (_, Ok(n)) => n.into(),
            _ => n.to_string().into(),
        },
        Number::Float(n) if n.is_finite() => n.into(),
        Number::Float(_) => words::number(number).into(),
    }
}
