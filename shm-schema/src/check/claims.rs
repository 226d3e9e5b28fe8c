//! What the keys of a struct say of its layout: `pack`, `align`, `size`, and
//! `offset` on its fields.

use super::context::Context;
use super::fields::Part;
use super::structs::Records;
use crate::code::Code;
use crate::law::{self, MAX_ALIGN, MAX_TYPE_BYTES, Placed, Want};
use crate::layout::{Layout, Type};
use crate::model::{At, Struct};

/// The keys of one struct, each missing when the schema does not give it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claims {
    pub(super) pack: Option<u64>,
    pub(super) align: Option<u64>,
    pub(super) size: Option<u64>,
}

impl Claims {
    /// Reads the keys; `None` after an error in one.
    pub(super) fn read(cx: &mut Context<'_>, s: &At<Struct>) -> Option<Claims> {
        let pack = pack(cx, s);
        let align = align(cx, s);
        let size = match &s.size {
            None => Some(None),
            Some(size) => cx.count(size, "size").map(Some),
        };
        Some(Claims {
            pack: pack?,
            align: align?,
            size: size?,
        })
    }

    /// Holds the keys against where the members lie; the struct's size and
    /// alignment, or `None` after an error.
    pub(super) fn hold(
        &self,
        cx: &mut Context<'_>,
        layout: &Layout,
        s: &At<Struct>,
        placed: &Placed,
        parts: &[Part],
    ) -> Option<Want> {
        let offsets = check_offsets(cx, s, placed);
        let align = check_align(cx, layout, s, self.align, placed, parts)?;
        let size = check_size(cx, s, self.size, placed.end, align)?;
        offsets.map(|()| Want { size, align })
    }
}

/// The outer `None` is an error, the inner one a missing key.
fn pack(cx: &mut Context<'_>, s: &At<Struct>) -> Option<Option<u64>> {
    let Some(key) = &s.pack else {
        return Some(None);
    };
    if let Some(align) = &s.align {
        let message = format!("struct `{}` has both `pack` and `align`", s.name.value);
        let d = cx
            .key_error(Code::PackWithAlign, key, message)
            .other(cx.at(align), "aligned here")
            .help("keep one of them: rustc takes no struct with both");
        cx.push(d);
        return None;
    }
    let pack = cx.natural(key, "pack")?;
    if matches!(pack, 1 | 2 | 4 | 8) {
        return Some(Some(pack));
    }
    let d = cx
        .error(
            Code::BadPack,
            key,
            format!("`pack` is 1, 2, 4 or 8, found {pack}"),
        )
        .help("it is the highest alignment that a field keeps, as in `#pragma pack`");
    cx.push(d);
    None
}

/// The outer `None` is an error, the inner one a missing key.
fn align(cx: &mut Context<'_>, s: &At<Struct>) -> Option<Option<u64>> {
    let Some(key) = &s.align else {
        return Some(None);
    };
    let align = cx.natural(key, "align")?;
    let d = if align > MAX_ALIGN {
        let message = format!("`align` is at most {MAX_ALIGN}, found {align}");
        cx.error(Code::AlignTooLarge, key, message)
            .label("more than a page of memory")
            .help(format!(
                "write `align: {MAX_ALIGN}`, or 64 for a cache line"
            ))
    } else if !align.is_power_of_two() {
        let message = format!("`align` is a power of two, found {align}");
        let (below, above) = (align.next_power_of_two() / 2, align.next_power_of_two());
        let near = match below {
            0 => format!("`align: {above}`"),
            _ => format!("`align: {below}` or `align: {above}`"),
        };
        cx.error(Code::BadAlign, key, message)
            .help(format!("write {near}"))
    } else {
        return Some(Some(align));
    };
    cx.push(d);
    None
}

pub(super) fn too_large<T>(cx: &mut Context<'_>, s: &At<Struct>, at: &At<T>) {
    let message = format!("struct `{}` is over {MAX_TYPE_BYTES} bytes", s.name.value);
    let d = cx
        .error(Code::TypeTooLarge, at, message)
        .label("the limit is passed here")
        .help("make it the record of a table: a table may have 2^40 bytes");
    cx.push(d);
}

/// Reports the fields of a packed struct that declare their alignment.
pub(super) fn refuse_held_alignment(
    cx: &mut Context<'_>,
    layout: &Layout,
    records: &Records,
    s: &At<Struct>,
    parts: &[Part],
) -> Option<()> {
    let mut fine = Some(());
    for (part, field) in parts.iter().zip(&s.fields) {
        let Some(Type::Struct(i)) = part.member.as_field().map(|f| f.ty) else {
            continue;
        };
        let (Some(aligned), Some(ty)) = (records.aligned(i), &field.ty) else {
            continue;
        };
        let name = layout.type_name(Type::Struct(aligned));
        let aligned = &layout.structs[aligned];
        let message = format!(
            "packed struct `{}` holds `{name}`, which declares its alignment",
            s.name.value
        );
        let d = cx.error(Code::PackHoldsAligned, ty, message);
        let d = cx
            .beside(d, layout, aligned.home, aligned.at, "declared with `align`")
            .help("remove the `pack` or the `align`: rustc takes no such struct (E0588)");
        cx.push(d);
        fine = None;
    }
    fine
}

fn check_offsets(cx: &mut Context<'_>, s: &At<Struct>, placed: &Placed) -> Option<()> {
    let mut fine = Some(());
    for (field, &real) in s.fields.iter().zip(&placed.offsets) {
        let Some(key) = &field.offset else { continue };
        let asserted = cx.natural(key, "offset");
        if asserted == Some(real) {
            continue;
        }
        fine = None;
        let Some(asserted) = asserted else { continue };
        let message = format!("`{}` lies at byte {real}, not {asserted}", field.name.value);
        let d = cx.error(Code::WrongOffset, key, message);
        let d = match asserted.checked_sub(real) {
            Some(room) => d.help(format!(
                "add `{{ name: ..., reserved: {room} }}` before it, or write `offset: {real}`"
            )),
            None => d.help(format!("write `offset: {real}`")),
        };
        cx.push(d);
    }
    fine
}

fn check_align(
    cx: &mut Context<'_>,
    layout: &Layout,
    s: &At<Struct>,
    declared: Option<u64>,
    placed: &Placed,
    parts: &[Part],
) -> Option<u64> {
    let natural = placed.align;
    let (Some(declared), Some(key)) = (declared, &s.align) else {
        return Some(natural);
    };
    if declared >= natural {
        return Some(declared);
    }
    let message = format!("`align` is {declared}, and the fields need {natural}");
    let d = cx.error(Code::AlignTooSmall, key, message);
    let strictest = parts
        .iter()
        .zip(&s.fields)
        .find(|(p, _)| p.want.align == natural);
    let d = match strictest.and_then(|(p, f)| Some((p.member.as_field()?, f))) {
        Some((field, at)) => d.other(
            cx.at(&at.name),
            format!("`{}` needs {natural}", layout.type_name(field.ty)),
        ),
        None => d,
    };
    let d = d.help(format!(
        "write `align: {natural}`, or `pack: {declared}` to go below"
    ));
    cx.push(d);
    None
}

fn check_size(
    cx: &mut Context<'_>,
    s: &At<Struct>,
    declared: Option<u64>,
    end: u64,
    align: u64,
) -> Option<u64> {
    let Some(needed) = law::align_up(end, align).filter(|&size| size <= MAX_TYPE_BYTES) else {
        too_large(cx, s, &s.name);
        return None;
    };
    let (Some(size), Some(key)) = (declared, &s.size) else {
        return Some(needed);
    };
    let d = if size > MAX_TYPE_BYTES {
        too_large(cx, s, key);
        return None;
    } else if size < needed {
        let message = format!("`size` is {size}, and `{}` needs {needed}", s.name.value);
        cx.error(Code::SizeTooSmall, key, message)
            .label(match needed == end {
                true => String::new(),
                false => format!("the fields end at byte {end}, and the alignment is {align}"),
            })
            .help(format!("write `size: {needed}`, or more"))
    } else if size % align != 0 {
        let next = law::align_up(size, align).unwrap_or(needed);
        let message = format!("`size` is {size}, not a multiple of the alignment {align}");
        cx.error(Code::SizeNotMultiple, key, message)
            .help(format!("write `size: {next}`"))
    } else {
        return Some(size);
    };
    cx.push(d);
    None
}
