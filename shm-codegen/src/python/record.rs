//! A struct as a ctypes structure.

use shm_schema::layout::{Layout, Member, StructLayout};

use super::scope::{Hidden, Scope};
use super::{code, field, layouts, literal, types};

/// A class, ready to print.
pub(super) struct Record {
    pub(super) name: String,
    pub(super) doc: String,
    /// With `pack:`, the number; otherwise empty.
    pub(super) pack: String,
    /// Of `_fields_`.
    pub(super) entries: Vec<String>,
    pub(super) size: u64,
    pub(super) align: u64,
    pub(super) fingerprint: String,
    /// The whole line of `LAYOUT`.
    pub(super) layout: String,
    /// Of `FIELDS`.
    pub(super) fields: Vec<String>,
    /// Annotations and properties.
    pub(super) members: Vec<String>,
    /// What type checkers are told of the constructor.
    pub(super) init: String,
    pub(super) static_method: String,
    /// The statement with the formats of the dtype, in the order of the fields.
    pub(super) formats: String,
    /// `True` or `False`.
    pub(super) aligned: &'static str,
    /// A second name for annotations in classes that have a field called like
    /// the type.
    pub(super) alias: String,
}

impl Record {
    pub(super) fn new(layout: &Layout, record: &StructLayout, hidden: &Hidden) -> Self {
        let scope = Scope::of(record);
        let name = record.name.python();
        Self {
            doc: literal::docstring("    ", &doc(record)),
            pack: record.pack.map(|n| n.to_string()).unwrap_or_default(),
            entries: record.members.iter().map(|m| entry(layout, m)).collect(),
            size: record.size,
            align: record.align,
            fingerprint: record.fingerprint.to_string(),
            layout: layouts::whole(layout, record).line(4, "LAYOUT = ", ""),
            fields: record.fields().map(|f| field::entry(layout, f)).collect(),
            members: record
                .fields()
                .map(|f| field::members(layout, f, &scope))
                .collect(),
            init: init(layout, record, &scope),
            static_method: scope.builtin("staticmethod"),
            formats: formats(layout, record),
            aligned: if record.pack.is_none() {
                "True"
            } else {
                "False"
            },
            alias: hidden.alias(&name),
            name,
        }
    }
}

/// A parameter a field, by both of its names where it has two. They are also
/// given by position where ctypes fills a record so; see `_checked`.
fn init(layout: &Layout, record: &StructLayout, scope: &Scope) -> String {
    let mut parameters = vec!["self".to_owned()];
    if !types::is_by_position(record) {
        parameters.push("*".to_owned());
    }
    for field in record.fields() {
        let mut take = |name: String, taken| parameters.push(format!("{name}: {taken} = ..."));
        if field::is_typed(field) {
            take(field.name.python(), types::taken(layout, field, scope));
        }
        take(
            field::stored_name(field),
            types::taken_raw(layout, field, scope),
        );
    }
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    code::stub("__init__", &parameters, "None")
}

fn doc(record: &StructLayout) -> String {
    let packed = match record.pack {
        Some(n) => format!(", packed to {n}"),
        None => String::new(),
    };
    let facts = format!(
        "{} bytes, aligned to {}{packed}.",
        record.size, record.align
    );
    match record.doc.as_deref().map(str::trim_end) {
        None | Some("") => facts,
        Some(doc) => format!("{doc}\n\n{facts}"),
    }
}

/// A tuple, an item on each line; of one alone, on one line with its comma.
fn formats(layout: &Layout, record: &StructLayout) -> String {
    let formats: Vec<String> = record.fields().map(|f| types::numpy(layout, f)).collect();
    match formats.as_slice() {
        [only] => format!("        formats = ({only},)"),
        formats => {
            let items: String = formats
                .iter()
                .map(|f| format!("            {f},\n"))
                .collect();
            format!("        formats = (\n{items}        )")
        }
    }
}

/// `("px", _ctypes.c_double)`.
fn entry(layout: &Layout, member: &Member) -> String {
    let (name, kind) = match member {
        Member::Field(field) => (field::stored_name(field), types::ctypes(layout, field)),
        Member::Reserved(gap) => (
            format!("_{}", gap.name),
            format!("_ctypes.c_uint8 * {}", gap.size),
        ),
        Member::Pad(gap) => (gap.name.clone(), format!("_ctypes.c_uint8 * {}", gap.size)),
    };
    format!("({}, {kind})", literal::string(&name))
}
