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
        if let Some(message) = other_shape(pairs, old, new) {
            let d = at(Code::SegmentChanged, (Home::Own, new.at), message);
            let d = help(
                d,
                "a segment that exists keeps its shape: make one of another name",
            );
            findings.push(d, (Home::Own, old.at), "as it was");
            findings.breaks((Home::Own, new.at));
        }
    }
}

fn other_shape(pairs: &Pairs<'_>, old: &SegmentLayout, new: &SegmentLayout) -> Option<String> {
    let name = &new.name;
    if !pairs.same(Type::Struct(old.of), Type::Struct(new.of)) {
        let record = |layout: &Layout, s: &SegmentLayout| layout.type_name(Type::Struct(s.of));
        let (is, was) = (record(pairs.new, new), record(pairs.old, old));
        return Some(format!("`{name}` is of `{is}`, and was of `{was}`"));
    }
    match (&old.kind, &new.kind) {
        (SegmentKind::Cell, SegmentKind::Cell) => None,
        (SegmentKind::Table { .. }, SegmentKind::Cell) => {
            Some(format!("`{name}` is a cell, and was a table"))
        }
        (SegmentKind::Cell, SegmentKind::Table { .. }) => {
            Some(format!("`{name}` is a table, and was a cell"))
        }
        (SegmentKind::Table { rows: was, .. }, SegmentKind::Table { rows: is, .. })
            if is != was =>
        {
            Some(format!("`{name}` has {is} rows, and had {was}"))
        }
        (SegmentKind::Table { .. }, SegmentKind::Table { .. }) => {
            let key = |layout: &Layout, s: &SegmentLayout| match layout.key_of(s) {
                Some(field) => format!("by `{}`", field.name),
                None => "by number only".to_owned(),
            };
            let (is, was) = (key(pairs.new, new), key(pairs.old, old));
            (is != was).then(|| format!("rows of `{name}` are found {is}, and were {was}"))
        }
    }
}
