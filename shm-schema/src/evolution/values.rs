//! Enums and flags: a number that was stored goes on meaning what it meant.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::finding::{At, Findings, at, help};
use super::pairs::{Named, Pairs};
use crate::code::Code;
use crate::layout::{Home, Scalar};
use crate::position::Position;

/// A named value or bit.
struct Entry<'a> {
    name: &'a str,
    number: i128,
    at: Position,
}

/// An enum or flags, as far as both are alike.
struct Set<'a> {
    /// `value` or `bit`.
    what: &'static str,
    name: &'a str,
    place: At,
    repr: Scalar,
    entries: Vec<Entry<'a>>,
    reserved: HashSet<i128>,
}

pub(super) fn compare(pairs: &Pairs<'_>, findings: &mut Findings) {
    for (new, old) in pairs.new.enums.iter().zip(&pairs.enums) {
        let Some(old) = old.map(|i| &pairs.old.enums[i]) else {
            continue;
        };
        let [old, new] = [old, new].map(|e| Set {
            what: "value",
            name: e.name(),
            place: e.place(),
            repr: e.repr,
            entries: e
                .values
                .iter()
                .map(|v| Entry {
                    name: v.name.as_str(),
                    number: v.value,
                    at: v.at,
                })
                .collect(),
            reserved: e.reserved.iter().copied().collect(),
        });
        sets(&old, &new, findings);
    }
    for (new, old) in pairs.new.flags.iter().zip(&pairs.flags) {
        let Some(old) = old.map(|i| &pairs.old.flags[i]) else {
            continue;
        };
        let [old, new] = [old, new].map(|f| Set {
            what: "bit",
            name: f.name(),
            place: f.place(),
            repr: f.repr,
            entries: f
                .bits
                .iter()
                .map(|b| Entry {
                    name: b.name.as_str(),
                    number: b.bit.into(),
                    at: b.at,
                })
                .collect(),
            reserved: HashSet::new(),
        });
        sets(&old, &new, findings);
    }
}

fn sets(old: &Set<'_>, new: &Set<'_>, findings: &mut Findings) {
    if old.repr != new.repr {
        let message = format!(
            "`{}` is stored in a `{}`, and was in a `{}`",
            new.name,
            new.repr.name(),
            old.repr.name()
        );
        let d = at(Code::ReprChanged, new.place, message);
        let d = help(
            d,
            format!("keep `repr: {}`, or make another type", old.repr.name()),
        );
        findings.push(d, old.place, "declared here before");
        findings.breaks(new.place);
    }
    let by_name: HashMap<&str, &Entry<'_>> = new.entries.iter().map(|e| (e.name, e)).collect();
    let by_number: HashMap<i128, &Entry<'_>> = new.entries.iter().map(|e| (e.number, e)).collect();
    for before in &old.entries {
        let named = by_name.get(before.name).copied();
        let numbered = by_number.get(&before.number).copied();
        if let Some((d, label)) = entry(old, new, before, named, numbered) {
            findings.push(d, (old.place.0, before.at), label);
            // What only lost its name is read as an unknown value.
            if named.is_some() || numbered.is_some() {
                findings.breaks(new.place);
            }
        }
    }
    reserved(old, new, &by_number, findings);
}

type Said = ((Home, crate::diagnostic::Diagnostic), String);

/// What became of one value or bit; `None` when nothing did.
fn entry(
    old: &Set<'_>,
    new: &Set<'_>,
    before: &Entry<'_>,
    named: Option<&Entry<'_>>,
    numbered: Option<&Entry<'_>>,
) -> Option<Said> {
    let (what, number) = (old.what, before.number);
    let place = |entry: &Entry<'_>| (new.place.0, entry.at);
    match (named, numbered) {
        (Some(named), _) if named.number == number => None,
        (Some(named), _) => {
            let message = format!(
                "`{}` was the {what} {number}, and is {}",
                named.name, named.number
            );
            let d = at(Code::ValueRenumbered, place(named), message);
            let d = help(
                d,
                format!("leave it at {number}, and give the new {what} a name of its own"),
            );
            Some((d, format!("it was {number} here")))
        }
        (None, Some(numbered)) => {
            let message = format!(
                "the {what} {number} was called `{}`, and is `{}`",
                before.name, numbered.name
            );
            let d = at(Code::ValueRenamed, place(numbered), message);
            let d = help(
                d,
                format!("keep the name `{}`: programs and logs know it", before.name),
            );
            Some((d, "its name before".to_owned()))
        }
        (None, None) if new.reserved.contains(&number) => None,
        (None, None) => {
            let message = format!("`{}` has lost its {what} `{}`", new.name, before.name);
            let d = at(Code::ValueRemoved, new.place, message);
            let d = match what {
                "value" => help(d, format!("keep it, or write `reserved: [{number}]`")),
                _ => help(d, "keep it, with a `doc` that says it is not used any more"),
            };
            Some((d, format!("it was the {what} {number}")))
        }
    }
}

/// A value that was reserved stays so.
fn reserved(
    old: &Set<'_>,
    new: &Set<'_>,
    by_number: &HashMap<i128, &Entry<'_>>,
    findings: &mut Findings,
) {
    let freed: BTreeSet<&i128> = old.reserved.difference(&new.reserved).collect();
    for number in freed {
        let (place, message) = match by_number.get(number) {
            Some(entry) => {
                let place = (new.place.0, entry.at);
                (
                    place,
                    format!(
                        "`{}` has the value {number}, which was reserved",
                        entry.name
                    ),
                )
            }
            None => (
                new.place,
                format!(
                    "`{}` does not reserve the value {number} any more",
                    new.name
                ),
            ),
        };
        let d = at(Code::ValueReused, place, message);
        let d = help(
            d,
            "it was used once, and means the old thing to somebody: keep it reserved",
        );
        findings.push(d, old.place, "reserved here");
    }
}
