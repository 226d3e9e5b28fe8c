//! The text in a segment that says what its records are.
//!
//! # Layout
//!
//! ```text
//! shm-descriptor/1
//! schema market 1 <fingerprint>        or: schema - 0 <zeros>
//! segment quotes table 1000 key symbol or: segment leader cell
//! record Quote <fingerprint>
//!
//! <canonical text of each named type, parts before the whole>
//! ```
//!
//! A tool without the schema decodes a segment by it, and a mismatch names
//! fields by it. What may be attached to is decided by fingerprints alone:
//! this text may be damaged without harm.

use core::fmt::{self, Write};

use crate::layout::{SchemaId, Section, SharedLayout};
use crate::segment_header::SegmentKind;

/// First line of a descriptor.
const FIRST: &str = "shm-descriptor/1";

/// First line of a type's canonical text.
const SECTION_FIRST: &str = "shm-layout/1";

/// A descriptor that can be read from any file we make; more is not ours.
pub(crate) const LONGEST: u64 = 16 << 20;

/// What a new segment says of itself.
pub(crate) struct Descriptor<'a> {
    pub(crate) schema: SchemaId,
    /// Its name in the schema; empty when it has none.
    pub(crate) segment: &'a str,
    pub(crate) kind: SegmentKind,
    pub(crate) rows: u64,
    /// The field that finds a row.
    pub(crate) key: Option<&'a str>,
    pub(crate) record: &'static str,
    pub(crate) section: &'static Section,
}

impl<'a> Descriptor<'a> {
    /// Of a segment of `T`s.
    pub(crate) fn of<T: SharedLayout>(
        schema: SchemaId,
        segment: &'a str,
        kind: SegmentKind,
        rows: u64,
        key: Option<&'a str>,
    ) -> Self {
        Self {
            schema,
            segment,
            kind,
            rows,
            key,
            record: T::NAME,
            section: T::SECTION,
        }
    }
}

impl fmt::Display for Descriptor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_dash = |name| match name {
            "" => "-",
            name => name,
        };
        let SchemaId {
            package,
            version,
            fingerprint,
        } = self.schema;
        writeln!(f, "{FIRST}")?;
        writeln!(f, "schema {} {version} {fingerprint}", or_dash(package))?;
        write!(f, "segment {} ", or_dash(self.segment))?;
        match self.kind {
            SegmentKind::Cell => f.write_str("cell")?,
            _ => write!(f, "table {}", self.rows)?,
        }
        if let Some(key) = self.key {
            write!(f, " key {key}")?;
        }
        f.write_char('\n')?;
        writeln!(f, "record {} {}", self.record, self.section.fingerprint)?;
        for section in in_order(self.section) {
            write!(f, "\n{}", section.text)?;
        }
        Ok(())
    }
}

/// Every type that `whole` reaches, each once, parts before the whole.
fn in_order(whole: &'static Section) -> Vec<&'static Section> {
    fn visit(section: &'static Section, done: &mut Vec<&'static Section>) {
        if done.iter().any(|seen| seen.text == section.text) {
            return;
        }
        for part in section.parts {
            visit(part, done);
        }
        done.push(section);
    }
    let mut done = Vec::new();
    visit(whole, &mut done);
    done
}

/// A descriptor that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Described<'a> {
    /// The schema's package and version, when it is known.
    pub(crate) schema: Option<(&'a str, u32)>,
    /// The segment's name in the schema, when it has one.
    pub(crate) segment: Option<&'a str>,
    /// The record's name.
    pub(crate) record: &'a str,
    pub(crate) types: Vec<TypeText<'a>>,
}

/// A named type's canonical text, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TypeText<'a> {
    /// `struct`, `enum` or `flags`.
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    /// What the first line says after the name: size and align, or the repr.
    pub(crate) form: &'a str,
    /// One line a field, value or bit.
    pub(crate) lines: Vec<&'a str>,
}

impl<'a> Described<'a> {
    /// None when the text is no descriptor.
    ///
    /// Its words go into messages, so a text that could steer a terminal is
    /// none either.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return None;
        }
        let mut blocks = text.trim_end_matches('\n').split("\n\n");
        let mut head = blocks.next()?.lines();
        if head.next()? != FIRST {
            return None;
        }

        let mut schema = head.next()?.strip_prefix("schema ")?.split(' ');
        let (package, version) = (schema.next()?, schema.next()?.parse().ok()?);
        let mut segment = head.next()?.strip_prefix("segment ")?.split(' ');
        let segment = segment.next()?;
        let mut record = head.next()?.strip_prefix("record ")?.split(' ');

        Some(Self {
            schema: known(package).map(|package| (package, version)),
            segment: known(segment),
            record: record.next()?,
            types: blocks.map(TypeText::parse).collect::<Option<_>>()?,
        })
    }
}

impl<'a> TypeText<'a> {
    /// None when the text is no type's.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != SECTION_FIRST {
            return None;
        }
        let (kind, rest) = lines.next()?.split_once(' ')?;
        let (name, form) = rest.split_once(' ')?;
        Some(Self {
            kind,
            name,
            form,
            lines: lines.collect(),
        })
    }

    /// The types that `whole` reaches, taken apart.
    pub(crate) fn all_of(whole: &'static Section) -> Vec<TypeText<'static>> {
        in_order(whole)
            .into_iter()
            .filter_map(|section| TypeText::parse(section.text))
            .collect()
    }
}

fn known(name: &str) -> Option<&str> {
    (name != "-").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;

    const LEVEL: Section = Section::of("shm-layout/1\nstruct Level 16 8\nprice f64 @0 +8\n", &[]);
    const SIDE: Section = Section::of("shm-layout/1\nenum Side u8\nBid=1\n", &[]);
    const BOOK: Section = Section::of(
        "shm-layout/1\nstruct Book 64 8\nside enum:Side:00 @0 +1\n",
        &[&SIDE, &LEVEL, &LEVEL],
    );

    fn descriptor(kind: SegmentKind, key: Option<&'static str>) -> Descriptor<'static> {
        Descriptor {
            schema: SchemaId::NONE,
            segment: "",
            kind,
            rows: 1000,
            key,
            record: "Book",
            section: &BOOK,
        }
    }

    #[test]
    fn each_type_stands_once_and_before_those_that_hold_it() {
        let text = descriptor(SegmentKind::Table, Some("symbol")).to_string();
        assert_eq!(
            text,
            format!(
                "shm-descriptor/1\n\
                 schema - 0 {zeros}\n\
                 segment - table 1000 key symbol\n\
                 record Book {book}\n\
                 \n{side}\n{level}\n{whole}",
                zeros = "0".repeat(64),
                book = BOOK.fingerprint,
                side = SIDE.text,
                level = LEVEL.text,
                whole = BOOK.text,
            )
        );
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut written = descriptor(SegmentKind::Cell, None);
        written.segment = "leader";
        written.schema = SchemaId {
            package: "market",
            version: 3,
            fingerprint: Fingerprint([7; 32]),
        };
        let text = written.to_string();
        let read = Described::parse(&text).expect("it is a descriptor");
        assert_eq!(read.schema, Some(("market", 3)));
        assert_eq!(read.segment, Some("leader"));
        assert_eq!(read.record, "Book");
        let names: Vec<_> = read.types.iter().map(|ty| (ty.kind, ty.name)).collect();
        assert_eq!(
            names,
            [("enum", "Side"), ("struct", "Level"), ("struct", "Book")]
        );
        assert_eq!(read.types[1].form, "16 8");
        assert_eq!(read.types[1].lines, ["price f64 @0 +8"]);
    }

    #[test]
    fn other_text_is_no_descriptor_and_no_panic() {
        let whole = descriptor(SegmentKind::Cell, None).to_string();
        for end in 0..whole.len() - 1 {
            // A cut descriptor may still make sense; it must not panic.
            let _ = Described::parse(&whole[..end]);
        }
        for text in [
            "",
            "\n\n",
            "shm-descriptor/2\n",
            "shm-descriptor/1\nschema x",
        ] {
            assert_eq!(Described::parse(text), None, "{text:?}");
        }
    }
}
