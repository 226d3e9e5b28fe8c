//! A struct's bytes in rows: what every picture of them is drawn from.

use shm_schema::layout::{Member, StructLayout, Type};

/// Bytes of a row: as hex dumps have it, and four rows are a cache line.
pub(super) const ROW: u64 = 16;

/// Rows that one member fills from edge to edge before some are left out.
const MANY: u64 = 8;

/// Of those, how many are shown before the gap; one is shown behind it.
const SHOWN: u64 = 2;

/// One row of a picture.
pub(super) enum Line {
    /// Sixteen bytes, or fewer at the end of the struct.
    Bytes { offset: u64, parts: Vec<Part> },
    /// Rows that are as the one before: the member, and how many.
    Skipped { member: usize, rows: u64 },
}

/// What a member has of a row.
pub(super) struct Part {
    /// Index into the struct's members.
    pub(super) member: usize,
    /// First byte, counted from the row's.
    pub(super) start: u64,
    /// In bytes.
    pub(super) width: u64,
    /// Whether the member is named here: no other part of it is wider, and
    /// none that is as wide comes before.
    pub(super) is_named: bool,
}

/// The rows of a struct. Their number grows with that of the members, not
/// with the size of an array.
pub(super) fn lines(record: &StructLayout) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut row = 0;
    let mut first = 0;
    while row * ROW < record.size {
        let offset = row * ROW;
        while end(&record.members[first]) <= offset {
            first += 1;
        }
        let full = (end(&record.members[first]) - offset) / ROW;
        let starts_here = record.members[first].offset() <= offset;
        if starts_here && full > MANY {
            for shown in row..row + SHOWN {
                lines.push(bytes(record, first, shown * ROW));
            }
            let rows = full - SHOWN - 1;
            lines.push(Line::Skipped {
                member: first,
                rows,
            });
            row += full - 1;
        }
        lines.push(bytes(record, first, row * ROW));
        row += 1;
    }
    lines
}

fn bytes(record: &StructLayout, first: usize, offset: u64) -> Line {
    let until = offset + ROW;
    let parts = record.members.iter().enumerate().skip(first);
    let parts = parts.skip_while(|(_, m)| end(m) <= offset);
    let parts = parts.take_while(|(_, m)| m.offset() < until);
    Line::Bytes {
        offset,
        parts: parts
            .map(|(member, m)| {
                let from = m.offset().max(offset);
                Part {
                    member,
                    start: from - offset,
                    width: end(m).min(until) - from,
                    is_named: from == named_at(m),
                }
            })
            .collect(),
    }
}

/// Where the member's first widest part begins.
fn named_at(member: &Member) -> u64 {
    let (start, end) = (member.offset(), end(member));
    let next_row = (start + 1).next_multiple_of(ROW);
    let in_first = end.min(next_row) - start;
    let in_second = end.min(next_row + ROW).saturating_sub(next_row);
    if in_second > in_first {
        next_row
    } else {
        start
    }
}

/// One past its last byte.
pub(super) fn end(member: &Member) -> u64 {
    member.offset() + member.size()
}

/// What a member's bytes mean, as far as a colour can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Integers and floats.
    Number,
    /// Text and raw bytes.
    Text,
    /// Timestamps and durations.
    Time,
    /// Enums, flags and bool.
    Choice,
    /// A struct.
    Record,
    /// Room kept free.
    Reserved,
    /// Room that nobody asked for.
    Padding,
    /// Room behind the last member.
    Tail,
}

impl Kind {
    pub(super) const ALL: [Self; 8] = [
        Self::Number,
        Self::Text,
        Self::Time,
        Self::Choice,
        Self::Record,
        Self::Reserved,
        Self::Padding,
        Self::Tail,
    ];

    /// Of one of the struct's members.
    pub(super) fn of(record: &StructLayout, member: &Member) -> Self {
        match member {
            Member::Reserved(_) => Self::Reserved,
            Member::Pad(_) if end(member) == record.size => Self::Tail,
            Member::Pad(_) => Self::Padding,
            Member::Field(field) => match field.ty {
                Type::Scalar(_) => Self::Number,
                Type::Str { .. } | Type::Bytes { .. } | Type::Utf16 { .. } => Self::Text,
                Type::Timestamp(_) | Type::Duration(_) => Self::Time,
                Type::Bool | Type::Enum(_) | Type::Flags(_) => Self::Choice,
                Type::Struct(_) => Self::Record,
            },
        }
    }

    /// For a legend.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Text => "text",
            Self::Time => "time",
            Self::Choice => "enum, flags, bool",
            Self::Record => "struct",
            Self::Reserved => "reserved",
            Self::Padding => "padding",
            Self::Tail => "tail",
        }
    }
}

/// As the schema spells it, or `_pad0`.
pub(super) fn name(member: &Member) -> &str {
    match member {
        Member::Field(field) => field.name.as_str(),
        Member::Reserved(gap) | Member::Pad(gap) => &gap.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &str) -> StructLayout {
        let text =
            format!("{{ shm: 1, package: p, structs: [{{ name: S, fields: [{fields}] }}] }}");
        let layout = shm_schema::compile("p.yaml", text.as_bytes()).unwrap();
        layout.structs[0].clone()
    }

    /// `offset: member@start+width`, a star where the member is named.
    fn drawn(record: &StructLayout) -> Vec<String> {
        let line = |line: &Line| match line {
            Line::Skipped { member, rows } => {
                format!("{rows} rows of {}", name(&record.members[*member]))
            }
            Line::Bytes { offset, parts } => {
                let part = |p: &Part| {
                    let star = if p.is_named { "*" } else { "" };
                    let name = name(&record.members[p.member]);
                    format!("{name}{star}@{}+{}", p.start, p.width)
                };
                let parts: Vec<String> = parts.iter().map(part).collect();
                format!("{offset}: {}", parts.join(" "))
            }
        };
        lines(record).iter().map(line).collect()
    }

    #[test]
    fn a_member_goes_on_in_the_next_row_and_is_named_where_it_is_widest() {
        let record = record("{ name: a, type: u64 }, { name: b, type: bytes, len: 20 }");
        assert_eq!(
            drawn(&record),
            ["0: a*@0+8 b@8+8", "16: b*@0+12 _pad0*@12+4"]
        );
    }

    #[test]
    fn the_middle_of_a_long_array_is_left_out() {
        let record = record("{ name: a, type: u8 }, { name: b, type: bytes, len: 2000000000 }");
        assert_eq!(
            drawn(&record),
            [
                "0: a*@0+1 b@1+15",
                "16: b*@0+16",
                "32: b@0+16",
                "124999996 rows of b",
                "1999999984: b@0+16",
                "2000000000: b@0+1",
            ]
        );
    }

    #[test]
    fn eight_full_rows_are_all_shown() {
        assert_eq!(
            drawn(&record("{ name: b, type: bytes, len: 128 }")).len(),
            8
        );
        assert_eq!(
            drawn(&record("{ name: b, type: bytes, len: 144 }")).len(),
            4
        );
    }
}
