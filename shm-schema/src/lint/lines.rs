//! Cache lines that a few bytes cost.

use super::MAX_SHOWN;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::law;
use crate::layout::{Field, Layout, Order, SegmentKind, SegmentLayout, StructLayout, Type};

/// What x86-64 and most of AArch64 move between cores at once.
const CACHE_LINE: u64 = 64;

/// Most bytes of a record that are worth giving up for a line of each row.
const FEW: u64 = 8;

/// What a line must be of a row to be worth the trouble: an eighth.
const WORTH: u64 = 8;

pub(super) fn look(layout: &Layout, found: &mut Vec<Diagnostic>) {
    found.extend(layout.segments.iter().filter_map(|s| overrun(layout, s)));
    found.extend(layout.own_structs().filter_map(split));
}

/// A table whose rows would need a line less if the record were a little
/// smaller.
fn overrun(layout: &Layout, s: &SegmentLayout) -> Option<Diagnostic> {
    let SegmentKind::Table { rows, .. } = s.kind else {
        return None;
    };
    if s.foreign.is_some() {
        // Another program lays them out.
        return None;
    }
    if s.order == Order::Arrays {
        // Rows share lines there: a byte less is a byte less.
        return None;
    }
    let record = &layout.structs[s.of];
    let stride = law::stride(record.size, s.copies)?;
    let few = (1..=FEW.min(record.size - 1)).find_map(|few| {
        let smaller = law::stride(record.size - few, s.copies)?;
        ((stride - smaller) * WORTH >= stride).then_some((few, smaller))
    });
    let (few, smaller) = few?;
    let saved = (stride - smaller).saturating_mul(rows);
    let message = format!("a row of `{}` takes {stride} bytes of memory", s.name);
    let less = match few {
        1 => "a byte".to_owned(),
        n => format!("{n} bytes"),
    };
    let text = format!(
        "with {less} less in `{}` it would take {smaller}",
        record.name
    );
    Some(
        Diagnostic::new(Code::RowOverrun, s.at, message)
            .note(format!("{text}, and all rows {saved} bytes less"))
            .help(format!(
                "see `shm-codegen layout` for bytes that `{}` does not need",
                record.name
            )),
    )
}

/// Numbers of a packed struct that lie on two lines: no processor reads or
/// writes such a number at once, so that a program that shares the struct
/// without a protocol may see half of it.
fn split(s: &StructLayout) -> Option<Diagnostic> {
    s.pack?;
    let mut split = s.fields().filter(|f| f.dims.is_empty() && is_split(f));
    let first = split.next()?;
    let message = format!(
        "`{}` of packed `{}` lies on two cache lines",
        first.name, s.name
    );
    let at = first.offset / CACHE_LINE * CACHE_LINE + CACHE_LINE;
    let mut d = Diagnostic::new(Code::SplitScalar, first.at, message)
        .note(format!("byte {at} begins the next one"))
        .help("if the struct is yours, put its largest numbers first");
    for field in split.take(MAX_SHOWN - 1) {
        d = d.other(field.at, "so does this");
    }
    Some(d)
}

fn is_split(field: &Field) -> bool {
    let is_number = matches!(
        field.ty,
        Type::Scalar(_) | Type::Timestamp(_) | Type::Duration(_) | Type::Enum(_) | Type::Flags(_)
    );
    is_number && field.offset / CACHE_LINE != (field.offset + field.size - 1) / CACHE_LINE
}
