//! Two layouts compared, and the fields that differ named.

use core::fmt;
use std::error::Error;
use std::path::{Path, PathBuf};

use crate::layout::Section;
use crate::process::Process;
use crate::segment::described::Described;
use crate::segment::fit::Found;

/// Differences that a message lists before it says how many more there are.
const SHOWN: usize = 8;

/// The records of a segment have another layout than this program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutMismatch {
    path: PathBuf,
    record: &'static str,
    /// Package and version of this program's schema; none when it is not known.
    here: Option<(&'static str, u32)>,
    segment: Option<String>,
    schema: Option<(String, u64)>,
    writer: Process,
    /// What keeps a reader from attaching stands first.
    differences: Vec<Difference>,
    /// Whether a reader would attach, and only a writer does not go on.
    is_readable: bool,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The records have another name.
    Renamed {
        /// Its name in this program.
        here: String,
        /// Its name in the segment.
        there: String,
    },
    /// A field is at another byte.
    Moved {
        /// `Quote.ask`.
        field: String,
        /// Byte offset in this program.
        here: u64,
        /// Byte offset in the segment.
        there: u64,
    },
    /// A field has another type.
    Retyped {
        /// `Quote.ask`.
        field: String,
        /// Type in this program, in the schema's spelling.
        here: String,
        /// Type in the segment.
        there: String,
    },
    /// Only this program has the field, enum value or flag.
    OnlyHere {
        /// `Quote.ask`, `Side.Bid`.
        item: String,
    },
    /// Only the segment has the field, enum value or flag.
    OnlyThere {
        /// `Quote.ask`, `Side.Bid`.
        item: String,
    },
    /// An enum value or flag has another number.
    Renumbered {
        /// `Side.Bid`.
        item: String,
        /// Its number in this program.
        here: String,
        /// Its number in the segment.
        there: String,
    },
    /// A struct has another size or alignment, an enum another repr.
    Reformed {
        /// Its name.
        name: String,
        /// What it is in this program: `64 bytes (align 8)`, `enum u8`.
        here: String,
        /// What it is in the segment.
        there: String,
    },
}

impl LayoutMismatch {
    /// For a program that has the record as `own` says, of the segment at
    /// `path`, whose descriptor says `theirs` if it can be
    /// read, and is for records called `record`.
    pub(crate) fn of(
        path: &Path,
        record: &'static str,
        own: &Section,
        theirs: Option<&Described<'_>>,
        writer: Process,
        found: Option<Found>,
    ) -> Box<Self> {
        let is_readable = found
            .as_ref()
            .is_some_and(|found| found.breaking.is_empty());
        let Found { breaking, harmless } = found.unwrap_or_default();
        Box::new(Self {
            path: path.to_owned(),
            record,
            here: (!own.package.is_empty()).then_some((own.package, own.version)),
            segment: theirs.and_then(|theirs| theirs.segment.map(str::to_owned)),
            schema: theirs
                .and_then(|theirs| theirs.schema)
                .map(|(package, version)| (package.to_owned(), version)),
            writer,
            differences: breaking.into_iter().chain(harmless).collect(),
            is_readable,
        })
    }

    /// The segment's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything that differs, what matters most first. It is empty when the
    /// segment's descriptor, which says what the segment holds, is damaged.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }
}

impl Error for LayoutMismatch {}

impl fmt::Display for LayoutMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("layout mismatch: ")?;
        let segment = self.segment();
        match &self.differences[..] {
            [] => write!(
                f,
                "records are not of type `{}` in {segment}, whose descriptor cannot be read",
                self.record
            )?,
            [first, others @ ..] => {
                first.say(f, format_args!("in {segment}"))?;
                for difference in others.iter().take(SHOWN - 1) {
                    write!(f, "; {difference}")?;
                }
                if self.differences.len() > SHOWN {
                    write!(f, "; and {} more", self.differences.len() - SHOWN)?;
                }
            }
        }
        if let Some((package, version)) = self.here {
            write!(f, "; this program has schema {package} v{version}")?;
        }
        f.write_str(match self.is_readable {
            true => {
                "; hint: readers of this version attach to it, but a writer goes on only with its \
                 own layout: `replace(true)` makes a new segment in its place"
            }
            false => {
                "; hint: regenerate both programs from one schema and rebuild, or create the \
                 segment anew with `replace(true)`"
            }
        })
    }
}

impl LayoutMismatch {
    /// Which segment, for the message.
    fn segment(&self) -> String {
        let path = self.path.display();
        let schema = match &self.schema {
            Some((package, version)) => format!("schema {package} v{version}, "),
            None => String::new(),
        };
        match &self.segment {
            Some(name) => format!(
                "segment `{name}` ({schema}writer {}, at `{path}`)",
                self.writer
            ),
            None => format!("segment `{path}` ({schema}writer {})", self.writer),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.say(f, format_args!("there"))
    }
}

impl Difference {
    /// Says it, with `place` for where the segment is.
    fn say(&self, f: &mut fmt::Formatter<'_>, place: fmt::Arguments<'_>) -> fmt::Result {
        match self {
            Self::Renamed { here, there } => {
                write!(f, "the record is `{here}` here and `{there}` {place}")
            }
            Self::Moved { field, here, there } => {
                write!(
                    f,
                    "`{field}` is at byte {here} here and at byte {there} {place}"
                )
            }
            Self::Retyped { field, here, there } => {
                write!(f, "`{field}` is `{here}` here and `{there}` {place}")
            }
            Self::OnlyHere { item } => write!(f, "`{item}` is present here and missing {place}"),
            Self::OnlyThere { item } => write!(f, "`{item}` is missing here and present {place}"),
            Self::Renumbered { item, here, there } => {
                write!(f, "`{item}` is {here} here and {there} {place}")
            }
            Self::Reformed { name, here, there } => {
                write!(f, "`{name}` is {here} here and {there} {place}")
            }
        }
    }
}
