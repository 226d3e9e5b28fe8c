//! The layout as a table: what stands where, what is wasted, and which fields
//! share a cache line.

use shm_schema::layout::{Home, Layout, Member, SegmentKind, SegmentLayout, StructLayout, Type};

use super::paint::Paint;
use super::room::{Remedy, Room};
use super::table::{CACHE_LINE, Row, Widths};
use crate::words;

/// The given structs; with what the schema says of itself, its imports and its
/// segments before them when they are all of its own.
pub fn text(layout: &Layout, structs: &[&StructLayout], paint: Paint) -> String {
    let mut text = String::new();
    let own = structs.iter().filter(|s| s.home == Home::Own);
    if own.count() == layout.own_structs().count() {
        text.push_str(&about(layout, paint));
    }
    let shown: Vec<String> = structs.iter().map(|s| one(layout, s, paint)).collect();
    text.push_str(&shown.join("\n"));
    text
}

fn about(layout: &Layout, paint: Paint) -> String {
    let title = format!("{} version {}", layout.package, layout.version);
    let mut text = format!("{}\n", paint.bold(&title));
    text.push_str(&format!("fingerprint {}\n", layout.fingerprint));
    for import in layout.imports.iter().filter(|import| import.direct) {
        let import = &import.layout;
        let (package, version, path) = (&import.package, import.version, &import.path);
        text.push_str(&format!(
            "imports {package} version {version} from {path}\n"
        ));
    }
    for segment in &layout.segments {
        text.push_str(&format!("{}\n", segment_line(layout, segment)));
    }
    text + "\n"
}

fn segment_line(layout: &Layout, segment: &SegmentLayout) -> String {
    let shape = segment_shape(layout, segment);
    let Some(foreign) = &segment.foreign else {
        return shape;
    };
    let place = words::place(&foreign.place);
    let at = match foreign.at {
        0 => String::new(),
        at => format!(" from byte {at}"),
    };
    let apart = match segment.kind {
        SegmentKind::Table { .. } => format!(", {} bytes apart", foreign.stride),
        SegmentKind::Cell => String::new(),
    };
    let sync = layout.sync_text(segment);
    format!("{shape}, foreign, in {place}{at}{apart}; sync {sync}")
}

fn segment_shape(layout: &Layout, segment: &SegmentLayout) -> String {
    let record = &layout.structs[segment.of];
    let of = layout.type_name(Type::Struct(segment.of));
    let name = &segment.name;
    let unusual = words::unusual(segment);
    match segment.kind {
        SegmentKind::Cell => format!("segment {name}: a cell of {of}{unusual}"),
        SegmentKind::Table { rows, key } => {
            let key = match key.map(|index| &record.members[index]) {
                Some(Member::Field(field)) => format!(", found by {}", field.name),
                _ => String::new(),
            };
            format!("segment {name}: a table of {rows} {of}{key}{unusual}")
        }
    }
}

fn one(layout: &Layout, record: &StructLayout, paint: Paint) -> String {
    let rows = (0..record.members.len()).map(|index| Row::new(layout, record, index));
    let rows: Vec<Row> = rows.collect();
    let widths = Widths::new(&rows);
    let mut text = heading(layout, record, paint);
    text.push_str(&widths.titles(paint));
    let mut line = 0;
    for row in &rows {
        let starts_in = row.offset / CACHE_LINE;
        if starts_in != line {
            line = starts_in;
            text.push_str(&boundary(line, widths.total(), paint));
        }
        text.push_str(&widths.row(row, paint));
    }
    text.push_str(&remedy(record, paint));
    text
}

pub(super) fn heading(layout: &Layout, record: &StructLayout, paint: Paint) -> String {
    let name = match layout.package_of(record.home) {
        Some(package) => format!("{package}.{}", record.name),
        None => record.name.to_string(),
    };
    let packed = record
        .pack
        .map(|n| format!(", packed to {n}"))
        .unwrap_or_default();
    let lines = words::plural(record.size.div_ceil(CACHE_LINE), "cache line");
    let room = Room::of(record);
    let mut parts = vec![format!(
        "{} used ({:.1} %)",
        room.fields,
        100.0 * room.fields as f64 / record.size as f64
    )];
    if room.reserved > 0 {
        parts.push(format!("{} reserved", room.reserved));
    }
    if room.holes > 0 {
        parts.push(paint.warn(&format!("{} in holes", room.holes)));
    }
    if room.tail > 0 {
        parts.push(format!("{} at the end", room.tail));
    }
    format!(
        "{} {}, aligned to {}{packed}, {lines}; {}\n",
        paint.bold(&format!("struct {name}:")),
        words::plural(record.size, "byte"),
        record.align,
        parts.join(", "),
    )
}

/// The order of fields that leaves no holes, and what it saves.
pub(super) fn remedy(record: &StructLayout, paint: Paint) -> String {
    let Some(remedy) = Remedy::of(record) else {
        return String::new();
    };
    format!(
        "{}\n    {}\n",
        paint.warn(&format!("  {}:", remedy.title())),
        fill(&remedy.order, 72).join("\n    ")
    )
}

/// Names joined by commas, in lines of at most `width` characters.
fn fill(names: &[&str], width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (index, name) in names.iter().enumerate() {
        let comma = if index + 1 == names.len() { "" } else { "," };
        let last = lines.len() - 1;
        if !lines[last].is_empty() && lines[last].len() + name.len() + 2 > width {
            lines.push(format!("{name}{comma}"));
        } else {
            let blank = if lines[last].is_empty() { "" } else { " " };
            lines[last].push_str(&format!("{blank}{name}{comma}"));
        }
    }
    lines
}

fn boundary(line: u64, width: usize, paint: Paint) -> String {
    let label = format!("── cache line {line} ");
    let rule = "─".repeat(width.saturating_sub(label.chars().count()));
    format!("  {}\n", paint.faint(&format!("{label}{rule}")))
}
