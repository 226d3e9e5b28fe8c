//! Segments that another program makes: where they lie, and how a whole record
//! is told from half of one.

use super::context::Context;
use crate::code::Code;
use crate::law::MAX_SEGMENT_BYTES;
use crate::layout::{
    Foreign, Layout, Member, Place, Scalar, SegmentKind, StructLayout, Sync, Type,
};
use crate::model::{At, Segment, SyncChoice, Text};
use crate::tree::NodeId;

/// Longest path in bytes: what Linux takes, without the NUL.
const LONGEST_PATH: usize = 4095;

/// What no path may hold, beside what is not printable ASCII.
const NOT_IN_PATHS: &str = "\"'`\\*?<>|";

const SYNCS: &str = "write `sync: none`, `{ counter: FIELD, rule: odd-while-writing }`, \
     `{ counter: FIELD, rule: unchanged, valid: FIELD }` or `{ begin: FIELD, end: FIELD }`";

/// Whether the schema says that another program makes the segment.
pub(super) fn is_foreign(s: &Segment) -> bool {
    s.foreign.as_ref().is_some_and(|foreign| foreign.value)
}

/// Refuses on a segment of ours what only foreign ones have.
pub(super) fn refuse_on_own(cx: &mut Context<'_>, s: &Segment) {
    let keys = [
        ("path", s.path.as_ref().map(|v| v.node)),
        ("sysv_key", s.sysv_key.as_ref().map(|v| v.node)),
        ("at", s.at.as_ref().map(|v| v.node)),
        ("stride", s.stride.as_ref().map(|v| v.node)),
        ("sync", s.sync.as_ref().map(|v| v.node)),
    ];
    for (key, node) in present(keys) {
        let message = format!("a segment of ours has no `{key}`");
        let d = cx
            .key_error(Code::ForeignKey, &node, message)
            .help("remove it, or write `foreign: true` if another program makes the memory");
        cx.push(d);
    }
}

/// What a foreign segment says of itself; `None` after an error.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    s: &At<Segment>,
    layout: &Layout,
    kind: Option<&SegmentKind>,
    record: Option<&StructLayout>,
) -> Option<Foreign> {
    refuse_of_own(cx, s);
    let place = place(cx, s);
    let at = match &s.at {
        None => Some(0),
        Some(at) => cx.natural(at, "at"),
    };
    let stride = stride(cx, s, kind, record);
    let record = record?;
    let whole = at.zip(stride).zip(kind);
    let size = whole.and_then(|((at, stride), kind)| size(cx, s, (at, stride), kind, record));
    // In a cell nothing follows.
    let step = |stride| match kind {
        Some(SegmentKind::Cell) => 0,
        _ => stride,
    };
    let lies = at.zip(stride.map(step));
    let sync = sync(cx, s, layout, record, lies);
    Some(Foreign {
        place: place?,
        at: at?,
        stride: stride?,
        size: size?,
        sync: sync?,
    })
}

/// Rows of foreign memory are found by number alone: whether one was ever
/// written nobody can tell, so that a key of zeros would find it. And there is
/// one copy of each.
fn refuse_of_own(cx: &mut Context<'_>, s: &Segment) {
    let keys = [
        ("key", s.key.as_ref().map(|v| v.node)),
        ("copies", s.copies.as_ref().map(|v| v.node)),
        ("order", s.order.as_ref().map(|v| v.node)),
    ];
    for (key, node) in present(keys) {
        let message = format!("a foreign segment has no `{key}`");
        let why = match key {
            "key" => "rows of another program are found by number",
            "copies" => "another program keeps one copy",
            _ => "`at` and `stride` say where another program has its rows",
        };
        let d = cx
            .key_error(Code::OwnKey, &node, message)
            .help(format!("remove it: {why}"));
        cx.push(d);
    }
}

fn present<const N: usize>(
    keys: [(&'static str, Option<NodeId>); N],
) -> impl Iterator<Item = (&'static str, At<()>)> {
    let at = |node| At { node, value: () };
    keys.into_iter()
        .filter_map(move |(key, node)| Some((key, at(node?))))
}

fn place(cx: &mut Context<'_>, s: &At<Segment>) -> Option<Place> {
    match (&s.path, &s.sysv_key) {
        (Some(path), None) => self::path(cx, path).map(Place::File),
        (None, Some(key)) => {
            let number = cx.whole(key, "sysv_key")?;
            match u32::try_from(number) {
                Ok(number) if number != 0 => Some(Place::SysV(number)),
                _ => {
                    let message = format!("`sysv_key` is 1 to 0xffffffff, found {number}");
                    let d = cx
                        .error(Code::BadSysvKey, key, message)
                        .help("write the number that the program gives to `shmget`");
                    cx.push(d);
                    None
                }
            }
        }
        (Some(_), Some(key)) => {
            let message = "a foreign segment has one place, found `path` and `sysv_key`";
            let d = cx
                .key_error(Code::ForeignPlace, key, message)
                .help("remove one of them");
            cx.push(d);
            None
        }
        (None, None) => {
            if !cx.is_suspect(s) {
                let message = format!("foreign segment `{}` has no place", s.name.value);
                let d = cx.error(Code::ForeignPlace, &s.name, message).help(
                    "add `path: /dev/shm/NAME`, or `sysv_key: N` where the program calls `shmget`",
                );
                cx.push(d);
            }
            None
        }
    }
}

fn path(cx: &mut Context<'_>, path: &Text) -> Option<String> {
    let text = path.as_str();
    let plain = |c: char| (c == ' ' || c.is_ascii_graphic()) && !NOT_IN_PATHS.contains(c);
    let wrong = match text {
        _ if !text.starts_with('/') => "is not absolute".to_owned(),
        _ if text.ends_with('/') => "ends in no file name".to_owned(),
        _ if text.len() > LONGEST_PATH => format!("is over {LONGEST_PATH} bytes long"),
        _ => match text.chars().find(|c| !plain(*c)) {
            Some(c) => format!("holds {c:?}"),
            None => return Some(text.to_owned()),
        },
    };
    let d = cx
        .error(Code::BadPath, path, format!("the path {wrong}"))
        .help(
            "write an absolute path of printable ASCII, such as `/dev/shm/NAME`; a program \
             can give another one when it attaches",
        );
    cx.push(d);
    None
}

fn stride(
    cx: &mut Context<'_>,
    s: &Segment,
    kind: Option<&SegmentKind>,
    record: Option<&StructLayout>,
) -> Option<u64> {
    let size = record.map(|r| r.size);
    let Some(amount) = &s.stride else {
        return size;
    };
    if let Some(SegmentKind::Cell) = kind {
        let d = cx
            .key_error(
                Code::BadStride,
                amount,
                "a cell is one record and has no `stride`",
            )
            .help("remove it, or write `kind: table`");
        cx.push(d);
        return None;
    }
    let stride = cx.count(amount, "stride")?;
    if size.is_some_and(|size| stride < size) {
        let size = size.unwrap_or_default();
        let message = format!("the stride is {stride}, and a record takes {size} bytes");
        let d = cx
            .error(Code::BadStride, amount, message)
            .help(format!("write at least {size}, or remove it"));
        cx.push(d);
        return None;
    }
    Some(stride)
}

/// Through the last record's last byte.
fn size(
    cx: &mut Context<'_>,
    s: &At<Segment>,
    (at, stride): (u64, u64),
    kind: &SegmentKind,
    record: &StructLayout,
) -> Option<u64> {
    let rows = match kind {
        SegmentKind::Cell => 1,
        SegmentKind::Table { rows, .. } => *rows,
    };
    let end = stride
        .checked_mul(rows - 1)
        .and_then(|last| last.checked_add(at)?.checked_add(record.size))
        .filter(|end| *end <= MAX_SEGMENT_BYTES);
    if end.is_none() {
        let message = format!("segment `{}` ends past 2^40 bytes", s.name.value);
        let d = cx
            .error(Code::SegmentTooLarge, &s.name, message)
            .help("lessen `at`, `stride` or `rows`");
        cx.push(d);
    }
    end
}

fn sync(
    cx: &mut Context<'_>,
    s: &At<Segment>,
    layout: &Layout,
    record: &StructLayout,
    lies: Option<(u64, u64)>,
) -> Option<Sync> {
    let Some(sync) = &s.sync else {
        if !cx.is_suspect(s) {
            let name = &s.name.value;
            let message = format!("foreign segment `{name}` does not say when a record is whole");
            let d = cx.error(Code::MissingSync, &s.name, message).help(SYNCS);
            cx.push(d);
        }
        return None;
    };
    let fields = match &sync.value {
        SyncChoice::Word(word) if word == "none" => return Some(Sync::None),
        SyncChoice::Word(word) => {
            let message = format!("there is no `sync: {word}`");
            let d = cx.error(Code::UnknownSync, sync, message).help(SYNCS);
            cx.push(d);
            return None;
        }
        SyncChoice::Fields(fields) => fields,
    };
    let rule = match &fields.rule {
        None => None,
        Some(rule) if matches!(rule.as_str(), "odd-while-writing" | "unchanged") => {
            Some(rule.as_str())
        }
        Some(rule) => {
            let message = format!("there is no rule `{}`", rule.value);
            let help = cx.suggest(rule, ["odd-while-writing", "unchanged"]);
            let d = cx
                .error(Code::UnknownSync, rule, message)
                .help(help.unwrap_or_else(|| SYNCS.to_owned()));
            cx.push(d);
            return None;
        }
    };
    let mut field = |key, name| sync_field(cx, key, name, layout, record, lies);
    let given = (
        &fields.counter,
        rule,
        &fields.valid,
        &fields.begin,
        &fields.end,
    );
    match given {
        (Some(counter), Some("odd-while-writing"), None, None, None) => {
            let counter = field("counter", counter)?;
            Some(Sync::OddWhileWriting { counter })
        }
        (Some(counter), Some("unchanged"), Some(valid), None, None) => {
            let (counter, valid) = (field("counter", counter), field("valid", valid));
            Some(Sync::Unchanged {
                counter: counter?,
                valid: valid?,
            })
        }
        (None, None, None, Some(begin), Some(end)) => {
            let (begin, end) = (field("begin", begin)?, field("end", end)?);
            pair(cx, fields.end.as_ref(), record, begin, end)
        }
        _ => {
            if !cx.is_suspect(s) {
                let message = match given {
                    (Some(_), Some("unchanged"), None, None, None) => {
                        "a counter that is `unchanged` does not tell that a record is whole: \
                         all of a read may lie inside one write"
                    }
                    _ => "these keys of `sync` do not go together",
                };
                let d = cx.key_error(Code::SyncKeys, sync, message).help(SYNCS);
                cx.push(d);
            }
            None
        }
    }
}

/// Two fields that can be equal.
fn pair(
    cx: &mut Context<'_>,
    at: Option<&Text>,
    record: &StructLayout,
    begin: usize,
    end: usize,
) -> Option<Sync> {
    let ty = |member: usize| record.members[member].as_field().map(|f| f.ty);
    if begin != end && ty(begin) == ty(end) {
        return Some(Sync::Pair { begin, end });
    }
    if let Some(at) = at {
        let message = "`begin` and `end` are two fields of one type";
        let d = cx
            .error(Code::BadSyncField, at, message)
            .help("name the field that the program stores after the record");
        cx.push(d);
    }
    None
}

/// The index of a field of `sync` among the record's members.
fn sync_field(
    cx: &mut Context<'_>,
    key: &str,
    name: &Text,
    layout: &Layout,
    record: &StructLayout,
    lies: Option<(u64, u64)>,
) -> Option<usize> {
    let is_named = |m: &Member| m.as_field().is_some_and(|f| f.name == name.as_str());
    let found = record.members.iter().position(is_named);
    let Some((member, field)) = found.and_then(|i| Some((i, record.members[i].as_field()?))) else {
        let message = format!("struct `{}` has no field `{}`", record.name, name.value);
        let fields = record.fields().map(|f| f.name.as_str());
        let help = cx
            .suggest(name, fields)
            .unwrap_or_else(|| format!("`{key}` is a field of the record"));
        let d = cx.error(Code::UnknownSyncField, name, message).help(help);
        cx.push(d);
        return None;
    };
    let counts = matches!(
        field.ty,
        Type::Scalar(Scalar::U32 | Scalar::I32 | Scalar::U64 | Scalar::I64)
    ) && field.dims.is_empty();
    let message = if !counts {
        format!(
            "`{key}` is an integer of 4 or 8 bytes, and `{}` is not",
            field.name
        )
    } else {
        let (at, stride) = lies?;
        let aligned = |offset: u64| offset.is_multiple_of(field.size);
        if aligned(at.saturating_add(field.offset)) && aligned(stride) {
            return Some(member);
        }
        format!(
            "`{key}` lies at a multiple of its {} bytes, and `{}` does not in every record",
            field.size, field.name
        )
    };
    let d = cx
        .error(Code::BadSyncField, name, message)
        .label(format!("of type `{}`", layout.type_name(field.ty)));
    let d = cx
        .beside(d, layout, record.home, field.at, "the field")
        .help("else it could be read half changed itself");
    cx.push(d);
    None
}
