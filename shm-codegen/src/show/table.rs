//! Members in columns.

use shm_schema::layout::{Field, Gap, Layout, Member, StructLayout, Type};

use super::paint::Paint;
use crate::words;

/// What x86-64 and most of AArch64 move between cores at once.
pub(super) const CACHE_LINE: u64 = 64;

/// A member as text.
pub(super) struct Row {
    pub(super) offset: u64,
    size: u64,
    ty: String,
    name: String,
    unit: String,
    notes: String,
    is_hole: bool,
}

impl Row {
    pub(super) fn new(layout: &Layout, record: &StructLayout, index: usize) -> Self {
        match &record.members[index] {
            Member::Field(field) => Self::of_field(layout, field),
            Member::Reserved(gap) => Self::of_gap(gap, "reserved", String::new()),
            Member::Pad(gap) => Self {
                is_hole: true,
                ..Self::of_gap(gap, "padding", reason(record, index, gap))
            },
        }
    }

    fn of_field(layout: &Layout, field: &Field) -> Self {
        Self {
            offset: field.offset,
            size: field.size,
            ty: words::field_type(layout, field),
            name: field.name.to_string(),
            unit: field.unit.as_deref().map(one_line).unwrap_or_default(),
            notes: notes(layout, field).join("; "),
            is_hole: false,
        }
    }

    fn of_gap(gap: &Gap, kind: &str, notes: String) -> Self {
        Self {
            offset: gap.offset,
            size: gap.size,
            ty: kind.to_owned(),
            name: gap.name.clone(),
            unit: String::new(),
            notes,
            is_hole: false,
        }
    }
}

/// A member in one line, for a picture that has no columns.
pub(super) fn member_title(layout: &Layout, record: &StructLayout, index: usize) -> String {
    let row = Row::new(layout, record, index);
    let (first, last) = (row.offset, row.offset + row.size - 1);
    let bytes = match first == last {
        true => format!("byte {first}"),
        false => format!("bytes {first} to {last}"),
    };
    let facts = [row.unit, row.notes].into_iter().filter(|s| !s.is_empty());
    let facts: String = facts.map(|fact| format!("; {fact}")).collect();
    format!("{}: {}, {bytes}{facts}", row.name, row.ty)
}

/// Why there is padding.
fn reason(record: &StructLayout, index: usize, gap: &Gap) -> String {
    match record.members.get(index + 1) {
        Some(Member::Field(next)) => format!("aligns {} to {}", next.name, next.align),
        // A reserved field is bytes; nothing aligns it.
        Some(_) => String::new(),
        None if gap.size < record.align => format!("fills up to a multiple of {}", record.align),
        None => "room to grow, by `size` or `align`".to_owned(),
    }
}

/// What the other columns do not say of a field.
fn notes(layout: &Layout, field: &Field) -> Vec<String> {
    let mut notes = Vec::new();
    match field.ty {
        Type::Enum(index) => notes.push(format!("enum of {}", layout.enums[index].repr.name())),
        Type::Flags(index) => notes.push(format!("flags of {}", layout.flags[index].repr.name())),
        _ => {}
    }
    notes.extend(words::value_facts(field));
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
            .map(|why| format!("deprecated: {}", one_line(why))),
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
pub(super) struct Widths {
    offset: usize,
    size: usize,
    ty: usize,
    name: usize,
    unit: usize,
}

/// A text of the schema in a row, which a line end would break in two.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Widths {
    pub(super) fn new(rows: &[Row]) -> Self {
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

    pub(super) fn total(&self) -> usize {
        self.offset + self.size + self.ty + self.name + self.unit + 8
    }

    pub(super) fn titles(&self, paint: Paint) -> String {
        let line = self.cells(["offset", "size", "type", "name", "unit"]);
        format!("  {}\n", paint.faint(line.trim_end()))
    }

    pub(super) fn row(&self, row: &Row, paint: Paint) -> String {
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
