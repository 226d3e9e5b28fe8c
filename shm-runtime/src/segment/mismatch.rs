//! Two layouts compared, and the fields that differ named.

use core::fmt;
use std::error::Error;
use std::path::{Path, PathBuf};

use crate::layout::SharedLayout;
use crate::process::Process;
use crate::segment::descriptor::{Described, TypeText};

/// Differences that a message lists before it says how many more there are.
const SHOWN: usize = 8;

/// The records of a segment are laid out in another way than this program's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutMismatch {
    path: PathBuf,
    record: &'static str,
    segment: Option<String>,
    schema: Option<(String, u32)>,
    writer: Process,
    differences: Vec<Difference>,
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
    /// Compares `T` with the segment at `path`, whose descriptor is `text`.
    pub(crate) fn explain<T: SharedLayout>(path: &Path, text: &str, writer: Process) -> Box<Self> {
        let theirs = Described::parse(text);
        let mut differences = Vec::new();
        if let Some(theirs) = &theirs {
            let ours = TypeText::all_of(T::SECTION);
            if theirs.record != T::NAME {
                differences.push(Difference::Renamed {
                    here: T::NAME.to_owned(),
                    there: theirs.record.to_owned(),
                });
            }
            compare(
                &ours,
                T::NAME,
                &theirs.types,
                theirs.record,
                &mut differences,
            );
        }
        let theirs = theirs.as_ref();
        Box::new(Self {
            path: path.to_owned(),
            record: T::NAME,
            segment: theirs.and_then(|theirs| theirs.segment.map(str::to_owned)),
            schema: theirs
                .and_then(|theirs| theirs.schema)
                .map(|(package, version)| (package.to_owned(), version)),
            writer,
            differences,
        })
    }

    /// The segment's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything that differs; empty when the segment's descriptor, which
    /// says what is there, is damaged.
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
        f.write_str(
            "; hint: regenerate both programs from one schema and rebuild, or create the segment \
             anew with `replace(true)`",
        )
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

/// Compares two types.
///
/// Goes as deep as this program's types are nested, whatever the text of the
/// segment says.
fn compare(
    ours: &[TypeText<'_>],
    our_name: &str,
    theirs: &[TypeText<'_>],
    their_name: &str,
    found: &mut Vec<Difference>,
) {
    let named = |types: &'_ [TypeText<'_>], name: &str| types.iter().position(|ty| ty.name == name);
    let (Some(here), Some(there)) = (named(ours, our_name), named(theirs, their_name)) else {
        return;
    };
    let (here, there) = (&ours[here], &theirs[there]);

    if here.kind == "struct" && there.kind == "struct" {
        compare_fields(ours, here, theirs, there, found);
    } else {
        compare_numbers(here, there, found);
    }
    if here.form != there.form {
        found.push(Difference::Reformed {
            name: our_name.to_owned(),
            here: spell_form(here),
            there: spell_form(there),
        });
    }
}

/// Compares the fields of two structs, and the named types of the common ones.
fn compare_fields(
    ours: &[TypeText<'_>],
    here: &TypeText<'_>,
    theirs: &[TypeText<'_>],
    there: &TypeText<'_>,
    found: &mut Vec<Difference>,
) {
    let there_fields: Vec<_> = there
        .lines
        .iter()
        .copied()
        .filter_map(Line::parse)
        .collect();
    let here_fields: Vec<_> = here.lines.iter().copied().filter_map(Line::parse).collect();
    let struct_name = here.name;
    let item = |line: &Line<'_>| format!("{struct_name}.{}", line.name);

    let mut nested = Vec::new();
    for here in &here_fields {
        let Some(there) = there_fields.iter().find(|there| there.name == here.name) else {
            found.push(Difference::OnlyHere { item: item(here) });
            continue;
        };
        if here.offset != there.offset {
            found.push(Difference::Moved {
                field: item(here),
                here: here.offset,
                there: there.offset,
            });
        }
        if here.spelled() != there.spelled() {
            found.push(Difference::Retyped {
                field: item(here),
                here: here.spelled(),
                there: there.spelled(),
            });
        } else if here.ty != there.ty && !nested.contains(&here.ty) {
            // The same name and another fingerprint: the difference is
            // inside, and one look at it is enough.
            nested.push(here.ty);
            if let (Some(here), Some(there)) = (here.type_name(), there.type_name()) {
                compare(ours, here, theirs, there, found);
            }
        }
    }
    for there in &there_fields {
        if !here_fields.iter().any(|here| here.name == there.name) {
            found.push(Difference::OnlyThere { item: item(there) });
        }
    }
}

/// Compares the values of two enums or the bits of two sets of flags.
fn compare_numbers(here: &TypeText<'_>, there: &TypeText<'_>, found: &mut Vec<Difference>) {
    let number = |ty: &TypeText<'_>, name: &str| {
        let mut pairs = ty.lines.iter().filter_map(|line| line.split_once('='));
        pairs
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let names = |ty: &TypeText<'_>| -> Vec<String> {
        let pairs = ty.lines.iter().filter_map(|line| line.split_once('='));
        pairs.map(|(name, _)| name.to_owned()).collect()
    };
    for name in names(here) {
        let item = format!("{}.{name}", here.name);
        match (number(here, &name), number(there, &name)) {
            (Some(here), Some(there)) if here != there => {
                found.push(Difference::Renumbered { item, here, there });
            }
            (_, None) => found.push(Difference::OnlyHere { item }),
            _ => {}
        }
    }
    for name in names(there) {
        if number(here, &name).is_none() {
            let item = format!("{}.{name}", here.name);
            found.push(Difference::OnlyThere { item });
        }
    }
}

/// `64 8` of a struct in words; the repr of an enum as it is.
fn spell_form(ty: &TypeText<'_>) -> String {
    match ty.form.split_once(' ') {
        Some((size, align)) if ty.kind == "struct" => {
            format!("{size} bytes (align {align})")
        }
        _ => format!("{} {}", ty.kind, ty.form),
    }
}

/// A field's line: `bids struct:Level:<fingerprint> [5] @88 +80`.
struct Line<'a> {
    name: &'a str,
    ty: &'a str,
    /// With brackets; empty for one value.
    dims: &'a str,
    offset: u64,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (rest, _size) = line.rsplit_once(" +")?;
        let (rest, offset) = rest.rsplit_once(" @")?;
        let (name, ty) = rest.split_once(' ')?;
        let (ty, dims) = ty.split_once(' ').unwrap_or((ty, ""));
        Some(Self {
            name,
            ty,
            dims,
            offset: offset.parse().ok()?,
        })
    }

    /// `Level` of `struct:Level:<fingerprint>`.
    fn type_name(&self) -> Option<&'a str> {
        let mut parts = self.ty.split(':');
        match (parts.next()?, parts.next()?, parts.next()) {
            ("struct" | "enum" | "flags", name, Some(_)) => Some(name),
            _ => None,
        }
    }

    /// The type without fingerprints: `Level[5]`, `str:16`.
    fn spelled(&self) -> String {
        format!("{}{}", self.type_name().unwrap_or(self.ty), self.dims)
    }
}
