//! Segments: what is in `/dev/shm` keeps its name and its shape.

use super::finding::{Findings, at, gone, help};
use super::pairs::Pairs;
use crate::code::Code;
use crate::layout::{Home, Layout, SegmentKind, SegmentLayout, Type};

pub(super) fn compare(pairs: &Pairs<'_>, findings: &mut Findings) {
    for old in &pairs.old.segments {
        let Some(new) = pairs.new.segments.iter().find(|s| s.name == old.name) else {
            let message = format!("segment `{}` is gone", old.name);
            let d = gone(Code::SegmentRemoved, pairs.new, message);
            let d = help(
                d,
                "keep it: a program that was built with it still opens it",
            );
            findings.push(d, (Home::Own, old.at), "it was here");
            continue;
        };
        let (message, breaks) = if let Some(message) = other_records(pairs, old, new) {
            (message, true)
        } else if let Some(message) = other_key(pairs, old, new) {
            // A reader does not look for rows by what their writer lacks.
            (message, is_new_key(pairs, old, new))
        } else {
            continue;
        };
        let d = at(Code::SegmentChanged, (Home::Own, new.at), message);
        let d = help(
            d,
            "a segment that exists keeps its shape: make one of another name",
        );
        findings.push(d, (Home::Own, old.at), "as it was");
        if breaks {
            findings.breaks((Home::Own, new.at));
        }
    }
}

/// Whether a reader of the one attaches to the other, and no more: it has other
/// rows, or finds them by another field.
pub(super) fn differs(pairs: &Pairs<'_>, old: &SegmentLayout, new: &SegmentLayout) -> bool {
    let rows = |s: &SegmentLayout| match s.kind {
        SegmentKind::Table { rows, .. } => rows,
        SegmentKind::Cell => 1,
    };
    rows(old) != rows(new) || other_key(pairs, old, new).is_some()
}

fn other_records(pairs: &Pairs<'_>, old: &SegmentLayout, new: &SegmentLayout) -> Option<String> {
    let name = &new.name;
    if !pairs.same(Type::Struct(old.of), Type::Struct(new.of)) {
        let record = |layout: &Layout, s: &SegmentLayout| layout.type_name(Type::Struct(s.of));
        let (is, was) = (record(pairs.new, new), record(pairs.old, old));
        return Some(format!("`{name}` is of `{is}`, and was of `{was}`"));
    }
    shape(old, new).or_else(|| foreign(pairs, old, new))
}

/// The place of a foreign segment may change: it decides no byte of it.
fn foreign(pairs: &Pairs<'_>, old: &SegmentLayout, new: &SegmentLayout) -> Option<String> {
    let name = &new.name;
    let (was, is) = match (&old.foreign, &new.foreign) {
        (None, None) => return None,
        (Some(was), Some(is)) => (was, is),
        (None, Some(_)) => return Some(format!("`{name}` is foreign, and was a segment of ours")),
        (Some(_), None) => return Some(format!("`{name}` is a segment of ours, and was foreign")),
    };
    if let (SegmentKind::Table { rows: was, .. }, SegmentKind::Table { rows: is, .. }) =
        (&old.kind, &new.kind)
        && was != is
    {
        // No header tells a reader how many there are.
        return Some(format!("`{name}` has {is} rows, and had {was}"));
    }
    if was.at != is.at {
        let (was, is) = (was.at, is.at);
        return Some(format!("`{name}` begins at byte {is}, and did at {was}"));
    }
    if was.stride != is.stride {
        let (was, is) = (was.stride, is.stride);
        return Some(format!(
            "rows of `{name}` are {is} bytes apart, and were {was}"
        ));
    }
    let (was, is) = (pairs.old.sync_text(old), pairs.new.sync_text(new));
    (was != is).then(|| format!("`{name}` is synchronised by `{is}`, and was by `{was}`"))
}

fn shape(old: &SegmentLayout, new: &SegmentLayout) -> Option<String> {
    let name = &new.name;
    match (&old.kind, &new.kind) {
        (SegmentKind::Table { .. }, SegmentKind::Cell) => {
            Some(format!("`{name}` is a cell, and was a table"))
        }
        (SegmentKind::Cell, SegmentKind::Table { .. }) => {
            Some(format!("`{name}` is a table, and was a cell"))
        }
        (SegmentKind::Cell, SegmentKind::Cell)
        | (SegmentKind::Table { .. }, SegmentKind::Table { .. }) => None,
    }
}

fn other_key(pairs: &Pairs<'_>, old: &SegmentLayout, new: &SegmentLayout) -> Option<String> {
    let key = |layout: &Layout, s: &SegmentLayout| match layout.key_of(s) {
        Some(field) => format!("by `{}`", field.name),
        None => "by number only".to_owned(),
    };
    let (is, was) = (key(pairs.new, new), key(pairs.old, old));
    (is != was).then(|| format!("rows of `{}` are found {is}, and were {was}", new.name))
}

/// Whether the old record has no such field as the new key.
fn is_new_key(pairs: &Pairs<'_>, old: &SegmentLayout, new: &SegmentLayout) -> bool {
    let before = &pairs.old.structs[old.of];
    let key = pairs.new.key_of(new);
    key.is_some_and(|key| before.fields().all(|field| field.name != key.name))
}
