//! A struct of a draft: its fields, and what it says of its own size.

use crate::document::Entry;
use crate::draft::{Field, Frame, Kind, Says, Struct};
use crate::place::{Extent, place};
use crate::schema::{Declared, Known, SCALARS, VERSION, size_of, value_of};
use crate::words::{FIELDS, Scope};

/// Records are kept small: their bytes are printed value by value.
const MOST_ELEMENTS: u64 = 36;
const MOST_BYTES: u64 = 2048;

const SCALES: [&str; 7] = ["1e-8", "0.01", "0.25", "1", "3", "1000", "1e-19"];
const TIMES: [&str; 8] = [
    "timestamp_s",
    "timestamp_ms",
    "timestamp_us",
    "timestamp_ns",
    "duration_s",
    "duration_ms",
    "duration_us",
    "duration_ns",
];

/// A struct, ready for the document.
pub(crate) struct Written {
    pub(crate) entry: Entry,
    pub(crate) declared: Declared,
    /// The first field that a table's row can be found by.
    pub(crate) key: Option<String>,
}

/// Works out one struct.
pub(crate) struct Writer<'a> {
    draft: &'a Struct,
    known: &'a Known,
    names: Scope,
    fields: Vec<Entry>,
    extents: Vec<Extent>,
    key: Option<String>,
    holds_aligned: bool,
}

/// A field's type, as far as its entry goes.
struct Typed {
    entry: Entry,
    extent: Extent,
    /// The number type behind it, for what can have a sentinel or a range.
    number: Option<&'static str>,
    is_integer: bool,
    can_be_key: bool,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(draft: &'a Struct, known: &'a Known) -> Self {
        Self {
            draft,
            known,
            names: Scope::default(),
            fields: Vec::new(),
            extents: Vec::new(),
            key: None,
            holds_aligned: false,
        }
    }

    pub(crate) fn finish(mut self, name: String) -> Written {
        for field in &self.draft.fields {
            self.field(field);
        }
        if self.draft.fields.iter().all(|f| is_reserved(f.ty)) {
            // Room alone is no struct.
            let name = self.names.name(FIELDS, 0);
            self.fields
                .push(Entry::default().name(&name).raw("type", "u8"));
            self.extents.push(Extent { size: 1, align: 1 });
        }
        let (pack, align) = match self.draft.frame {
            Frame::Pack(power) if !self.holds_aligned => (Some(1 << power), None),
            Frame::Align(power) => (None, Some(1 << power)),
            Frame::Natural | Frame::Pack(_) => (None, None),
        };
        let (offsets, mut extent) = place(&self.extents, pack);
        let mut entry = Entry::default().name(&name).doc(self.draft.doc);
        if let Some(pack) = pack {
            entry = entry.raw("pack", pack);
        }
        if let Some(align) = align.map(|align| extent.align.max(align)) {
            entry = entry.raw("align", align);
            extent.align = align;
            extent.size = extent.size.next_multiple_of(align);
        }
        if let Some(steps) = self.draft.room {
            extent.size += u64::from(steps) * extent.align;
            entry = entry.raw("size", extent.size);
        }
        Written {
            entry: entry.fields(self.with_offsets(&offsets)),
            key: self.key,
            declared: Declared {
                name,
                extent,
                is_aligned: align.is_some() || self.holds_aligned,
            },
        }
    }

    /// The fields, some of which say where they lie.
    fn with_offsets(&mut self, offsets: &[u64]) -> Vec<Entry> {
        let says = self
            .draft
            .fields
            .iter()
            .map(|f| f.says_offset && !is_reserved(f.ty));
        let says: Vec<bool> = says.chain([false]).collect();
        let fields = std::mem::take(&mut self.fields).into_iter();
        fields
            .zip(offsets.iter().zip(says))
            .map(|(field, (offset, says))| match says {
                true => field.raw("offset", offset),
                false => field,
            })
            .collect()
    }

    fn field(&mut self, field: &Field) {
        let name = self.names.name(FIELDS, field.name);
        let entry = Entry::default().name(&name);
        if let Kind::Reserved(size) = field.ty {
            self.fields
                .push(entry.raw("reserved", size).doc(field.says.doc));
            self.extents.push(Extent {
                size: size.into(),
                align: 1,
            });
            return;
        }
        let mut typed = self.typed(field, entry);
        let count: u64 = field.dims.iter().map(|d| u64::from(*d)).product();
        let fits = count <= MOST_ELEMENTS && count * typed.extent.size <= MOST_BYTES;
        if fits && !field.dims.is_empty() {
            let dims: Vec<String> = field.dims.iter().map(|d| self.count(*d, field)).collect();
            typed.entry = typed.entry.raw("dims", format!("[{}]", dims.join(", ")));
            typed.extent.size *= count;
            typed.can_be_key = false;
        }
        if typed.can_be_key && self.key.is_none() {
            self.key = Some(name);
        }
        self.extents.push(typed.extent);
        self.fields.push(said(typed, &field.says));
    }

    /// The field's type; `u8` where it names a list that has nothing yet.
    fn typed(&mut self, field: &Field, entry: Entry) -> Typed {
        match field.ty {
            Kind::Scalar(pick) => scalar(entry, SCALARS[usize::from(pick) % SCALARS.len()]),
            Kind::Bool => plain(
                entry.raw("type", "bool"),
                Extent { size: 1, align: 1 },
                false,
            ),
            Kind::Str(len) | Kind::Bytes(len) | Kind::Utf16(len) => {
                let (ty, unit) = match field.ty {
                    Kind::Str(_) => ("str", 1),
                    Kind::Bytes(_) => ("bytes", 1),
                    _ => ("utf16", 2),
                };
                let size = u64::from(len) * unit;
                let entry = entry.raw("type", ty).raw("len", self.count(len, field));
                plain(entry, Extent { size, align: unit }, true)
            }
            Kind::Time(pick) => Typed {
                is_integer: false,
                ..number(entry, TIMES[usize::from(pick) % TIMES.len()], "i64")
            },
            Kind::Enum(pick) => self.declared(entry, &self.known.enums, pick, true),
            Kind::Flags(pick) => self.declared(entry, &self.known.flags, pick, true),
            Kind::Struct(pick) => {
                let of = some(&self.known.structs, pick);
                self.holds_aligned |= of.is_some_and(|of| of.is_aligned);
                self.declared(entry, &self.known.structs, pick, false)
            }
            // Handled before.
            Kind::Reserved(_) => scalar(entry, "u8"),
        }
    }

    fn declared(&self, entry: Entry, list: &[Declared], pick: u16, can_be_key: bool) -> Typed {
        match some(list, pick) {
            Some(of) => plain(entry.word("type", &of.name), of.extent, can_be_key),
            None => scalar(entry, "u8"),
        }
    }

    /// A count, by the name of a constant where the draft wants it so.
    fn count(&self, count: u8, field: &Field) -> String {
        let same = |(_, value): &&(String, u64)| *value == u64::from(count);
        match self.known.constants.iter().find(same) {
            Some((name, _)) if field.by_name => name.clone(),
            _ => count.to_string(),
        }
    }
}

fn is_reserved(ty: Kind) -> bool {
    matches!(ty, Kind::Reserved(_))
}

fn some(list: &[Declared], pick: u16) -> Option<&Declared> {
    list.get(usize::from(pick).checked_rem(list.len())?)
}

fn plain(entry: Entry, extent: Extent, can_be_key: bool) -> Typed {
    Typed {
        entry,
        extent,
        number: None,
        is_integer: false,
        can_be_key,
    }
}

fn number(entry: Entry, ty: &str, scalar: &'static str) -> Typed {
    let size = size_of(scalar);
    let is_integer = !scalar.starts_with('f');
    Typed {
        number: Some(scalar),
        is_integer,
        ..plain(
            entry.raw("type", ty),
            Extent { size, align: size },
            is_integer,
        )
    }
}

fn scalar(entry: Entry, scalar: &'static str) -> Typed {
    number(entry, scalar, scalar)
}

/// The entry with what the field says beside its type.
fn said(typed: Typed, says: &Says) -> Entry {
    let mut entry = typed.entry.text("unit", says.unit).doc(says.doc);
    let scale = says.scale.filter(|_| typed.is_integer);
    let scale = scale.map(|pick| SCALES[usize::from(pick) % SCALES.len()]);
    if let Some(scale) = scale {
        entry = entry.raw("scale", scale);
    }
    if let (Some(scalar), Some(pick)) = (typed.number, says.sentinel) {
        entry = entry.raw("sentinel", value_of(scalar, pick));
    }
    match (typed.number, says.range, scale) {
        (Some(scalar), Some(ends), None) => entry = entry.raw("range", range(scalar, ends)),
        // After the scale: one step.
        (_, Some(_), Some(scale)) => entry = entry.raw("range", format!("[0, {scale}]")),
        _ => {}
    }
    if says.since {
        entry = entry.raw("since", VERSION - 1);
    }
    entry.text("deprecated", says.deprecated)
}

fn range(scalar: &str, ends: (u64, u64)) -> String {
    let ends = [ends.0, ends.1].map(|pick| value_of(scalar, pick).parse::<i128>());
    match ends {
        [Ok(one), Ok(other)] => format!("[{}, {}]", one.min(other), one.max(other)),
        _ => "[-1.5, 1e9]".to_owned(),
    }
}
