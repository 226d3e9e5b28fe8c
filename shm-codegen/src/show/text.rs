//! The layout as a table: what stands where, what is wasted, and which fields
//! share a cache line.

use shm_schema::layout::{Field, Gap, Layout, Member, SegmentKind, SegmentLayout, StructLayout};

use super::paint::Paint;
use crate::words;

/// What x86-64 and most of AArch64 move between cores at once.
const CACHE_LINE: u64 = 64;

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
    let lines = match record.size.div_ceil(CACHE_LINE) {
        1 => "1 cache line".to_owned(),
        n => format!("{n} cache lines"),
    };
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
        "{} {} bytes, aligned to {}{packed}, {lines}; {}\n",
        paint.bold(&format!("struct {}:", record.name)),
        record.size,
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

/// A member as text.
struct Row {
    offset: u64,
    size: u64,
    ty: String,
    name: String,
    unit: String,
    notes: String,
    is_hole: bool,
}

impl Row {
    fn new(layout: &Layout, member: &Member) -> Self {
        match member {
            Member::Field(field) => Self::of_field(layout, field),
            Member::Reserved(gap) => Self::of_gap(gap, "reserved", false),
            Member::Pad(gap) => Self::of_gap(gap, "padding", true),
        }
    }

    fn of_field(layout: &Layout, field: &Field) -> Self {
        Self {
            offset: field.offset,
            size: field.size,
            ty: words::field_type(layout, field),
            name: field.name.to_string(),
            unit: field.unit.clone().unwrap_or_default(),
            notes: notes(field).join("; "),
            is_hole: false,
        }
    }

    fn of_gap(gap: &Gap, kind: &str, is_hole: bool) -> Self {
        Self {
            offset: gap.offset,
            size: gap.size,
            ty: kind.to_owned(),
            name: gap.name.clone(),
            unit: String::new(),
            notes: String::new(),
            is_hole,
        }
    }
}

/// What the other columns do not say of a field.
fn notes(field: &Field) -> Vec<String> {
    let mut notes = words::value_facts(field);
    let first = field.offset / CACHE_LINE;
    let last = (field.offset + field.size - 1) / CACHE_LINE;
    if last > first {
        notes.push(format!("ends in line {last}"));
    }
    notes.extend(
        field
            .since
            .map(|version| format!("since version {version}")),
    );
    notes.extend(
        field
            .deprecated
            .as_ref()
            .map(|why| format!("deprecated: {why}")),
    );
    let schema = field.name.as_str();
    for (language, name) in [
        ("Rust", field.name.rust()),
        ("Python", field.name.python()),
        ("C", field.name.c()),
    ] {
        if name != schema {
            notes.push(format!("{name} in {language}"));
        }
    }
    notes
}

/// How wide each column must be.
struct Widths {
    offset: usize,
    size: usize,
    ty: usize,
    name: usize,
    unit: usize,
}

impl Widths {
    fn new(rows: &[Row]) -> Self {
        let widest = |title: &str, cell: fn(&Row) -> usize| {
            rows.iter().map(cell).max().unwrap_or(0).max(title.len())
        };
        Self {
            offset: widest("offset", |r| r.offset.to_string().len()),
            size: widest("size", |r| r.size.to_string().len()),
            ty: widest("type", |r| r.ty.len()),
            name: widest("name", |r| r.name.len()),
            unit: widest("unit", |r| r.unit.chars().count()),
        }
    }

    fn total(&self) -> usize {
        self.offset + self.size + self.ty + self.name + self.unit + 8
    }

    fn titles(&self, paint: Paint) -> String {
        let line = self.cells(["offset", "size", "type", "name", "unit"]);
        format!("  {}\n", paint.faint(line.trim_end()))
    }

    fn row(&self, row: &Row, paint: Paint) -> String {
        let (offset, size) = (row.offset.to_string(), row.size.to_string());
        let cells = self.cells([&offset, &size, &row.ty, &row.name, &row.unit]);
        let line = format!("{cells}  {}", row.notes);
        let line = line.trim_end();
        if row.is_hole {
            format!("  {}\n", paint.warn(line))
        } else {
            format!("  {line}\n")
        }
    }

    fn cells(&self, [offset, size, ty, name, unit]: [&str; 5]) -> String {
        let Self {
            offset: o,
            size: s,
            ty: t,
            name: n,
            unit: u,
        } = *self;
        format!("{offset:>o$}  {size:>s$}  {ty:t$}  {name:n$}  {unit:u$}")
    }
}
