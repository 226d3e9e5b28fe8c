//! Segments: which records are shared, how many, and how one is found.

use super::context::{Context, text};
use super::foreign;
use super::structs::Records;
use super::types::{Declared, Types, builtin};
use crate::code::Code;
use crate::law::{self, COPIES, DEFAULT_COPIES, MAX_SEGMENT_BYTES};
use crate::layout::{
    Layout, Member, Order, Scalar, SegmentKind, SegmentLayout, StructLayout, Type,
};
use crate::model::{At, Schema, Segment, Text};
use crate::name::Name;

/// Kinds of segments, as the schema spells them.
const KINDS: [&str; 2] = ["cell", "table"];

/// The segments that have no error.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    types: &Types<'_>,
    schema: &Schema,
    layout: &Layout,
    records: &Records,
) -> Vec<SegmentLayout> {
    let all = schema.segments.iter();
    all.filter_map(|s| one(cx, types, schema, layout, records, s))
        .collect()
}

fn one(
    cx: &mut Context<'_>,
    types: &Types<'_>,
    schema: &Schema,
    layout: &Layout,
    records: &Records,
    s: &At<Segment>,
) -> Option<SegmentLayout> {
    let of = record(cx, types, schema, records, &s.of);
    let record = of.map(|i| &layout.structs[i]);
    let copies = copies(cx, s);
    let order = order(cx, s);
    let kind = match s.kind.as_str() {
        "cell" => cell(cx, s),
        "table" => table(cx, s, layout, record, copies.zip(order)),
        _ => {
            unknown_kind(cx, &s.kind);
            None
        }
    };
    let other = match foreign::is_foreign(s) {
        true => foreign::resolve(cx, s, layout, kind.as_ref(), record).map(Some),
        false => {
            foreign::refuse_on_own(cx, s);
            Some(None)
        }
    };
    Some(SegmentLayout {
        name: Name::new(s.name.as_str()),
        kind: kind?,
        of: of?,
        copies: copies?,
        order: order?,
        foreign: other?,
        doc: text(&s.doc),
        at: cx.at(&s.name),
    })
}

/// The layout's index of the struct that `of` names.
fn record(
    cx: &mut Context<'_>,
    types: &Types<'_>,
    schema: &Schema,
    records: &Records,
    of: &Text,
) -> Option<usize> {
    let found = match types.declared(cx, of) {
        Some(Declared::Struct(i)) => return records.placed(i),
        Some(Declared::Placed(Type::Struct(i))) => return Some(i),
        Some(Declared::Placed(Type::Enum(_))) => "an enum",
        Some(Declared::Placed(_)) => "a set of flags",
        None if of.contains('.') => {
            let names = cx.known.type_names();
            let d = cx.unknown_import(Code::SegmentOf, "struct", of, of, names);
            d.into_iter().for_each(|d| cx.push(d));
            return None;
        }
        None if builtin(of).is_some() => "a type of the language",
        None if cx.is_lost(of) => return None,
        None => "",
    };
    let known = !found.is_empty();
    let message = match known {
        true => format!("a segment is of a struct, and `{}` is {found}", of.value),
        false => format!("the schema has no struct `{}`", of.value),
    };
    let structs = schema.structs.iter().map(|s| s.name.as_str());
    let near = cx.suggest(of, structs);
    let near = near.or_else(|| cx.suggest(of, cx.known.type_names()).filter(|_| !known));
    let help = near.unwrap_or_else(|| match known {
        true => "make it a field of a struct, and the segment of that".to_owned(),
        false => "declare it under `structs`".to_owned(),
    });
    let d = cx.error(Code::SegmentOf, of, message).help(help);
    cx.push(d);
    None
}

fn copies(cx: &mut Context<'_>, s: &At<Segment>) -> Option<u32> {
    let Some(key) = &s.copies else {
        return Some(DEFAULT_COPIES);
    };
    let found = cx.natural(key, "copies")?;
    let copies = COPIES
        .into_iter()
        .find(|&copies| u64::from(copies) == found);
    if copies.is_none() {
        let message = format!("`copies` is 2, 4 or 8, found {found}");
        let d = cx
            .error(Code::BadCopies, key, message)
            .help("2 is the usual; 4 is for a writer that never pauses");
        cx.push(d);
    }
    copies
}

fn order(cx: &mut Context<'_>, s: &At<Segment>) -> Option<Order> {
    let Some(key) = &s.order else {
        return Some(Order::Rows);
    };
    let known = Order::ALL.into_iter();
    let order = known.clone().find(|order| order.as_str() == key.as_str());
    if order.is_none() {
        let message = format!(
            "records lie in `rows` or in `arrays`, found `{}`",
            key.value
        );
        let help = cx
            .suggest(key, known.map(Order::as_str))
            .unwrap_or_else(|| {
                "`rows` is the usual; `arrays` is for a table that is mainly read whole".to_owned()
            });
        let d = cx.error(Code::UnknownSegmentOrder, key, message).help(help);
        cx.push(d);
    }
    order
}

fn unknown_kind(cx: &mut Context<'_>, kind: &Text) {
    let message = format!("a segment is a `cell` or a `table`, found `{}`", kind.value);
    let help = cx
        .suggest(kind, KINDS)
        .unwrap_or_else(|| "write `cell` for one record, `table` for numbered ones".to_owned());
    let d = cx.error(Code::UnknownSegmentKind, kind, message).help(help);
    cx.push(d);
}

fn cell(cx: &mut Context<'_>, s: &At<Segment>) -> Option<SegmentKind> {
    let mut fine = Some(SegmentKind::Cell);
    let rows = s.rows.as_ref().map(|v| ("rows", v.node));
    let key = s.key.as_ref().map(|v| ("key", v.node));
    let order = s.order.as_ref().map(|v| ("order", v.node));
    let own = key.into_iter().chain(order);
    let own = own.filter(|_| !foreign::is_foreign(s));
    for (key, node) in rows.into_iter().chain(own) {
        let d = cx
            .key_error(
                Code::CellWithRows,
                &At { node, value: () },
                format!("a cell is one record and has no `{key}`"),
            )
            .help("remove it, or write `kind: table`");
        cx.push(d);
        fine = None;
    }
    fine
}

fn table(
    cx: &mut Context<'_>,
    s: &At<Segment>,
    layout: &Layout,
    record: Option<&StructLayout>,
    latch: Option<(u32, Order)>,
) -> Option<SegmentKind> {
    let rows = match &s.rows {
        Some(rows) => cx.count(rows, "rows"),
        None => {
            if !cx.is_suspect(s) {
                let message = format!("table `{}` needs the key `rows`", s.name.value);
                let d = cx
                    .error(Code::MissingRows, &s.name, message)
                    .help("add `rows: N`: how many records it has");
                cx.push(d);
            }
            None
        }
    };
    let key = match (&s.key, record) {
        (None, _) => Some(None),
        // Refused there.
        (Some(_), _) if foreign::is_foreign(s) => Some(None),
        (Some(key), Some(record)) => self::key(cx, key, layout, record).map(Some),
        (Some(_), None) => None,
    };
    let rows = rows?;
    // The size of a foreign one is another sum.
    let own = record.filter(|_| !foreign::is_foreign(s));
    if let (Some(amount), Some(record), Some((copies, order))) = (&s.rows, own, latch) {
        let bytes = law::rows_size(record.size, copies, order, rows);
        if bytes.is_none_or(|bytes| bytes > MAX_SEGMENT_BYTES) {
            let message = format!("{rows} rows of `{}` are over 2^40 bytes", record.name);
            let most = law::most_rows(record.size, copies, order);
            let d = cx
                .error(Code::SegmentTooLarge, amount, message)
                .help(format!("at most {most} fit"));
            cx.push(d);
            return None;
        }
    }
    Some(SegmentKind::Table { rows, key: key? })
}

/// The index of the key among the record's members.
fn key(cx: &mut Context<'_>, key: &Text, layout: &Layout, record: &StructLayout) -> Option<usize> {
    const HELP: &str = "a key is an integer, a text, an enum or a time, and not an array";
    let name = key.as_str();
    let member = record
        .members
        .iter()
        .position(|m| m.as_field().is_some_and(|f| f.name == name));
    let reserved = record.members.iter().find_map(|m| match m {
        Member::Reserved(gap) if gap.name == name => Some(gap),
        _ => None,
    });
    if let Some(gap) = reserved {
        let message = format!("`{name}` is reserved room, and no row is found by it");
        let d = cx.error(Code::ReservedSegmentKey, key, message);
        let d = cx
            .beside(d, layout, record.home, gap.at, "reserved here")
            .help(HELP);
        cx.push(d);
        return None;
    }
    let Some(field) = member.and_then(|i| record.members[i].as_field()) else {
        let message = format!("struct `{}` has no field `{name}`", record.name);
        let fields = record.fields().map(|f| f.name.as_str());
        let help = cx.suggest(name, fields).unwrap_or_else(|| HELP.to_owned());
        let d = cx.error(Code::UnknownSegmentKey, key, message).help(help);
        cx.push(d);
        return None;
    };
    let unfit = match field.ty {
        _ if !field.dims.is_empty() => "an array",
        Type::Scalar(Scalar::F32 | Scalar::F64) => "a float, and floats are not looked up",
        Type::Bool => "a bool, which finds two rows at most",
        Type::Struct(_) => "a struct",
        Type::Scalar(_)
        | Type::Str { .. }
        | Type::Bytes { .. }
        | Type::Utf16 { .. }
        | Type::Timestamp(_)
        | Type::Duration(_)
        | Type::Enum(_)
        | Type::Flags(_) => return member,
    };
    let message = format!("`{name}` cannot be a key: it is {unfit}");
    let d = cx
        .error(Code::BadSegmentKey, key, message)
        .label(format!("of type `{}`", layout.type_name(field.ty)));
    let d = cx
        .beside(d, layout, record.home, field.at, "the field")
        .help(HELP);
    cx.push(d);
    None
}
