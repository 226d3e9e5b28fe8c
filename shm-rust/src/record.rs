//! A struct: its definition, which the derive holds against the layout that is
//! written beside each field, and its default.

use shm_schema::layout::{Field, Gap, Member, Number, StructLayout};
use shm_schema::{Layout, Name};

use crate::doc::{Doc, inline};
use crate::item::{WIDTH, allow_type_name};
use crate::ty;

pub(crate) fn record(layout: &Layout, record: &StructLayout) -> String {
    let definition = definition(layout, record);
    let name = record.name.rust();
    format!(
        "{definition}\n\
         impl Default for {name} {{\n    \
             fn default() -> Self {{\n        \
                 ::shm_runtime::SharedLayout::zeroed()\n    \
             }}\n\
         }}\n"
    )
}

fn definition(layout: &Layout, record: &StructLayout) -> String {
    let doc = Doc::default()
        .text(record.doc.as_deref())
        .line(format!(
            "{} bytes, aligned to {}.",
            record.size, record.align
        ))
        .comment("");
    let members: String = record
        .members
        .iter()
        .map(|member| match member {
            Member::Field(field) => self::field(layout, field),
            Member::Reserved(gap) => self::gap(gap, "Reserved."),
            Member::Pad(gap) => self::gap(gap, "Padding."),
        })
        .collect();
    format!(
        "{doc}\
         #[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]\n\
         #[shared(\n    \
             schema_id = SCHEMA,\n    \
             size = {},\n    \
             align = {},\n    \
             fingerprint = \"{}\"\n\
         )]\n\
         #[repr({})]\n\
         {}{}\
         pub struct {} {{\n{members}}}\n",
        record.size,
        record.align,
        record.fingerprint,
        repr(record),
        allow_type_name(record.name.as_str(), ""),
        allow_field_names(record),
        record.name.rust(),
    )
}

fn repr(record: &StructLayout) -> String {
    match (record.pack, record.declared_align) {
        (Some(pack), _) => format!("C, packed({pack})"),
        (None, Some(align)) => format!("C, align({align})"),
        (None, None) => "C".to_owned(),
    }
}

fn allow_field_names(record: &StructLayout) -> &'static str {
    let is_plain = |name: &str| !name.contains(|c: char| c.is_ascii_uppercase());
    let all_plain = record.members.iter().all(|member| match member {
        Member::Field(field) => is_plain(field.name.as_str()),
        Member::Reserved(gap) | Member::Pad(gap) => is_plain(&gap.name),
    });
    match all_plain {
        true => "",
        false => "#[allow(non_snake_case)]\n",
    }
}

fn field(layout: &Layout, field: &Field) -> String {
    let doc = Doc::default()
        .text(field.doc.as_deref())
        .line(facts(field))
        .comment("    ");
    let offset = format!("    #[shared(offset = {})]\n", field.offset);
    let (name, ty) = (field.name.rust(), ty::qualified(layout, field));
    let line = format!("    pub {name}: {ty},\n");
    match line.len() <= WIDTH + 1 {
        true => format!("{doc}{offset}{line}"),
        // Where rustfmt breaks a line that is too long.
        false => format!("{doc}{offset}    pub {name}:\n        {ty},\n"),
    }
}

fn gap(gap: &Gap, title: &str) -> String {
    let doc = match &gap.doc {
        Some(_) => Doc::default().text(gap.doc.as_deref()),
        None => Doc::default().line(title),
    }
    .line(format!("{}.", bytes(gap.offset, gap.size)))
    .comment("    ");
    let name = Name::rust_ident(&gap.name);
    format!("{doc}    pub {name}: ::shm_runtime::Pad<{}>,\n", gap.size)
}

/// `Bytes 64..72, in USD, from 0 to 10. One step is 1e-8 USD.`
fn facts(field: &Field) -> String {
    let unit = field.unit.as_deref().map(inline);
    let mut facts = bytes(field.offset, field.size);
    if let (Some(unit), None) = (&unit, &field.scale) {
        facts += &format!(", in {unit}");
    }
    if let Some((low, high)) = field.range {
        facts += &format!(", from {} to {}", number(low), number(high));
    }
    facts += ".";
    if let Some(scale) = &field.scale {
        let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
        facts += &format!(" One step is {}{unit}.", inline(&scale.text));
    }
    if let Some(sentinel) = field.sentinel {
        facts += &format!(" {} stands for none.", number(sentinel));
    }
    if let Some(since) = field.since {
        facts += &format!(" Since version {since} of the schema.");
    }
    if let Some(deprecated) = &field.deprecated {
        facts += &format!(" Deprecated: {}.", inline(deprecated));
    }
    facts
}

/// The first byte and the one past the last, in a form rustdoc takes for no
/// link.
fn bytes(offset: u64, size: u64) -> String {
    match size {
        1 => format!("Byte {offset}"),
        _ => format!("Bytes {offset}..{}", offset + size),
    }
}

fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) => value.to_string(),
    }
}
