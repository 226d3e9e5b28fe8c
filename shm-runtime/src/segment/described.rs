//! What a descriptor says, read with care: anyone who can write to the file may
//! have written it.
//!
//! A reader of another layout goes by it, so it is taken as a whole or not at
//! all. The Python runtime reads the same language, no more and no less.

use core::ops::Range;
use std::collections::{HashMap, HashSet};

use crate::fingerprint::Fingerprint;

/// First line of a descriptor.
pub(crate) const FIRST: &str = "shm-descriptor/1";

/// First line of a type's canonical text.
const SECTION_FIRST: &str = "shm-layout/1";

/// A number of more digits is not ours, and would not fit.
const MAX_DIGITS: usize = 18;

const MAX_DIMS: usize = 4;

/// A descriptor that was read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Described<'a> {
    /// The schema's package and version, when it is known.
    pub(crate) schema: Option<(&'a str, u64)>,
    /// The segment's name in the schema, when it has one.
    pub(crate) segment: Option<&'a str>,
    /// The record's fingerprint.
    pub(crate) record: Fingerprint,
    /// Every type that the record reaches, among others perhaps.
    pub(crate) types: HashMap<Fingerprint, TypeText<'a>>,
}

/// A named type's canonical text, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TypeText<'a> {
    pub(crate) name: &'a str,
    pub(crate) body: Body<'a>,
}

/// What a type's text says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Body<'a> {
    Struct {
        size: u64,
        align: u64,
        /// In the order of their bytes, each behind the one before it and in
        /// the struct, no two of one name.
        fields: Vec<FieldText<'a>>,
    },
    Numbers(Numbers<'a>),
}

/// An enum or flags.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Numbers<'a> {
    /// `enum` or `flags`.
    pub(crate) kind: &'a str,
    pub(crate) repr: &'a str,
    /// Names, no two alike, and their numbers.
    pub(crate) entries: Vec<(&'a str, &'a str)>,
}

/// A field's line: `bids struct:Level:<fingerprint> [5] @88 +80`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldText<'a> {
    pub(crate) name: &'a str,
    /// Of one element.
    pub(crate) ty: &'a str,
    pub(crate) dims: Vec<u64>,
    pub(crate) offset: u64,
    /// Of all elements, 1 at least.
    pub(crate) size: u64,
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
        let mut blocks = text.strip_suffix('\n')?.split("\n\n");
        let head: Vec<&str> = blocks.next()?.split('\n').collect();
        let [FIRST, schema, segment, record] = head[..] else {
            return None;
        };
        let schema: Vec<&str> = schema.split(' ').collect();
        let ["schema", package, version, _] = schema[..] else {
            return None;
        };
        let segment: Vec<&str> = segment.split(' ').collect();
        let ["segment", segment, _, ..] = segment[..] else {
            return None;
        };
        let record: Vec<&str> = record.split(' ').collect();
        let ["record", _, record] = record[..] else {
            return None;
        };
        let version = number(version)?;
        Some(Self {
            schema: known(package).map(|package| (package, version)),
            segment: known(segment),
            record: fingerprint(record)?,
            types: blocks
                .map(|text| {
                    // Each text ends its last line, which the split has taken.
                    let whole = Fingerprint::of(format!("{text}\n").as_bytes());
                    Some((whole, TypeText::parse(text)?))
                })
                .collect::<Option<_>>()?,
        })
    }
}

impl<'a> TypeText<'a> {
    /// None when the text is no type's.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut lines = text.trim_end_matches('\n').split('\n');
        if lines.next()? != SECTION_FIRST {
            return None;
        }
        let head: Vec<&str> = lines.next()?.split(' ').collect();
        let (name, body) = match head[..] {
            ["struct", name, size, align] => (name, structure(size, align, lines)?),
            [kind @ ("enum" | "flags"), name, repr] => {
                let entries = entries(lines)?;
                let numbers = Numbers {
                    kind,
                    repr,
                    entries,
                };
                (name, Body::Numbers(numbers))
            }
            _ => return None,
        };
        is_name(name).then_some(Self { name, body })
    }
}

fn structure<'a>(
    size: &'a str,
    align: &'a str,
    lines: impl Iterator<Item = &'a str>,
) -> Option<Body<'a>> {
    let (size, align) = (number(size)?, number(align)?);
    let fields: Vec<FieldText<'a>> = lines.map(FieldText::parse).collect::<Option<_>>()?;
    let mut names = HashSet::new();
    let mut end = 0;
    for field in &fields {
        if field.offset < end || !names.insert(field.name) {
            return None;
        }
        end = field.range().end;
    }
    (end <= size).then_some(Body::Struct {
        size,
        align,
        fields,
    })
}

fn entries<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Vec<(&'a str, &'a str)>> {
    let entries: Vec<(&str, &str)> = lines
        .map(|line| line.split_once('='))
        .collect::<Option<_>>()?;
    let mut names = HashSet::new();
    let each_once = entries
        .iter()
        .all(|(name, _)| is_name(name) && names.insert(*name));
    each_once.then_some(entries)
}

impl<'a> FieldText<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let words: Vec<&str> = line.split(' ').collect();
        let (name, ty, dims, offset, size) = match words[..] {
            [name, ty, offset, size] => (name, ty, Vec::new(), offset, size),
            [name, ty, dims, offset, size] => (name, ty, self::dims(dims)?, offset, size),
            _ => return None,
        };
        let in_type = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let offset = number(offset.strip_prefix('@')?)?;
        let size = number(size.strip_prefix('+')?)?;
        let sound = is_name(name) && !ty.is_empty() && ty.chars().all(in_type) && size > 0;
        sound.then_some(Self {
            name,
            ty,
            dims,
            offset,
            size,
        })
    }

    /// The bytes it takes. Its numbers have so few digits that none of this
    /// overflows.
    pub(crate) fn range(&self) -> Range<u64> {
        self.offset..self.offset + self.size
    }

    /// How many elements it has; none when dims and size make no sense.
    pub(crate) fn elements(&self) -> Option<u64> {
        let count = self
            .dims
            .iter()
            .try_fold(1_u64, |n, &dim| n.checked_mul(dim))?;
        (count > 0 && self.size.is_multiple_of(count)).then_some(count)
    }

    /// `struct`, `Level` and the fingerprint of `struct:Level:<fingerprint>`.
    pub(crate) fn named(&self) -> Option<(&'a str, &'a str, Fingerprint)> {
        let parts: Vec<&str> = self.ty.split(':').collect();
        match parts[..] {
            [kind @ ("struct" | "enum" | "flags"), name, hex] => {
                Some((kind, name, fingerprint(hex)?))
            }
            _ => None,
        }
    }

    /// The type without fingerprints: `Level[5]`, `str:16`.
    pub(crate) fn spelled(&self) -> String {
        let ty = self.named().map_or(self.ty, |(_, name, _)| name);
        if self.dims.is_empty() {
            return ty.to_owned();
        }
        let dims: Vec<String> = self.dims.iter().map(u64::to_string).collect();
        format!("{ty}[{}]", dims.join(","))
    }
}

/// `[3,4]`
fn dims(text: &str) -> Option<Vec<u64>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let dims: Vec<u64> = inner.split(',').map(number).collect::<Option<_>>()?;
    (dims.len() <= MAX_DIMS).then_some(dims)
}

fn number(text: &str) -> Option<u64> {
    let plain = text.len() <= MAX_DIGITS && text.bytes().all(|b| b.is_ascii_digit());
    // An empty text is refused by `parse`.
    plain.then(|| text.parse().ok()).flatten()
}

fn fingerprint(hex: &str) -> Option<Fingerprint> {
    let sound = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let whole = hex.len() == 64 && hex.bytes().all(sound);
    whole.then(|| Fingerprint::from_hex(hex))
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    let first = bytes.next();
    first.is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn known(name: &str) -> Option<&str> {
    (name != "-").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_line_is_taken_apart() {
        let hex = "0f".repeat(32);
        let line = format!("bids struct:Level:{hex} [5,2] @88 +80");
        let field = FieldText::parse(&line).expect("it is one");
        assert_eq!((field.name, field.range()), ("bids", 88..168));
        assert_eq!(field.spelled(), "Level[5,2]");
        assert_eq!(field.elements(), Some(10));
        let named = ("struct", "Level", Fingerprint([0x0f; 32]));
        assert_eq!(field.named(), Some(named));
    }

    #[test]
    fn what_is_not_quite_a_type_is_none() {
        let whole = "shm-layout/1\nstruct P 16 8\nx u32 @0 +4\ny f64 @8 +8";
        assert!(TypeText::parse(whole).is_some());
        for (from, to) in [
            ("shm-layout/1", "shm-layout/2"),
            ("struct P", "struct P-"),
            ("16 8", "16"),
            ("16 8", "15 8"),
            ("16 8", "+16 8"),
            ("16 8", "9999999999999999999 8"),
            ("y f64 @8", "y f64 @2"),
            ("y f64", "x f64"),
            ("y f64", "y  f64"),
            ("y f64", "y f64 [0,1,2,3,4]"),
            ("y f64", "y f64 []"),
            ("y f64", "y f6\u{e9}"),
            ("+8", "+0"),
            ("+8", ""),
            ("@8", "@999999999999999999"),
        ] {
            let broken = whole.replace(from, to);
            assert_ne!(broken, whole);
            assert_eq!(TypeText::parse(&broken), None, "{broken}");
        }
        for text in [
            "",
            "\n",
            "shm-layout/1",
            "shm-layout/1\nenum E u8\nA",
            "shm-layout/1\nenum E u8\nA=1\nA=2",
        ] {
            assert_eq!(TypeText::parse(text), None, "{text:?}");
        }
    }
}
