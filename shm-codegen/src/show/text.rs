//! The layout as a table: what stands where, what is wasted, and which fields
//! share a cache line.

use shm_schema::layout::{Layout, Member, SegmentKind, SegmentLayout, StructLayout};

use super::paint::Paint;
use super::table::{CACHE_LINE, Row, Widths};
use crate::words;

/// The given structs; with what the schema says of itself and its segments
/// before them when there is more than one to show.
pub fn text(layout: &Layout, structs: &[&StructLayout], paint: Paint) -> String {
    let mut text = String::new();
    if structs.len() > 1 {
        let title = format!("{} version {}", layout.package, layout.version);
        text.push_str(&format!("{}\n", paint.bold(&title)));
        text.push_str(&format!("fingerprint {}\n", layout.fingerprint));
        for segment in &layout.segments {
            text.push_str(&format!("{}\n", segment_line(layout, segment)));
        }
        text.push('\n');
    }
    let shown: Vec<String> = structs.iter().map(|s| one(layout, s, paint)).collect();
    text.push_str(&shown.join("\n"));
    text
}

fn segment_line(layout: &Layout, segment: &SegmentLayout) -> String {
    let record = &layout.structs[segment.of];
    let name = &segment.name;
    match segment.kind {
        SegmentKind::Cell => format!("segment {name}: a cell of {}", record.name),
        SegmentKind::Table { rows, key } => {
            let key = match key.map(|index| &record.members[index]) {
                Some(Member::Field(field)) => format!(", found by {}", field.name),
                _ => String::new(),
            };
            format!("segment {name}: a table of {rows} {}{key}", record.name)
        }
    }
}

fn one(layout: &Layout, record: &StructLayout, paint: Paint) -> String {
    let rows: Vec<Row> = record.members.iter().map(|m| Row::new(layout, m)).collect();
    let widths = Widths::new(&rows);
    let mut text = heading(record, paint);
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

fn heading(record: &StructLayout, paint: Paint) -> String {
    let packed = record
        .pack
        .map(|n| format!(", packed to {n}"))
        .unwrap_or_default();
    let lines = words::plural(record.size.div_ceil(CACHE_LINE), "cache line");
    let use_of = Use::of(record);
    let mut parts = vec![format!(
        "{} used ({:.1} %)",
        use_of.fields,
        100.0 * use_of.fields as f64 / record.size as f64
    )];
    if use_of.reserved > 0 {
        parts.push(format!("{} reserved", use_of.reserved));
    }
    if use_of.holes > 0 {
        parts.push(paint.warn(&format!("{} in holes", use_of.holes)));
    }
    if use_of.tail > 0 {
        parts.push(format!("{} at the end", use_of.tail));
    }
    format!(
        "{} {}, aligned to {}{packed}, {lines}; {}\n",
        paint.bold(&format!("struct {}:", record.name)),
        words::plural(record.size, "byte"),
        record.align,
        parts.join(", "),
    )
}

/// What a struct's bytes are there for.
struct Use {
    fields: u64,
    reserved: u64,
    holes: u64,
    tail: u64,
}

impl Use {
    fn of(record: &StructLayout) -> Self {
        let mut sum = Self {
            fields: 0,
            reserved: 0,
            holes: 0,
            tail: 0,
        };
        for (index, member) in record.members.iter().enumerate() {
            match member {
                Member::Field(field) => sum.fields += field.size,
                Member::Reserved(gap) => sum.reserved += gap.size,
                Member::Pad(gap) if index + 1 == record.members.len() => sum.tail += gap.size,
                Member::Pad(gap) => sum.holes += gap.size,
            }
        }
        sum
    }
}

/// The order of fields that leaves no holes: by falling alignment, since every
/// size is a multiple of its alignment. Fields of one alignment stay in order.
fn remedy(record: &StructLayout, paint: Paint) -> String {
    if Use::of(record).holes == 0 {
        return String::new();
    }
    let mut order: Vec<(u64, &str)> = record
        .members
        .iter()
        .filter_map(|member| match member {
            Member::Field(field) => Some((field.align, field.name.as_str())),
            Member::Reserved(gap) => Some((1, gap.name.as_str())),
            Member::Pad(_) => None,
        })
        .collect();
    order.sort_by_key(|(align, _)| std::cmp::Reverse(*align));
    let names: Vec<&str> = order.into_iter().map(|(_, name)| name).collect();
    let lines = fill(&names, 72);
    format!(
        "{}\n    {}\n",
        paint.warn("  no holes in this order:"),
        lines.join("\n    ")
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
