//! The bytes of structs as a picture that a browser shows.
//!
//! Its colours come from the sheet `templates/docs/map.css`, light or dark as
//! the reader has it.

use askama::Template;
use shm_schema::layout::{Layout, Member, StructLayout};

use super::bytes::{self, Kind, Line, Part};
use super::paint::Paint;
use super::room::Remedy;
use super::table::{CACHE_LINE, member_title};
use super::text;

/// Sizes in user units; a picture of the width of a phone needs no scaling.
const BYTE: u64 = 20;
const ROW_HEIGHT: u64 = 26;
const GAP: u64 = 2;
/// Between two cache lines.
const LINE_GAP: u64 = 8;
const LEFT: u64 = 36;
const RIGHT: u64 = 56;
const TOP: u64 = 18;
const WIDTH: u64 = LEFT + bytes::ROW * BYTE + RIGHT;
/// Of a character of the labels, in tenths.
const CHARACTER: u64 = 62;

/// The map of one struct.
#[derive(Template)]
#[template(path = "docs/map.svg")]
pub(crate) struct Map {
    width: u64,
    pub(crate) height: u64,
    /// Where it stands in a picture of several.
    y: u64,
    label: String,
    columns: Vec<Word>,
    offsets: Vec<Word>,
    parts: Vec<Rect>,
    /// Borders between the elements of arrays.
    elements: Vec<Rule>,
    /// The cache lines, each beside its rows.
    lines: Vec<LineMark>,
    /// What is left out.
    skipped: Vec<Word>,
}

struct Word {
    x: u64,
    y: u64,
    text: String,
}

struct Rect {
    x: u64,
    y: u64,
    width: u64,
    height: u64,
    class: &'static str,
    title: String,
    label: String,
    label_x: u64,
    label_y: u64,
}

struct Rule {
    x: u64,
    top: u64,
    bottom: u64,
}

struct LineMark {
    rule: Rule,
    label_x: u64,
    label_y: u64,
    label: String,
}

impl Map {
    pub(crate) fn new(layout: &Layout, record: &StructLayout) -> Self {
        let mut map = Self {
            width: WIDTH,
            height: 0,
            y: 0,
            label: format!("the {} bytes of {}", record.size, record.name),
            columns: (0..bytes::ROW).map(column).collect(),
            offsets: Vec::new(),
            parts: Vec::new(),
            elements: Vec::new(),
            lines: Vec::new(),
            skipped: Vec::new(),
        };
        let mut y = TOP;
        let mut line = None;
        for row in bytes::lines(record) {
            match row {
                Line::Bytes { offset, parts } => {
                    let here = offset / CACHE_LINE;
                    if line.is_some_and(|line| line != here) {
                        y += LINE_GAP;
                    }
                    if line != Some(here) && record.size > CACHE_LINE {
                        map.begin_line(here, y);
                    }
                    line = Some(here);
                    map.row(layout, record, offset, &parts, y);
                }
                Line::Skipped { member, rows } => {
                    map.skip(record, member, rows, y);
                    // The row behind it may lie in any line.
                    line = None;
                }
            }
            y += ROW_HEIGHT;
            if let (Some(mark), Some(_)) = (map.lines.last_mut(), line) {
                mark.end_at(y - GAP);
            }
        }
        map.height = y + GAP;
        map
    }

    fn begin_line(&mut self, line: u64, y: u64) {
        let x = LEFT + bytes::ROW * BYTE + 5;
        self.lines.push(LineMark {
            rule: Rule {
                x,
                top: y,
                bottom: y,
            },
            label_x: x + 6,
            label_y: y,
            label: format!("line {line}"),
        });
    }

    fn row(&mut self, layout: &Layout, record: &StructLayout, offset: u64, parts: &[Part], y: u64) {
        self.offsets.push(Word {
            x: LEFT - 6,
            y: y + 16,
            text: offset.to_string(),
        });
        for part in parts {
            let x = LEFT + part.start * BYTE;
            let width = part.width * BYTE - GAP;
            let member = &record.members[part.member];
            self.parts.push(Rect {
                x,
                y,
                width,
                height: match goes_on(member, offset) {
                    true => ROW_HEIGHT,
                    false => ROW_HEIGHT - GAP,
                },
                class: class(Kind::of(record, member)),
                title: xml(&member_title(layout, record, part.member)),
                label: match part.is_named {
                    true => fitted(bytes::name(member), width),
                    false => String::new(),
                },
                label_x: x + width / 2,
                label_y: y + 16,
            });
            self.elements(member, offset + part.start, part.width, x, y);
        }
    }

    /// Borders of an array's elements within a part.
    fn elements(&mut self, member: &Member, from: u64, width: u64, x: u64, y: u64) {
        let Member::Field(field) = member else { return };
        if field.dims.is_empty() {
            return;
        }
        let borders =
            (1..width).filter(|n| (from + n - field.offset).is_multiple_of(field.element_size));
        self.elements.extend(borders.map(|n| Rule {
            x: x + n * BYTE - GAP / 2,
            top: y + 3,
            bottom: y + ROW_HEIGHT - GAP - 3,
        }));
    }

    fn skip(&mut self, record: &StructLayout, member: usize, rows: u64, y: u64) {
        let name = bytes::name(&record.members[member]);
        let rows = crate::words::plural(rows, "row");
        self.skipped.push(Word {
            x: LEFT + bytes::ROW * BYTE / 2,
            y: y + 16,
            text: format!("⋮  {rows} more of {name}  ⋮"),
        });
    }
}

impl LineMark {
    fn end_at(&mut self, y: u64) {
        self.rule.bottom = y;
        self.label_y = (self.rule.top + y) / 2 + 3;
    }
}

/// Whether a member fills the whole row below this one too, so that the two
/// are drawn as one: in the same cache line, and not where an element ends.
fn goes_on(member: &Member, offset: u64) -> bool {
    let below = offset + bytes::ROW;
    let is_element = matches!(member, Member::Field(field)
        if !field.dims.is_empty() && (below - field.offset).is_multiple_of(field.element_size));
    bytes::end(member) >= below + bytes::ROW && !below.is_multiple_of(CACHE_LINE) && !is_element
}

/// Without the two characters that no XML may hold and a schema may.
fn xml(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

fn column(n: u64) -> Word {
    Word {
        x: LEFT + n * BYTE + (BYTE - GAP) / 2,
        y: TOP - 6,
        text: format!("{n:x}"),
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "number",
        Kind::Text => "text",
        Kind::Time => "time",
        Kind::Choice => "choice",
        Kind::Record => "record",
        Kind::Reserved => "reserved",
        Kind::Padding => "padding",
        Kind::Tail => "tail",
    }
}

/// As much of a name as a box has room for.
fn fitted(name: &str, width: u64) -> String {
    let room = usize::try_from(width.saturating_sub(4) * 10 / CHARACTER).unwrap_or(usize::MAX);
    match name.chars().count() {
        n if n <= room => name.to_owned(),
        _ if room < 2 => String::new(),
        _ => name.chars().take(room - 1).chain(['…']).collect(),
    }
}

/// A picture that stands alone.
#[derive(Template)]
#[template(path = "docs/layout.svg")]
struct Picture {
    width: u64,
    height: u64,
    records: Vec<Record>,
    legend: Vec<Key>,
}

struct Record {
    title: Word,
    about: Vec<Word>,
    map: Map,
    remedy: Vec<Word>,
}

struct Key {
    x: u64,
    y: u64,
    class: &'static str,
    text: Word,
}

const MARGIN: u64 = 16;
/// Of a line of text.
const TEXT: u64 = 16;
/// Characters of a line of text.
const TEXT_WIDTH: usize = 62;

/// The given structs below each other, with what each comes to and the order
/// of its fields that leaves no holes.
///
/// # Errors
///
/// When a template cannot be filled in; none of ours fails.
pub fn svg(layout: &Layout, structs: &[&StructLayout]) -> Result<String, askama::Error> {
    let mut y = MARGIN;
    let mut records = Vec::with_capacity(structs.len());
    for record in structs {
        records.push(Record::new(layout, record, &mut y));
    }
    let legend = legend(structs, &mut y);
    let picture = Picture {
        width: WIDTH + 2 * MARGIN,
        height: y,
        records,
        legend,
    };
    Ok(picture.render()? + "\n")
}

impl Record {
    fn new(layout: &Layout, record: &StructLayout, y: &mut u64) -> Self {
        let heading = text::heading(layout, record, Paint::Plain);
        let (title, about) = heading.trim_end().split_once(": ").unwrap_or_default();
        *y += TEXT;
        let title = word(title.to_owned(), *y);
        let about = words(about, y);
        let mut map = Map::new(layout, record);
        map.y = *y + TEXT / 2;
        *y = map.y + map.height;
        let remedy = Remedy::of(record).map(|remedy| remedy.sentence());
        let remedy = remedy.map(|text| words(&text, y)).unwrap_or_default();
        *y += 2 * TEXT;
        Self {
            title,
            about,
            map,
            remedy,
        }
    }
}

/// Lines of text from there on down.
fn words(text: &str, y: &mut u64) -> Vec<Word> {
    let parts: Vec<&str> = text.split(' ').collect();
    let mut lines: Vec<String> = vec![String::new()];
    for part in parts {
        let last = lines.len() - 1;
        let full = lines[last].chars().count() + 1 + part.chars().count() > TEXT_WIDTH;
        if full && !lines[last].is_empty() {
            lines.push(part.to_owned());
        } else {
            let blank = if lines[last].is_empty() { "" } else { " " };
            lines[last].push_str(&format!("{blank}{part}"));
        }
    }
    lines
        .into_iter()
        .map(|line| {
            *y += TEXT;
            word(line, *y)
        })
        .collect()
}

fn word(text: String, y: u64) -> Word {
    Word { x: MARGIN, y, text }
}

/// The kinds that the structs have, in a row or two.
fn legend(structs: &[&StructLayout], y: &mut u64) -> Vec<Key> {
    let has = |kind: &Kind| {
        let mut records = structs.iter();
        records.any(|r| r.members.iter().any(|m| Kind::of(r, m) == *kind))
    };
    let mut x = MARGIN;
    let mut keys = Vec::new();
    for kind in Kind::ALL.into_iter().filter(has) {
        let width = 18 + kind.word().len() as u64 * CHARACTER / 10 + 14;
        if x + width > WIDTH + MARGIN {
            x = MARGIN;
            *y += TEXT + 4;
        }
        keys.push(Key {
            x,
            y: *y,
            class: class(kind),
            text: Word {
                x: x + 16,
                y: *y + 10,
                text: kind.word().to_owned(),
            },
        });
        x += width;
    }
    *y += TEXT + MARGIN;
    keys
}
