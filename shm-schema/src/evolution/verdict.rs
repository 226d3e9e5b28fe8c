//! What a step comes to for each struct and segment.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::finding::{Findings, Place};
use super::pairs::{Named, Pairs};
use super::segments::differs;
use crate::layout::{Home, SegmentLayout, StructLayout, Type};
use crate::name::Name;

/// What a program that was built from the one schema makes of a segment that
/// was made by the other one, and the other way round.
///
/// Two segments of one verdict above [`Verdict::Breaking`] are read by readers
/// of both schemas. A writer goes on with what was made by its own layout
/// alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The same fingerprint: writers of both take over each other's segments.
    Compatible,
    /// Another fingerprint, and readers of both attach to segments of both: all
    /// that the two have in common lies where it lay and means what it meant.
    /// A new reader of an old segment sees the sentinel of a new field, or
    /// zeros; an old reader does not see new fields.
    ReaderCompatible,
    /// Readers of one of the two refuse the other's segments; or, where only
    /// the meaning of numbers changed, do not notice.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// `struct` or `segment`.
    pub what: &'static str,
    /// Of the new schema; a struct of an import has its package before it.
    pub name: String,
    /// `None` for one that the old schema does not have.
    pub verdict: Option<Verdict>,
    /// Where its name stands.
    pub at: Place,
    /// Where it stood in the old schema, if it did.
    pub before: Option<Place>,
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
        .map(|(i, (s, verdict))| Judged {
            what: "struct",
            name: new.type_name(Type::Struct(i)),
            verdict: *verdict,
            at: findings.place(s.place()),
            before: pairs.structs[i].map(|old| {
                let old = &pairs.old.structs[old];
                findings.place_before(old.place())
            }),
        })
        .collect();
    let segments: HashMap<&Name, &SegmentLayout> =
        pairs.old.segments.iter().map(|s| (&s.name, s)).collect();
    for segment in &new.segments {
        let before = segments.get(&segment.name).copied();
        let verdict = before.map(|before| {
            let own = if findings.broke((Home::Own, segment.at)) {
                Verdict::Breaking
            } else if differs(pairs, before, segment) {
                Verdict::ReaderCompatible
            } else {
                Verdict::Compatible
            };
            structs[segment.of].map_or(own, |record| record.max(own))
        });
        verdicts.push(Judged {
            what: "segment",
            name: segment.name.to_string(),
            verdict,
            at: findings.place((Home::Own, segment.at)),
            before: before.map(|before| findings.place_before((Home::Own, before.at))),
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
    let (old, new) = (pairs.old, pairs.new);
    // Nothing is compared inside of a field that only one of the two has.
    let before: HashSet<&Name> = old.structs[before].fields().map(|f| &f.name).collect();
    let kept = s.fields().filter(|field| before.contains(&field.name));
    let held = kept.filter_map(|field| match field.ty {
        Type::Enum(i) => findings
            .broke(new.enums[i].place())
            .then_some(Verdict::Breaking),
        Type::Flags(i) => findings
            .broke(new.flags[i].place())
            .then_some(Verdict::Breaking),
        Type::Struct(i) => {
            let size = pairs.structs[i].map(|before| old.structs[before].size);
            match size == Some(new.structs[i].size) {
                true => structs[i],
                // A record may grow, and a part of one may not.
                false => Some(Verdict::Breaking),
            }
        }
        _ => None,
    });
    held.fold(own, Verdict::max)
}
