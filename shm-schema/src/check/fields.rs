//! Fields: their types, lengths and dims.

use super::context::{Context, text};
use super::limits;
use super::structs::Records;
use super::types::{Declared, Meant};
use crate::code::Code;
use crate::law::{self, Want};
use crate::layout::{self, Gap, Layout, Member, Type};
use crate::model::{Amount, At, Field};
use crate::name::Name;

/// Most dims of a field.
pub(crate) const MAX_DIMS: usize = 4;

/// A member that has no place yet, and what it asks for.
pub(super) struct Part {
    pub(super) member: Member,
    pub(super) want: Want,
}

/// The member that a field becomes; `None` when it has an error that leaves
/// its size open.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    layout: &Layout,
    records: &Records,
    field: &At<Field>,
    meant: Option<Meant>,
) -> Option<Part> {
    if let Some(room) = &field.reserved {
        return reserved(cx, field, room);
    }
    if field.ty.is_none() && !cx.is_suspect(field) {
        let message = format!("field `{}` needs the key `type`", field.name.value);
        let d = cx
            .error(Code::MissingKey, &field.name, message)
            .help("add `type: ...`, or `reserved: N` to keep N bytes free");
        cx.push(d);
    }
    let dims = dims(cx, field);
    let ty = element(cx, records, field, meant);
    let limits = limits::resolve(cx, layout, field, ty);
    let (ty, dims) = (ty?, dims?);
    let (element_size, align) = layout.extent(ty);
    let size = law::array_size(element_size, &dims).unwrap_or(u64::MAX);
    let member = Member::Field(layout::Field {
        name: Name::new(field.name.as_str()),
        ty,
        dims,
        offset: 0,
        size,
        element_size,
        align,
        unit: text(&field.unit),
        range: limits.range,
        sentinel: limits.sentinel,
        scale: limits.scale,
        since: limits.since,
        deprecated: text(&field.deprecated),
        doc: text(&field.doc),
        at: cx.at(&field.name),
        type_at: field.ty.as_ref().map(|ty| cx.at(ty)).unwrap_or_default(),
    });
    Some(Part {
        member,
        want: Want { size, align },
    })
}

fn reserved(cx: &mut Context<'_>, field: &At<Field>, room: &At<Amount>) -> Option<Part> {
    let stray = [
        ("type", field.ty.as_ref().map(|v| v.node)),
        ("len", field.len.as_ref().map(|v| v.node)),
        ("dims", field.dims.as_ref().map(|v| v.node)),
        ("unit", field.unit.as_ref().map(|v| v.node)),
        ("range", field.range.as_ref().map(|v| v.node)),
        ("sentinel", field.sentinel.as_ref().map(|v| v.node)),
        ("scale", field.scale.as_ref().map(|v| v.node)),
        ("since", field.since.as_ref().map(|v| v.node)),
        ("deprecated", field.deprecated.as_ref().map(|v| v.node)),
    ];
    for (key, node) in stray {
        let Some(node) = node else { continue };
        let message = format!("reserved room has no `{key}`");
        let d = cx
            .key_error(Code::ReservedWithType, &At { node, value: () }, message)
            .help("remove it, or remove `reserved` to make this a field");
        cx.push(d);
    }
    let size = cx.natural(room, "reserved")?;
    if size == 0 {
        let message = "0 reserved bytes keep no room";
        let d = cx
            .error(Code::EmptyReserved, room, message)
            .help("remove the field, or write how many bytes to keep free");
        cx.push(d);
        return None;
    }
    let member = Member::Reserved(Gap {
        name: field.name.value.clone(),
        offset: 0,
        size,
        doc: text(&field.doc),
        at: cx.at(&field.name),
    });
    Some(Part {
        member,
        want: Want { size, align: 1 },
    })
}

fn dims(cx: &mut Context<'_>, field: &At<Field>) -> Option<Vec<u64>> {
    let Some(dims) = &field.dims else {
        return Some(Vec::new());
    };
    if dims.len() > MAX_DIMS {
        let message = format!("{} dims; a field has at most {MAX_DIMS}", dims.len());
        let d = cx
            .error(Code::TooManyDims, dims, message)
            .help("make the inner ones a struct");
        cx.push(d);
        return None;
    }
    if dims.is_empty() {
        let d = cx
            .error(Code::ZeroCount, dims, "`dims` has no entry")
            .help("write a length for each dimension, or remove `dims`");
        cx.push(d);
        return None;
    }
    // Every dim is looked at, so that every wrong one is told.
    let counts: Vec<Option<u64>> = dims.iter().map(|dim| cx.count(dim, "dims")).collect();
    counts.into_iter().collect()
}

fn element(
    cx: &mut Context<'_>,
    records: &Records,
    field: &At<Field>,
    meant: Option<Meant>,
) -> Option<Type> {
    let len = field.len.as_ref().map(|len| cx.count(len, "len"));
    let ty = match meant? {
        Meant::Lengthy(lengthy) => {
            if len.is_none() {
                missing_len(cx, field);
            }
            return Some(lengthy.of(len??));
        }
        Meant::Plain(ty) => Some(ty),
        Meant::Declared(Declared::Placed(ty)) => Some(ty),
        Meant::Declared(Declared::Struct(i)) => records.placed(i).map(Type::Struct),
    };
    if let (Some(len), Some(word)) = (&field.len, &field.ty) {
        let message = format!("`{}` has no `len`", word.value);
        let d = cx
            .key_error(Code::NeedlessLen, len, message)
            .help("write `dims: [..]` for an array");
        cx.push(d);
    }
    ty
}

fn missing_len(cx: &mut Context<'_>, field: &At<Field>) {
    let Some(ty) = field.ty.as_ref().filter(|_| !cx.is_suspect(field)) else {
        return;
    };
    let unit = match ty.as_str() {
        "utf16" => "code units",
        _ => "bytes",
    };
    let d = cx
        .error(
            Code::MissingLen,
            ty,
            format!("`{}` needs a `len`", ty.value),
        )
        .help(format!("add `len: N`: its room in {unit}"));
    cx.push(d);
}
