//! Structs: what lay in a byte goes on lying there.

use std::collections::{HashMap, HashSet};

use super::finding::{At, Findings, at, help};
use super::meaning::other_meaning;
use super::pairs::{Named, Pairs};
use crate::code::Code;
use crate::layout::{Field, Home, Layout, Member, StructLayout, Type};
use crate::name::Name;
use crate::suggest::listed;

/// Most names that a note lists.
const MAX_LISTED: usize = 5;

pub(super) fn compare(pairs: &Pairs<'_>, findings: &mut Findings) {
    let holders = holders(pairs);
    for ((new, old), holder) in pairs.new.structs.iter().zip(&pairs.structs).zip(holders) {
        if let Some(old) = old.map(|i| &pairs.old.structs[i]) {
            let step = Step {
                pairs,
                old,
                new,
                holder,
            };
            step.compare(findings);
        }
    }
}

/// A struct before and after.
struct Step<'a> {
    pairs: &'a Pairs<'a>,
    old: &'a StructLayout,
    new: &'a StructLayout,
    /// A struct that holds it, before as after.
    holder: Option<&'a Name>,
}

/// For each struct of the new layout one that holds it in a field that the old
/// layout has too.
fn holders<'a>(pairs: &Pairs<'a>) -> Vec<Option<&'a Name>> {
    let mut holders = vec![None; pairs.new.structs.len()];
    for (holder, before) in pairs.new.structs.iter().zip(&pairs.structs) {
        let Some(before) = before.map(|i| named(&pairs.old.structs[i])) else {
            continue;
        };
        for field in holder.fields() {
            if let Type::Struct(held) = field.ty
                && before.contains_key(field.name.as_str())
            {
                holders[held].get_or_insert(&holder.name);
            }
        }
    }
    holders
}

impl Step<'_> {
    fn compare(&self, findings: &mut Findings) {
        self.extent(findings);
        let by_name: HashMap<&str, &Field> = named(self.new);
        let old_names: HashMap<&str, &Field> = named(self.old);
        let by_offset: HashMap<u64, &Field> = self.new.fields().map(|f| (f.offset, f)).collect();
        let mut renamed = HashSet::new();
        let mut moved = Vec::new();
        for before in self.old.fields() {
            match by_name.get(before.name.as_str()) {
                Some(after) => {
                    self.kept(before, after, findings);
                    if before.offset != after.offset {
                        moved.push((before, *after));
                    }
                }
                None => {
                    let heir = by_offset.get(&before.offset).copied().filter(|after| {
                        let is_new = !old_names.contains_key(after.name.as_str());
                        is_new && self.same_type(before, after)
                    });
                    renamed.extend(heir.map(|after| after.name.as_str()));
                    self.lost(before, heir, findings);
                }
            }
        }
        let is_new = |f: &&Field| {
            let name = f.name.as_str();
            !old_names.contains_key(name) && !renamed.contains(name)
        };
        let new: Vec<&Field> = self.new.fields().filter(is_new).collect();
        self.moved(&moved, &new, findings);
        for field in new {
            self.since(field, findings);
            if moved.is_empty() {
                self.room(field, findings);
            }
        }
    }

    fn place(&self, field: &Field) -> At {
        (self.new.home, field.at)
    }

    fn place_before(&self, field: &Field) -> At {
        (self.old.home, field.at)
    }

    /// A record may grow at its tail: each segment says how large its records
    /// are. What other structs hold may not, for what follows it would move.
    fn extent(&self, findings: &mut Findings) {
        let (old, new) = (self.old, self.new);
        let Some(holder) = self.holder.filter(|_| old.size != new.size) else {
            return;
        };
        let message = format!(
            "`{}` has {} bytes, and had {}: `{holder}` holds it",
            new.name, new.size, old.size
        );
        let d = at(Code::StructResized, new.place(), message);
        let d = match old.size < new.size {
            true => help(
                d,
                "what holds it has no room for more: grow in reserved room, or make a new struct",
            ),
            false => help(d, format!("write `size: {}`", old.size)),
        };
        findings.push(d, old.place(), format!("{} bytes before", old.size));
    }

    /// A field that goes on under its name.
    fn kept(&self, before: &Field, after: &Field, findings: &mut Findings) {
        if !self.same_type(before, after) {
            let (is, was) = (
                spelled(self.pairs.new, after),
                spelled(self.pairs.old, before),
            );
            let message = format!("`{}` is `{is}`, and was `{was}`", after.name);
            let d = at(Code::FieldRetyped, (self.new.home, after.type_at), message);
            let d = help(
                d,
                "leave it, and add a field of the new type in reserved room",
            );
            findings.push(d, (self.old.home, before.type_at), format!("`{was}` here"));
            findings.breaks(self.new.place());
        } else if let Some(message) = other_meaning(before, after) {
            let d = at(Code::MeaningChanged, self.place(after), message);
            let d = help(
                d,
                "no fingerprint tells such a change: add a field with the new meaning instead",
            );
            findings.push(d, self.place_before(before), "as it was");
            findings.breaks(self.new.place());
        }
    }

    fn lost(&self, before: &Field, heir: Option<&Field>, findings: &mut Findings) {
        let d = match heir {
            Some(after) => {
                let message = format!("`{}` was called `{}`", after.name, before.name);
                let d = at(Code::FieldRenamed, self.place(after), message);
                help(d, "keep the name: programs find the field by it")
            }
            None => {
                let message = format!("`{}` has lost its field `{}`", self.new.name, before.name);
                let d = at(Code::FieldRemoved, self.new.place(), message);
                help(
                    d,
                    "keep it, with `deprecated: ...` for those who still use it",
                )
            }
        };
        findings.push(d, self.place_before(before), "it was here");
        findings.breaks(self.new.place());
    }

    /// One finding for all fields that moved: they usually do together.
    fn moved(&self, moved: &[(&Field, &Field)], new: &[&Field], findings: &mut Findings) {
        let Some(((before, after), rest)) = moved.split_first() else {
            return;
        };
        let message = format!(
            "`{}` lies at byte {}, and lay at byte {}",
            after.name, after.offset, before.offset
        );
        let (home, d) = at(Code::FieldMoved, self.place(after), message);
        let d = match rest.len() {
            0 => d,
            n => {
                let names = rest.iter().take(MAX_LISTED).map(|(_, f)| f.name.as_str());
                let more = n.saturating_sub(MAX_LISTED);
                let more = if more > 0 {
                    format!(", and {more} more")
                } else {
                    String::new()
                };
                d.note(format!("so did {}{more}", listed(names)))
            }
        };
        let pushing = new.iter().find(|f| f.offset < after.offset);
        let d = match pushing {
            Some(f) => d.help(format!(
                "put `{}` into reserved room, or behind the last field",
                f.name
            )),
            None => d.help("leave each field where it is: only new ones may choose"),
        };
        findings.push(
            (home, d),
            self.place_before(before),
            format!("at byte {} before", before.offset),
        );
        findings.breaks(self.new.place());
    }

    /// A new field says which version it came with.
    fn since(&self, field: &Field, findings: &mut Findings) {
        let (old, new) = (
            version(self.pairs.old, self.old),
            version(self.pairs.new, self.new),
        );
        let label = format!("version {} is without it", old);
        let message = match field.since {
            Some(since) if since > old => return,
            Some(since) => format!(
                "`{}` is new, and says it is there since version {since}",
                field.name
            ),
            None => format!("`{}` is new, and does not say since when", field.name),
        };
        let next = new.max(old.saturating_add(1));
        let d = at(Code::FieldWithoutSince, self.place(field), message);
        let d = help(d, format!("write `since: {next}`"));
        findings.push(d, self.old.place(), label);
        // A segment says the version of its own schema alone, so programs do
        // not compare those of another one.
        let is_own = |home| matches!(home, Home::Own);
        let known = is_own(self.old.home)
            && is_own(self.new.home)
            && self.pairs.old.package == self.pairs.new.package;
        if field.since.is_none() || known {
            findings.breaks(self.new.place());
        }
    }

    /// A new field lies in bytes that were kept free for it.
    fn room(&self, field: &Field, findings: &mut Findings) {
        let end = field.offset + field.size;
        // Padding at the end is tail: nothing was ever placed behind it.
        let inner = match self.old.members.as_slice() {
            [inner @ .., Member::Pad(_)] => inner,
            all => all,
        };
        // Members lie in the order of their bytes.
        let first = inner.partition_point(|m| m.offset() + m.size() <= field.offset);
        let mut touched = inner[first..].iter().take_while(|m| m.offset() < end);
        let Some(pad) = touched.find(|m| matches!(m, Member::Pad(_))) else {
            return;
        };
        let first = field.offset.max(pad.offset());
        let last = end.min(pad.offset() + pad.size()) - 1;
        let bytes = match first == last {
            true => format!("byte {first}, which was"),
            false => format!("bytes {first} to {last}, which were"),
        };
        let message = format!("`{}` takes {bytes} padding", field.name);
        let d = at(Code::FieldInPadding, self.place(field), message);
        let d = help(
            d,
            "nobody promised what padding holds: take reserved room, or the tail of the struct",
        );
        findings.push(d, self.old.place(), "these bytes had no name");
    }

    fn same_type(&self, before: &Field, after: &Field) -> bool {
        self.pairs.same(before.ty, after.ty) && before.dims == after.dims
    }
}

fn named(s: &StructLayout) -> HashMap<&str, &Field> {
    s.fields().map(|f| (f.name.as_str(), f)).collect()
}

/// The version of the schema that a struct comes from.
fn version(layout: &Layout, s: &StructLayout) -> u32 {
    match s.home {
        Home::Own => layout.version,
        Home::Import(i) => layout.imports[i].layout.version,
    }
}

/// A type with its dims, as people read it.
fn spelled(layout: &Layout, field: &Field) -> String {
    let name = layout.type_name(field.ty);
    match field.dims.as_slice() {
        [] => name,
        dims => format!("{name} {dims:?}"),
    }
}
