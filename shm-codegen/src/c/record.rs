//! A struct's definition and the assertions that hold the compiler to it.

use shm_schema::Name;
use shm_schema::layout::{Field, Gap, Home, Layout, Member, StructLayout, Type};

use super::comment;
use super::header::Define;
use super::names::{Names, type_name};
use super::number;
use super::values;
use crate::target::Refusal;
use crate::words;

/// Declarations longer than this do not push the comments of the others right.
const MARGIN: usize = 36;

/// What a struct and the macros about it are called.
pub(super) struct Head {
    name: String,
    fingerprint: Define,
    values: Vec<Define>,
}

impl Head {
    pub(super) fn new(record: &StructLayout, names: &mut Names<'_>) -> Result<Self, Refusal> {
        let what = format!("the fingerprint of `{}`", record.name);
        let upper = record.name.upper();
        Ok(Self {
            name: names.new_type(&record.name, record.at)?,
            fingerprint: Define::text(
                names.new_macro(&[&upper, "FINGERPRINT"], what, record.at)?,
                &record.fingerprint.to_string(),
            ),
            values: values::of(record, names)?,
        })
    }
}

/// A struct, ready to print.
pub(crate) struct Record {
    pub(super) doc: String,
    pub(crate) name: String,
    /// With `pack:`, the number; otherwise empty.
    pub(super) pack: String,
    pub(crate) fingerprint: Define,
    pub(super) members: Vec<MemberView>,
    pub(super) assertions: Vec<String>,
    /// What the schema says of the fields' values.
    pub(crate) values: Vec<Define>,
}

/// A member, ready to print.
pub(super) struct MemberView {
    pub(super) doc: String,
    /// With its semicolon, padded to where the comments stand.
    pub(super) declaration: String,
    pub(super) facts: String,
}

impl Record {
    pub(super) fn new(
        layout: &Layout,
        record: &StructLayout,
        head: Head,
        names: &Names<'_>,
    ) -> Result<Self, Refusal> {
        let mut members = record
            .members
            .iter()
            .map(|member| member_view(layout, record, member, names))
            .collect::<Result<Vec<_>, _>>()?;
        align_first(record, &mut members);
        pad(&mut members);
        Ok(Self {
            doc: comment::block("", &doc(record)),
            pack: record.pack.map(|n| n.to_string()).unwrap_or_default(),
            fingerprint: head.fingerprint,
            assertions: assertions(record, &head.name),
            members,
            name: head.name,
            values: head.values,
        })
    }
}

fn doc(record: &StructLayout) -> String {
    let packed = match record.pack {
        Some(n) => format!(", packed to {n}"),
        None => String::new(),
    };
    let bytes = words::plural(record.size, "byte");
    let facts = format!("{bytes}, aligned to {}{packed}.", record.align);
    match &record.doc {
        Some(doc) => format!("{}\n\n{facts}", doc.trim_end()),
        None => facts,
    }
}

/// An alignment on the first member is the one spelling that C11 and C++17
/// share; it aligns the whole struct.
fn align_first(record: &StructLayout, members: &mut [MemberView]) {
    if let (Some(align), Some(first)) = (record.declared_align, members.first_mut()) {
        first.declaration = format!("alignas({align}) {}", first.declaration);
    }
}

fn pad(members: &mut [MemberView]) {
    let lengths = members.iter().map(|m| m.declaration.len());
    let width = lengths.filter(|n| *n <= MARGIN).max().unwrap_or(0);
    for member in members {
        member.declaration = format!("{:width$}", member.declaration);
    }
}

fn member_view(
    layout: &Layout,
    record: &StructLayout,
    member: &Member,
    names: &Names<'_>,
) -> Result<MemberView, Refusal> {
    match member {
        Member::Field(field) => {
            let name = names.member(&record.name, field.name.c(), field.at)?;
            Ok(MemberView {
                doc: comment::block("    ", &field_doc(field)),
                declaration: declaration(layout, field, &name),
                facts: comment::inline(&field_facts(layout, field)),
            })
        }
        Member::Reserved(gap) => {
            let name = names.member(&record.name, Name::c_ident(&gap.name), gap.at)?;
            Ok(gap_view(gap, &name, "reserved"))
        }
        Member::Pad(gap) => Ok(gap_view(gap, &gap.name, "padding")),
    }
}

fn gap_view(gap: &Gap, name: &str, kind: &str) -> MemberView {
    MemberView {
        doc: comment::block("    ", gap.doc.as_deref().unwrap_or_default()),
        declaration: format!("uint8_t {name}[{}];", gap.size),
        facts: format!("@{} +{} {kind}", gap.offset, gap.size),
    }
}

fn field_doc(field: &Field) -> String {
    let mut doc = field.doc.clone().unwrap_or_default();
    let mut add = |line: String| {
        let end = doc.trim_end().len();
        doc.truncate(end);
        if !doc.is_empty() {
            doc.push('\n');
        }
        doc.push_str(&line);
    };
    if let Some(version) = field.since {
        add(format!("Since version {version} of the schema."));
    }
    if let Some(why) = &field.deprecated {
        add(format!("Deprecated: {why}"));
    }
    doc
}

fn field_facts(layout: &Layout, field: &Field) -> String {
    let place = format!("@{} +{}", field.offset, field.size);
    let mut facts = vec![format!("{place} {}", words::field_type(layout, field))];
    facts.extend(meaning(field.ty).map(str::to_owned));
    facts.extend(words::facts(field));
    facts.join(", ")
}

/// What a C type does not say of itself.
fn meaning(ty: Type) -> Option<&'static str> {
    match ty {
        Type::Bool => Some("true unless 0"),
        Type::Str { .. } => Some("UTF-8, NUL-padded"),
        Type::Utf16 { .. } => Some("NUL-padded"),
        Type::Timestamp(_) => Some("since 1970 UTC"),
        Type::Scalar(_)
        | Type::Bytes { .. }
        | Type::Duration(_)
        | Type::Enum(_)
        | Type::Flags(_)
        | Type::Struct(_) => None,
    }
}

fn declaration(layout: &Layout, field: &Field, name: &str) -> String {
    let (element, len) = element_type(layout, field.ty, type_name);
    let dims: String = field
        .dims
        .iter()
        .chain(&len)
        .map(|d| format!("[{d}]"))
        .collect();
    format!("{element} {name}{dims};")
}

/// The C type of an element, and its length when that is an array itself; a
/// type of a schema is called what `name_of` says.
pub(crate) fn element_type(
    layout: &Layout,
    ty: Type,
    name_of: impl Fn(&Layout, Home, &Name) -> String,
) -> (String, Option<u64>) {
    let named = |name: &Name| name_of(layout, layout.home(ty), name);
    match ty {
        Type::Scalar(scalar) => (number::type_name(scalar).to_owned(), None),
        // Not `bool`: whoever wrote the byte may have put a 2 there.
        Type::Bool => ("uint8_t".to_owned(), None),
        Type::Str { len } => ("char".to_owned(), Some(len)),
        Type::Bytes { len } => ("uint8_t".to_owned(), Some(len)),
        // Not `char16_t`: C leaves its width to the machine.
        Type::Utf16 { len } => ("uint16_t".to_owned(), Some(len)),
        Type::Timestamp(_) | Type::Duration(_) => ("int64_t".to_owned(), None),
        Type::Enum(index) => (named(&layout.enums[index].name), None),
        Type::Flags(index) => (named(&layout.flags[index].name), None),
        Type::Struct(index) => (named(&layout.structs[index].name), None),
    }
}

fn assertions(record: &StructLayout, name: &str) -> Vec<String> {
    let mut all = vec![
        assertion(
            &format!("sizeof({name}) == {}", record.size),
            &format!("{name} must take {}", words::plural(record.size, "byte")),
        ),
        assertion(
            &format!("alignof({name}) == {}", record.align),
            &format!(
                "{name} must be aligned to {}",
                words::plural(record.align, "byte")
            ),
        ),
    ];
    // Padding follows from what is around it.
    all.extend(record.members.iter().filter_map(|member| {
        let (member, offset) = match member {
            Member::Field(field) => (field.name.c(), field.offset),
            Member::Reserved(gap) => (Name::c_ident(&gap.name), gap.offset),
            Member::Pad(_) => return None,
        };
        Some(assertion(
            &format!("offsetof({name}, {member}) == {offset}"),
            &format!("{name}.{member} must start at byte {offset}"),
        ))
    }));
    all
}

/// The sentence holds nothing but identifiers and numbers of ours.
fn assertion(condition: &str, sentence: &str) -> String {
    format!("static_assert({condition},\n              \"{sentence}\");")
}
