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
//! A tool without the schema decodes a segment by it, a reader of another
//! version learns from it what its writer knows, and a mismatch names fields by
//! it. Where the fingerprint is the reader's own, nobody looks at it.

use core::fmt::{self, Write};

use crate::layout::{SchemaId, Section, SharedLayout};
use crate::segment::described::FIRST;
use crate::segment_header::SegmentKind;

/// A longer descriptor is not read. A schema of the greatest length makes one
/// of a few MiB.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::segment::described::Described;

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
        assert_eq!(read.record, BOOK.fingerprint);
        for (section, name) in [(&SIDE, "Side"), (&LEVEL, "Level"), (&BOOK, "Book")] {
            assert_eq!(read.types[&section.fingerprint].name, name);
        }
        assert_eq!(read.types.len(), 3);
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
