//! The bytes of a struct as a picture for a terminal.

use shm_schema::layout::{Layout, Member, StructLayout};

use super::bytes::{self, Kind, Line, Part};
use super::paint::Paint;
use super::table::CACHE_LINE;
use super::text;

/// Columns of a byte, its border included: sixteen of them and an offset fit
/// into a terminal of 80.
const BYTE: usize = 4;

/// The given structs, each as rows of sixteen bytes; where a row begins a
/// cache line, a rule says which.
pub fn map(layout: &Layout, structs: &[&StructLayout], paint: Paint) -> String {
    let maps: Vec<String> = structs
        .iter()
        .map(|record| {
            let mut text = text::heading(layout, record, paint);
            text.push_str(&rows(record, paint));
            text.push_str(&text::remedy(record, paint));
            text
        })
        .collect();
    maps.join("\n") + &legend(structs, paint)
}

/// The rows alone, for a page that says the rest in its own words.
pub(crate) fn rows(record: &StructLayout, paint: Paint) -> String {
    let gutter = (record.size - 1).to_string().len().max(3);
    let columns = |n: usize| format!("{:<BYTE$}", format!(" {n:x}"));
    let titles: String = (0..bytes::ROW as usize).map(columns).collect();
    let mut text = format!("  {:gutter$}  {}\n", "", paint.faint(titles.trim_end()));
    for line in bytes::lines(record) {
        match line {
            Line::Bytes { offset, parts } => {
                if offset.is_multiple_of(CACHE_LINE) && record.size > CACHE_LINE {
                    text.push_str(&rule(offset / CACHE_LINE, gutter, paint));
                }
                let cells: String = parts
                    .iter()
                    .map(|part| cell(record, offset, part, paint))
                    .collect();
                text.push_str(&format!("  {offset:gutter$} │{cells}\n"));
            }
            Line::Skipped { member, rows } => {
                let name = bytes::name(&record.members[member]);
                let words = crate::words::plural(rows, "row");
                let words = format!("{words} more of {name}");
                text.push_str(&format!("  {:>gutter$} │ {}\n", "⋮", paint.faint(&words)));
            }
        }
    }
    text
}

fn rule(line: u64, gutter: usize, paint: Paint) -> String {
    let label = format!("── cache line {line} ");
    let rule = "─".repeat(bytes::ROW as usize * BYTE - label.chars().count());
    format!(
        "  {:gutter$} ├{}\n",
        "",
        paint.faint(&format!("{label}{rule}"))
    )
}

fn cell(record: &StructLayout, offset: u64, part: &Part, paint: Paint) -> String {
    let member = &record.members[part.member];
    let room = part.width as usize * BYTE - 1;
    let fill = match member {
        Member::Pad(_) => '░',
        _ => ' ',
    };
    let label = match part.is_named {
        true if room < 2 * BYTE - 1 => shortened(bytes::name(member), room),
        true => format!(" {} ", shortened(bytes::name(member), room - 2)),
        false => String::new(),
    };
    let rest = room - label.chars().count();
    let text: String = label
        .chars()
        .chain(std::iter::repeat_n(fill, rest))
        .collect();
    let goes_on = bytes::end(member) > offset + bytes::ROW;
    let is_last = part.start + part.width == bytes::ROW;
    let border = if goes_on && is_last { '┊' } else { '│' };
    format!(
        "{}{border}",
        paint.ground(ground(Kind::of(record, member)), &text)
    )
}

/// In at most so many characters, an ellipsis counted in.
fn shortened(name: &str, room: usize) -> String {
    if name.chars().count() <= room {
        return name.to_owned();
    }
    match room {
        0 => String::new(),
        _ => name.chars().take(room - 1).chain(['…']).collect(),
    }
}

fn legend(structs: &[&StructLayout], paint: Paint) -> String {
    if paint == Paint::Plain {
        return String::new();
    }
    let kinds = structs
        .iter()
        .flat_map(|record| record.members.iter().map(|m| Kind::of(record, m)));
    let mut kinds: Vec<Kind> = kinds.collect();
    kinds.sort_unstable();
    kinds.dedup();
    let words = kinds
        .iter()
        .map(|kind| paint.ground(ground(*kind), &format!(" {} ", kind.word())));
    format!("\n  {}\n", words.collect::<Vec<_>>().join(" "))
}

/// Grounds of the 256-colour palette on which black is easy to read.
fn ground(kind: Kind) -> u8 {
    match kind {
        Kind::Number => 153,
        Kind::Text => 151,
        Kind::Time => 183,
        Kind::Choice => 222,
        Kind::Record => 152,
        Kind::Reserved => 252,
        Kind::Padding => 217,
        Kind::Tail => 255,
    }
}
