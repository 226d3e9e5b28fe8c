//! A valid schema of every draft, as YAML.

use crate::document::{Document, Entry};
use crate::draft::{self, Draft};
use crate::fields::Writer;
use crate::place::Extent;
use crate::words::{self, GLOBALS, Scope, TYPES, VALUES};

/// Integer types, then floats.
pub(crate) const SCALARS: [&str; 10] = [
    "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64",
];

/// The version of every schema; fields may be new since the one before.
pub(crate) const VERSION: u32 = 3;

/// A type that the schema declares.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) extent: Extent,
    /// Whether it, or a struct in it, says `align:`; nothing packed holds it.
    pub(crate) is_aligned: bool,
}

/// What is declared so far.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Those that can stand for a dim.
    pub(crate) constants: Vec<(String, u64)>,
    pub(crate) enums: Vec<Declared>,
    pub(crate) flags: Vec<Declared>,
    pub(crate) structs: Vec<Declared>,
    /// Of each struct: the first field that a table's row can be found by.
    keys: Vec<Option<String>>,
}

/// A schema's file.
#[derive(Debug, Clone)]
pub struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// The file of a package.
    pub fn new(package: &str, text: String) -> Self {
        let path = format!("{package}.yaml");
        Self { path, text }
    }
}

/// The draft's schema, after the one that it imports if it is split.
pub(crate) fn sources(draft: &Draft, package: &str) -> Vec<Source> {
    let common = format!("{package}_common");
    let doc = draft.doc.map(words::text);
    let mut parts = Parts::new(draft, if draft.is_split { &common } else { package });
    let (first, rest) = draft.structs.split_at(draft.structs.len() / 2);
    parts.structs(first);
    let mut sources = Vec::new();
    if draft.is_split {
        sources.push(Source::new(&common, parts.document.to_string()));
        parts.known.import_all(&common);
        // Names of the import are free again.
        (parts.types, parts.globals) = Default::default();
        parts.document = Document::new(package);
        parts.document.import = Some(common);
    }
    parts.structs(rest);
    parts.segments(&draft.segments);
    parts.document.doc = doc;
    sources.push(Source::new(package, parts.document.to_string()));
    sources
}

/// A document and what it needs to know to go on.
struct Parts {
    document: Document,
    types: Scope,
    globals: Scope,
    known: Known,
}

impl Parts {
    fn new(draft: &Draft, package: &str) -> Self {
        let mut document = Document::new(package);
        let (mut types, mut globals) = (Scope::default(), Scope::default());
        let mut known = Known::default();
        for constant in &draft.constants {
            let entry = self::constant(constant, &mut globals, &mut known);
            document.constants.push(entry);
        }
        for e in &draft.enums {
            let (entry, declared) = an_enum(e, &mut types);
            document.enums.push(entry);
            known.enums.push(declared);
        }
        for f in &draft.flags {
            let (entry, declared) = flags(f, &mut types);
            document.flags.push(entry);
            known.flags.push(declared);
        }
        Self {
            document,
            types,
            globals,
            known,
        }
    }

    fn structs(&mut self, drafts: &[draft::Struct]) {
        for draft in drafts {
            let name = self.types.name(TYPES, draft.name);
            let written = Writer::new(draft, &self.known).finish(name);
            self.document.structs.push(written.entry);
            self.known.structs.push(written.declared);
            self.known.keys.push(written.key);
        }
    }

    fn segments(&mut self, drafts: &[draft::Segment]) {
        for draft in drafts {
            let entry = segment(draft, &mut self.globals, &self.known);
            self.document.segments.push(entry);
        }
    }
}

impl Known {
    /// From here on, all of it is another schema's.
    fn import_all(&mut self, package: &str) {
        let types = self.enums.iter_mut().chain(&mut self.flags);
        let types = types.chain(&mut self.structs).map(|ty| &mut ty.name);
        let constants = self.constants.iter_mut().map(|(name, _)| name);
        types
            .chain(constants)
            .for_each(|name| *name = format!("{package}.{name}"));
    }
}

fn constant(draft: &draft::Constant, scope: &mut Scope, known: &mut Known) -> Entry {
    let scalar = SCALARS[usize::from(draft.scalar) % SCALARS.len()];
    let name = scope.name(GLOBALS, draft.name);
    // No constant is NaN: it could not be compared with.
    let value = value_of(scalar, draft.value).replace("nan", "0.1");
    if let Ok(count @ 1..=4) = value.parse::<u64>() {
        known.constants.push((name.clone(), count));
    }
    Entry::default()
        .name(&name)
        .raw("type", scalar)
        .raw("value", value)
        .doc(draft.doc)
}

fn an_enum(draft: &draft::Enum, types: &mut Scope) -> (Entry, Declared) {
    let repr = SCALARS[usize::from(draft.repr) % 8];
    let name = types.name(TYPES, draft.name);
    let mut scope = Scope::default();
    let mut numbers = Vec::new();
    let mut values = Vec::new();
    for (pick, number) in &draft.values {
        let number = value_of(repr, *number);
        if !numbers.contains(&number) {
            let value = Entry::default()
                .name(&scope.name(VALUES, *pick))
                .raw("value", &number);
            values.push(value.flow());
            numbers.push(number);
        }
    }
    let mut entry = Entry::default()
        .name(&name)
        .raw("repr", repr)
        .raw("values", format!("[{}]", values.join(", ")));
    let reserved = draft.reserved.map(|pick| value_of(repr, pick));
    if let Some(number) = reserved.filter(|number| !numbers.contains(number)) {
        entry = entry.raw("reserved", format!("[{number}]"));
    }
    (entry.doc(draft.doc), integer(name, repr))
}

fn flags(draft: &draft::Flags, types: &mut Scope) -> (Entry, Declared) {
    let repr = SCALARS[usize::from(draft.repr) % 4];
    let name = types.name(TYPES, draft.name);
    let mut scope = Scope::default();
    let mut taken = Vec::new();
    let mut bits = Vec::new();
    for (pick, bit) in &draft.bits {
        let bit = u64::from(*bit) % (8 * size_of(repr));
        if !taken.contains(&bit) {
            let entry = Entry::default()
                .name(&scope.name(VALUES, *pick))
                .raw("bit", bit);
            bits.push(entry.flow());
            taken.push(bit);
        }
    }
    let entry = Entry::default()
        .name(&name)
        .raw("repr", repr)
        .raw("bits", format!("[{}]", bits.join(", ")))
        .doc(draft.doc);
    (entry, integer(name, repr))
}

fn integer(name: String, repr: &str) -> Declared {
    let size = size_of(repr);
    Declared {
        name,
        extent: Extent { size, align: size },
        is_aligned: false,
    }
}

fn segment(draft: &draft::Segment, scope: &mut Scope, known: &Known) -> Entry {
    let of = usize::from(draft.of) % known.structs.len();
    let mut entry = Entry::default()
        .name(&scope.name(GLOBALS, draft.name))
        .raw("kind", draft.rows.map_or("cell", |_| "table"))
        .word("of", &known.structs[of].name);
    if let Some(rows) = draft.rows {
        entry = entry.raw("rows", rows);
        if let (true, Some(key)) = (draft.has_key, &known.keys[of]) {
            entry = entry.word("key", key);
        }
    }
    if let Some(copies) = draft.copies {
        entry = entry.raw("copies", copies);
    }
    if let (Some(_), Some(arrays)) = (draft.rows, draft.order) {
        entry = entry.raw("order", if arrays { "arrays" } else { "rows" });
    }
    entry.doc(draft.doc)
}

/// In bytes.
pub(crate) fn size_of(scalar: &str) -> u64 {
    match scalar.trim_start_matches(['u', 'i', 'f']) {
        "8" => 1,
        "16" => 2,
        "32" => 4,
        _ => 8,
    }
}

/// A value of the type, as a schema spells it. Picks with the highest bits set
/// go to the ends of the range.
pub(crate) fn value_of(scalar: &str, pick: u64) -> String {
    let bits = 8 * size_of(scalar);
    let pick = if pick >> 56 == 0 {
        pick
    } else {
        pick >> (64 - bits)
    };
    match scalar {
        "u8" => (pick as u8).to_string(),
        "u16" => (pick as u16).to_string(),
        "u32" => (pick as u32).to_string(),
        "u64" => pick.to_string(),
        "i8" => (pick as i8).to_string(),
        "i16" => (pick as i16).to_string(),
        "i32" => (pick as i32).to_string(),
        "i64" => (pick as i64).to_string(),
        _ => ["0.5", "nan", "-1.0", "1024.0", "-0.25"][(pick % 5) as usize].to_owned(),
    }
}
