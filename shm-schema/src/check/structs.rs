//! Structs: their members in place, and what they assert of it.

use super::context::{Context, text};
use super::fields::{self, Part};
use super::order::{self, Circle, Holds};
use super::types::{Declared, Meant, Types};
use crate::code::Code;
use crate::fingerprint::Fingerprint;
use crate::law::{self, MAX_ALIGN, MAX_TYPE_BYTES, Placed, Want};
use crate::layout::{Gap, Layout, Member, StructLayout, Type};
use crate::model::{At, Schema, Struct};
use crate::name::Name;
use crate::suggest::chained;
use crate::text;

/// Where the structs of the schema went.
pub(super) struct Records {
    /// By index in the schema: index in the layout, `None` for one in error.
    placed: Vec<Option<usize>>,
    /// By index in the layout: the struct with a declared alignment that it
    /// is or holds.
    aligned: Vec<Option<usize>>,
}

impl Records {
    /// The layout's index of the schema's struct `i`.
    pub(super) fn placed(&self, i: usize) -> Option<usize> {
        self.placed.get(i).copied().flatten()
    }
}

/// Places all structs and adds them to the layout, each after those it holds.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    types: &Types<'_>,
    schema: &Schema,
    layout: &mut Layout,
) -> Records {
    let meant: Vec<Vec<Option<Meant>>> = schema
        .structs
        .iter()
        .map(|s| {
            let words = s.fields.iter().map(|f| f.ty.as_ref());
            words.map(|ty| types.meant(cx, ty?)).collect()
        })
        .collect();
    let holds: Vec<Holds> = meant.iter().map(|fields| held(fields)).collect();
    let (order, circles) = order::order(&holds);
    for circle in &circles {
        report_circle(cx, schema, circle);
    }
    let mut records = Records {
        placed: vec![None; schema.structs.len()],
        aligned: Vec::new(),
    };
    for i in order {
        if let Some(s) = one(cx, layout, &records, &schema.structs[i], &meant[i]) {
            let index = layout.structs.len();
            let own = s.declared_align.map(|_| index);
            records
                .aligned
                .push(own.or_else(|| held_aligned(&records, &s)));
            records.placed[i] = Some(index);
            layout.structs.push(s);
        }
    }
    records
}

fn held(fields: &[Option<Meant>]) -> Holds {
    let structs = fields
        .iter()
        .enumerate()
        .filter_map(|(field, meant)| match meant {
            Some(Meant::Declared(Declared::Struct(i))) => Some((*i, field)),
            _ => None,
        });
    structs.collect()
}

fn held_aligned(records: &Records, s: &StructLayout) -> Option<usize> {
    s.fields().find_map(|field| match field.ty {
        Type::Struct(i) => records.aligned[i],
        _ => None,
    })
}

fn report_circle(cx: &mut Context<'_>, schema: &Schema, circle: &Circle) {
    let Some(&last) = circle.structs.last() else {
        return;
    };
    let field = &schema.structs[last].fields[circle.field];
    let names: Vec<String> = circle
        .structs
        .iter()
        .chain(circle.structs.first())
        .map(|&i| format!("`{}`", schema.structs[i].name.value))
        .collect();
    let at = field.ty.as_ref().unwrap_or(&field.name);
    let d = cx
        .error(
            Code::Recursion,
            at,
            format!("{} holds itself and would have no end", names[0]),
        )
        .label(chained(&names, " holds "))
        .help("hold the index of a row instead: `type: u32`");
    cx.push(d);
}

/// A struct with every byte in place; `None` after an error in it.
fn one(
    cx: &mut Context<'_>,
    layout: &Layout,
    records: &Records,
    s: &At<Struct>,
    meant: &[Option<Meant>],
) -> Option<StructLayout> {
    let parts: Vec<Option<Part>> = s
        .fields
        .iter()
        .zip(meant)
        .map(|(field, meant)| fields::resolve(cx, layout, records, field, *meant))
        .collect();
    let pack = pack(cx, s);
    let declared = align(cx, s);
    let size = s.size.as_ref().map(|size| cx.count(size, "size"));
    if parts
        .iter()
        .flatten()
        .all(|p| p.member.as_field().is_none())
    {
        no_fields(cx, s);
        return None;
    }
    let parts: Vec<Part> = parts.into_iter().collect::<Option<_>>()?;
    // An unknown key may be a misspelt `align`: what the law says of the
    // rest would only mislead.
    if cx.is_suspect(s) {
        return None;
    }
    let (pack, declared, size) = (pack?, declared?, transpose(size)?);
    let wants: Vec<Want> = parts.iter().map(|p| p.want).collect();
    let placed = match law::place(&wants, pack) {
        Ok(placed) => placed,
        Err(law::TooLarge { member }) => {
            too_large(cx, s, &s.fields[member].name);
            return None;
        }
    };
    let holds = refuse_held_alignment(cx, layout, records, s, pack, &parts);
    let offsets = check_offsets(cx, s, &placed);
    let align = check_align(cx, layout, s, declared, &placed, &parts);
    let (align, ()) = (align?, offsets.and(holds)?);
    let size = check_size(cx, s, size, placed.end, align)?;
    Some(seal(
        cx,
        layout,
        s,
        Shape {
            parts,
            placed,
            pack,
            declared,
            align,
            size,
        },
    ))
}

/// What there is to know of a struct before its members are put together.
struct Shape {
    parts: Vec<Part>,
    placed: Placed,
    pack: Option<u64>,
    declared: Option<u64>,
    align: u64,
    size: u64,
}

fn seal(cx: &Context<'_>, layout: &Layout, s: &At<Struct>, shape: Shape) -> StructLayout {
    let at = cx.at(&s.name);
    let mut members = Members {
        list: Vec::with_capacity(shape.parts.len()),
        end: 0,
        pads: 0,
        at,
    };
    for (part, &offset) in shape.parts.into_iter().zip(&shape.placed.offsets) {
        members.pad_to(offset);
        members.add(part, offset, shape.pack);
    }
    members.pad_to(shape.size);
    let mut sealed = StructLayout {
        name: Name::new(s.name.as_str()),
        size: shape.size,
        align: shape.align,
        declared_align: shape.declared,
        pack: shape.pack,
        members: members.list,
        doc: text(&s.doc),
        at,
        fingerprint: Fingerprint::of(""),
        text: String::new(),
    };
    sealed.text = text::of_struct(layout, &sealed);
    sealed.fingerprint = Fingerprint::of(&sealed.text);
    sealed
}

/// Members in byte order, without a hole.
struct Members {
    list: Vec<Member>,
    end: u64,
    pads: usize,
    at: crate::position::Position,
}

impl Members {
    fn pad_to(&mut self, offset: u64) {
        if offset == self.end {
            return;
        }
        self.list.push(Member::Pad(Gap {
            name: format!("_pad{}", self.pads),
            offset: self.end,
            size: offset - self.end,
            doc: None,
            at: self.at,
        }));
        self.pads += 1;
        self.end = offset;
    }

    fn add(&mut self, part: Part, offset: u64, pack: Option<u64>) {
        let mut member = part.member;
        match &mut member {
            Member::Field(field) => {
                field.offset = offset;
                field.align = law::packed(field.align, pack);
            }
            Member::Reserved(gap) | Member::Pad(gap) => gap.offset = offset,
        }
        self.list.push(member);
        self.end = offset + part.want.size;
    }
}

fn transpose<T>(value: Option<Option<T>>) -> Option<Option<T>> {
    match value {
        None => Some(None),
        Some(None) => None,
        Some(value) => Some(value),
    }
}

fn no_fields(cx: &mut Context<'_>, s: &At<Struct>) {
    if cx.is_suspect(s) || s.fields.iter().any(|f| f.reserved.is_none()) {
        return; // the fields that it has got their own errors
    }
    let message = format!("struct `{}` has no field", s.name.value);
    let d = cx
        .error(Code::EmptyType, &s.name, message)
        .help("add `fields: [{ name: ..., type: ... }]`");
    cx.push(d);
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
    if align.is_power_of_two() && align <= MAX_ALIGN {
        return Some(Some(align));
    }
    let message = format!("`align` is a power of two up to {MAX_ALIGN}, found {align}");
    let near = align.clamp(1, MAX_ALIGN);
    let near = near.checked_next_power_of_two().unwrap_or(MAX_ALIGN);
    let d = cx
        .error(Code::BadAlign, key, message)
        .help(format!("write `align: {near}`"));
    cx.push(d);
    None
}

fn too_large<T>(cx: &mut Context<'_>, s: &At<Struct>, at: &At<T>) {
    let message = format!("struct `{}` is over {MAX_TYPE_BYTES} bytes", s.name.value);
    let d = cx
        .error(Code::TypeTooLarge, at, message)
        .label("the limit is passed here")
        .help("make it the record of a table: a table may have 2^40 bytes");
    cx.push(d);
}

fn refuse_held_alignment(
    cx: &mut Context<'_>,
    layout: &Layout,
    records: &Records,
    s: &At<Struct>,
    pack: Option<u64>,
    parts: &[Part],
) -> Option<()> {
    let mut fine = Some(());
    if pack.is_none() {
        return fine;
    }
    for (part, field) in parts.iter().zip(&s.fields) {
        let Some(Type::Struct(i)) = part.member.as_field().map(|f| f.ty) else {
            continue;
        };
        let (Some(aligned), Some(ty)) = (records.aligned[i], &field.ty) else {
            continue;
        };
        let aligned = &layout.structs[aligned];
        let message = format!(
            "packed struct `{}` holds `{}`, which declares its alignment",
            s.name.value, aligned.name
        );
        let d = cx
            .error(Code::PackHoldsAligned, ty, message)
            .other(aligned.at, "declared with `align`")
            .help("remove the `pack` or the `align`: rustc takes no such struct (E0588)");
        cx.push(d);
        fine = None;
    }
    fine
}

fn check_offsets(cx: &mut Context<'_>, s: &At<Struct>, placed: &Placed) -> Option<()> {
    let mut fine = Some(());
    let mut end = 0;
    for (field, &real) in s.fields.iter().zip(&placed.offsets) {
        let Some(key) = &field.offset else { continue };
        let asserted = cx.natural(key, "offset");
        if asserted == Some(real) {
            continue;
        }
        fine = None;
        let Some(asserted) = asserted else { continue };
        // After the first wrong one the rest are wrong by as much.
        let message = format!("`{}` lies at byte {real}, not {asserted}", field.name.value);
        let d = cx.error(Code::WrongOffset, key, message);
        let d = match asserted.checked_sub(real) {
            Some(room) if asserted > real => d.help(format!(
                "add `{{ name: ..., reserved: {room} }}` before it, or write `offset: {real}`"
            )),
            _ => d.help(format!("write `offset: {real}`")),
        };
        cx.push(d);
        end = real.max(end);
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
