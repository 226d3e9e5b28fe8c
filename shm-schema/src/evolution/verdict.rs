//! What a step comes to for each struct and segment.

use std::fmt;

use super::finding::Findings;
use super::pairs::{Named, Pairs};
use crate::layout::{Home, StructLayout, Type};

/// What a program built from the old schema makes of the new one's bytes, and
/// the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The same fingerprint: programs of both attach to each other's segments.
    Compatible,
    /// All that the old one knows lies where it lay and means what it meant, so
    /// stored bytes and recordings are read right by both. The fingerprint is
    /// another one, so that programs are built anew before they attach.
    ReaderCompatible,
    /// Bytes mean something else.
    Breaking,
}

impl Verdict {
    /// As the command line shows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Compatible => "compatible",
            Verdict::ReaderCompatible => "reader-compatible",
            Verdict::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A struct or segment and its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// `struct` or `segment`.
    pub what: &'static str,
    /// Of the new schema; a struct of an import has its package before it.
    pub name: String,
    /// `None` for one that the old schema does not have.
    pub verdict: Option<Verdict>,
}

pub(super) fn all(pairs: &Pairs<'_>, findings: &Findings) -> Vec<Judged> {
    let new = pairs.new;
    let mut structs: Vec<Option<Verdict>> = Vec::with_capacity(new.structs.len());
    for (s, before) in new.structs.iter().zip(&pairs.structs) {
        // Every struct comes after those it holds.
        let verdict = before.map(|i| of_struct(pairs, findings, &structs, s, i));
        structs.push(verdict);
    }
    let mut verdicts: Vec<Judged> = new
        .structs
        .iter()
        .zip(&structs)
        .enumerate()
        .map(|(i, (_, verdict))| Judged {
            what: "struct",
            name: new.type_name(Type::Struct(i)),
            verdict: *verdict,
        })
        .collect();
    for segment in &new.segments {
        let known = pairs
            .old
            .segments
            .iter()
            .any(|old| old.name == segment.name);
        let verdict = match findings.broke((Home::Own, segment.at)) {
            true => Some(Verdict::Breaking),
            false => structs[segment.of].filter(|_| known),
        };
        verdicts.push(Judged {
            what: "segment",
            name: segment.name.to_string(),
            verdict,
        });
    }
    verdicts
}

fn of_struct(
    pairs: &Pairs<'_>,
    findings: &Findings,
    structs: &[Option<Verdict>],
    s: &StructLayout,
    before: usize,
) -> Verdict {
    let own = if findings.broke(s.place()) {
        Verdict::Breaking
    } else if pairs.old.structs[before].fingerprint == s.fingerprint {
        Verdict::Compatible
    } else {
        Verdict::ReaderCompatible
    };
    let new = pairs.new;
    let held = s.fields().filter_map(|field| match field.ty {
        Type::Enum(i) => findings
            .broke(new.enums[i].place())
            .then_some(Verdict::Breaking),
        Type::Flags(i) => findings
            .broke(new.flags[i].place())
            .then_some(Verdict::Breaking),
        Type::Struct(i) => structs[i],
        _ => None,
    });
    held.fold(own, Verdict::max)
}
