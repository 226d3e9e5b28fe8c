//! Two layouts held against each other: may a reader that was built with the
//! one see records of the other, and how?
//!
//! The rules are numbered in `docs/layout-evolution.md`.

#[cfg(all(test, not(loom), not(miri)))]
mod agreement;
#[cfg(all(test, not(loom), not(miri)))]
mod steps;

use std::collections::HashMap;
use std::iter;
use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::layout::{Absent, Section};
use crate::segment::described::{Body, Described, FieldText, Numbers, TypeText};
use crate::segment::mismatch::Difference;
use crate::segment::view::{Patch, Value, View};

/// What a comparison found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What keeps a reader from attaching.
    pub(crate) breaking: Vec<Difference>,
    /// What does not.
    pub(crate) harmless: Vec<Difference>,
}

/// Holds the record `ours` against the one that a descriptor tells of; none
/// when that cannot be, because one of the two makes no sense.
///
/// The view is right if nothing that was found is breaking.
pub(crate) fn compare(
    ours: &'static Section,
    theirs: &Described<'_>,
    record_size: u64,
) -> Option<(View, Found)> {
    let here = Own::of(ours)?;
    let there = theirs.types.get(&theirs.record)?;
    let Body::Struct { size, .. } = there.body else {
        return None;
    };
    if size != record_size {
        return None;
    }
    let mut comparison = Comparison {
        theirs,
        done: HashMap::new(),
        absent: HashMap::new(),
        found: Found::default(),
    };
    let name = here.text.name;
    if name != there.name {
        comparison.found.breaking.push(Difference::Renamed {
            here: name.to_owned(),
            there: there.name.to_owned(),
        });
    }
    let patches = comparison.types(&here, there, Part::Record)?;
    let shared = usize::try_from(size.min(here.size()?)).ok()?;
    let view = View { shared, patches };
    Some((view, comparison.found))
}

/// A type of this program.
struct Own {
    section: &'static Section,
    text: TypeText<'static>,
}

impl Own {
    fn of(section: &'static Section) -> Option<Self> {
        let text = TypeText::parse(section.text)?;
        Some(Self { section, text })
    }

    /// The type of one of its fields.
    fn part(&self, fingerprint: Fingerprint) -> Option<Self> {
        let mut parts = self.section.parts.iter();
        let part = parts.find(|part| part.fingerprint == fingerprint)?;
        Self::of(part)
    }

    fn size(&self) -> Option<u64> {
        match self.text.body {
            Body::Struct { size, .. } => Some(size),
            Body::Numbers(_) => None,
        }
    }

    fn absent(&self, field: &FieldText<'_>) -> Option<&'static Absent> {
        self.section
            .absent
            .iter()
            .find(|absent| absent.field == field.name)
    }
}

/// Where a struct stands.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// It is the record.
    Record,
    /// It lies in one, and may have no other size.
    Inner,
}

struct Comparison<'a> {
    theirs: &'a Described<'a>,
    /// Types that were compared: the work is that of the distinct pairs,
    /// however they hold each other.
    done: HashMap<(Fingerprint, Fingerprint), Arc<[Patch]>>,
    /// The same of structs that the segment lacks.
    absent: HashMap<Fingerprint, Arc<[Patch]>>,
    found: Found,
}

/// No patch.
fn nothing() -> Arc<[Patch]> {
    Arc::new([])
}

impl Comparison<'_> {
    fn differ(&mut self, breaking: bool, difference: Difference) {
        match breaking {
            true => self.found.breaking.push(difference),
            false => self.found.harmless.push(difference),
        }
    }

    /// Goes as deep as this program's types are nested, whatever the segment
    /// says. None when this program's own types make no sense.
    fn types(&mut self, here: &Own, there: &TypeText<'_>, part: Part) -> Option<Arc<[Patch]>> {
        let patches = match (&here.text.body, &there.body) {
            (
                Body::Struct { size, fields, .. },
                Body::Struct {
                    size: other_size,
                    fields: others,
                    ..
                },
            ) => {
                let patches = self.fields(here, fields, others)?;
                if form(&here.text) != form(there) {
                    let resized = size != other_size;
                    self.reformed(resized && part == Part::Inner, here, there);
                }
                patches
            }
            (Body::Numbers(ours), Body::Numbers(theirs)) => {
                self.numbers(here.text.name, ours, theirs);
                if (ours.kind, ours.repr) != (theirs.kind, theirs.repr) {
                    self.reformed(true, here, there);
                }
                nothing()
            }
            _ => {
                self.reformed(true, here, there);
                nothing()
            }
        };
        Some(patches)
    }

    fn reformed(&mut self, breaking: bool, here: &Own, there: &TypeText<'_>) {
        let name = here.text.name.to_owned();
        let (here, there) = (form(&here.text), form(there));
        self.differ(breaking, Difference::Reformed { name, here, there });
    }

    fn fields(
        &mut self,
        here: &Own,
        ours: &[FieldText<'static>],
        theirs: &[FieldText<'_>],
    ) -> Option<Arc<[Patch]>> {
        // Versions count the schema that a type comes from; the segment tells
        // of its own alone.
        let schema = self.theirs.schema;
        let version = schema.filter(|(package, _)| *package == here.section.package);
        let version = version.map(|(_, version)| version);
        let item = |name: &str| format!("{}.{name}", here.text.name);

        let by_name: HashMap<&str, &FieldText<'_>> = theirs.iter().map(|f| (f.name, f)).collect();
        let mut patches = Vec::new();
        for field in ours {
            if let Some(other) = by_name.get(field.name) {
                self.field(here, field, other, &mut patches)?;
                continue;
            }
            let since = here.absent(field).map_or(0, |absent| absent.since);
            let is_new = since > 0 && version.is_none_or(|version| u64::from(since) > version);
            let place = field.range();
            let first = theirs.partition_point(|other| other.range().end <= place.start);
            let is_free = theirs
                .get(first)
                .is_none_or(|other| other.offset >= place.end);
            let item = item(field.name);
            self.differ(!(is_new && is_free), Difference::OnlyHere { item });
            self.absent(here, field, &mut patches)?;
        }
        let known = ours.iter().map(|f| (f.name, f)).collect::<HashMap<_, _>>();
        for field in theirs
            .iter()
            .filter(|field| !known.contains_key(field.name))
        {
            let own = u64::from(here.section.version);
            let is_newer = version.is_none_or(|version| version > own);
            let item = item(field.name);
            self.differ(!is_newer, Difference::OnlyThere { item });
            hide(ours, field, here.size()?, &mut patches);
        }
        Some(patches.into())
    }

    /// A field that both have.
    fn field(
        &mut self,
        of: &Own,
        here: &FieldText<'static>,
        there: &FieldText<'_>,
        patches: &mut Vec<Patch>,
    ) -> Option<()> {
        let item = || format!("{}.{}", of.text.name, here.name);
        if here.offset != there.offset {
            let (here, there) = (here.offset, there.offset);
            self.differ(
                true,
                Difference::Moved {
                    field: item(),
                    here,
                    there,
                },
            );
        }
        if here.ty == there.ty && here.dims == there.dims && here.size == there.size {
            return Some(());
        }
        let kinds = here.named().zip(there.named());
        let same_name = kinds
            .filter(|(a, b)| (a.0, a.1) == (b.0, b.1) && here.dims == there.dims && a.2 != b.2);
        let types = same_name.and_then(|((.., ours), (.., theirs))| {
            let found = self.theirs.types.get(&theirs)?;
            Some((ours, theirs, found))
        });
        let Some((ours, theirs, there_type)) = types else {
            self.differ(
                true,
                Difference::Retyped {
                    field: item(),
                    here: here.spelled(),
                    there: there.spelled(),
                },
            );
            return Some(());
        };
        let inner = match self.done.get(&(ours, theirs)) {
            Some(inner) => Arc::clone(inner),
            None => {
                let inner = self.types(&of.part(ours)?, there_type, Part::Inner)?;
                self.done.insert((ours, theirs), Arc::clone(&inner));
                inner
            }
        };
        each(here, inner, patches)
    }

    /// Compares the values of two enums or the bits of two sets of flags.
    fn numbers(&mut self, name: &str, ours: &Numbers<'_>, theirs: &Numbers<'_>) {
        fn by<'t>(
            numbers: &Numbers<'t>,
            key: fn((&'t str, &'t str)) -> (&'t str, &'t str),
        ) -> HashMap<&'t str, &'t str> {
            numbers.entries.iter().copied().map(key).collect()
        }
        let item = |value: &str| format!("{name}.{value}");
        let there = by(theirs, |entry| entry);
        let there_numbers = by(theirs, |(name, number)| (number, name));
        for &(value, number) in &ours.entries {
            match there.get(value) {
                Some(&other) if other != number => self.differ(
                    true,
                    Difference::Renumbered {
                        item: item(value),
                        here: number.to_owned(),
                        there: other.to_owned(),
                    },
                ),
                Some(_) => {}
                None => {
                    // A number with two names would be taken for another value.
                    let taken = there_numbers.contains_key(number);
                    self.differ(taken, Difference::OnlyHere { item: item(value) });
                }
            }
        }
        let here = by(ours, |entry| entry);
        let here_numbers = by(ours, |(name, number)| (number, name));
        for &(value, number) in &theirs.entries {
            if !here.contains_key(value) {
                let taken = here_numbers.contains_key(number);
                self.differ(taken, Difference::OnlyThere { item: item(value) });
            }
        }
    }

    /// What stands for a field that the segment lacks.
    fn absent(
        &mut self,
        of: &Own,
        field: &FieldText<'static>,
        patches: &mut Vec<Patch>,
    ) -> Option<()> {
        let (at, size) = (field.offset.try_into().ok()?, field.size.try_into().ok()?);
        patches.push(Patch::zeros(at, size));
        self.sentinels(of, field, patches)
    }

    /// The sentinel of a field, or those of the struct in it.
    fn sentinels(
        &mut self,
        of: &Own,
        field: &FieldText<'static>,
        patches: &mut Vec<Patch>,
    ) -> Option<()> {
        let Some(("struct", _, fingerprint)) = field.named() else {
            let sentinel = of.absent(field).map_or(0, |absent| absent.sentinel);
            if sentinel != 0 {
                let count: usize = field.elements()?.try_into().ok()?;
                let size = usize::try_from(field.size).ok()? / count;
                let at = field.offset.try_into().ok()?;
                let value = Value::new(sentinel, size)?;
                patches.push(Patch::Fill { at, count, value });
            }
            return Some(());
        };
        if let Some(inner) = self.absent.get(&fingerprint) {
            return each(field, Arc::clone(inner), patches);
        }
        let part = of.part(fingerprint)?;
        let Body::Struct { fields, .. } = &part.text.body else {
            return None;
        };
        let mut inner = Vec::new();
        for field in fields {
            self.sentinels(&part, field, &mut inner)?;
        }
        let inner: Arc<[Patch]> = inner.into();
        self.absent.insert(fingerprint, Arc::clone(&inner));
        each(field, inner, patches)
    }
}

/// Patches in each element of a field.
fn each(field: &FieldText<'_>, of: Arc<[Patch]>, patches: &mut Vec<Patch>) -> Option<()> {
    if of.is_empty() {
        return Some(());
    }
    let (at, count) = (
        field.offset.try_into().ok()?,
        field.elements()?.try_into().ok()?,
    );
    let step = usize::try_from(field.size).ok()? / count;
    patches.push(Patch::Each {
        at,
        count,
        step,
        of,
    });
    Some(())
}

/// Zeros over what `field`, which this program does not know, has of the bytes
/// between its own.
fn hide(ours: &[FieldText<'_>], field: &FieldText<'_>, size: u64, patches: &mut Vec<Patch>) {
    let first = ours.partition_point(|own| own.range().end <= field.offset);
    let mut at = field.offset;
    let end = field.range().end.min(size);
    let after = ours[first..]
        .iter()
        .map(FieldText::range)
        .chain(iter::once(end..end));
    for own in after {
        let gap = at..own.start.min(end);
        if let (Ok(start), Ok(length)) = (
            usize::try_from(gap.start),
            usize::try_from(gap.end.saturating_sub(gap.start)),
        ) && length > 0
        {
            patches.push(Patch::zeros(start, length));
        }
        if own.end >= end {
            break;
        }
        at = own.end;
    }
}

/// `64 bytes (align 8)`, `enum u8`.
fn form(ty: &TypeText<'_>) -> String {
    match &ty.body {
        Body::Struct { size, align, .. } => format!("{size} bytes (align {align})"),
        Body::Numbers(numbers) => format!("{} {}", numbers.kind, numbers.repr),
    }
}
