//! A struct: its definition, which the derive holds against the layout that is
//! written beside each field, and its default.

use shm_schema::layout::{Field, Gap, Member, Number, StructLayout};
use shm_schema::{Layout, Name};

use crate::Reader;
use crate::access::{has_getter, has_rule};
use crate::doc::{Doc, inline};
use crate::item::allow_type_name;
use crate::line::{self, WIDTH};
use crate::ty;

pub(crate) fn record(layout: &Layout, record: &StructLayout, reader: Reader) -> String {
    let definition = definition(layout, record, reader);
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

fn definition(layout: &Layout, record: &StructLayout, reader: Reader) -> String {
    let text = match reader {
        Reader::Person => String::new(),
        Reader::Derive => format!("    text = {:?},\n", record.text),
    };
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
            Member::Field(field) => self::field(layout, record, field),
            Member::Reserved(gap) => self::gap(gap, "Reserved."),
            Member::Pad(gap) => self::gap(gap, "Padding."),
        })
        .collect();
    format!(
        "{doc}\
         #[derive(Clone, Copy, Debug, PartialEq, ::shm_runtime::SharedLayout)]\n\
         #[shared(\n    \
             schema_id = SCHEMA,\n{text}    \
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

fn field(layout: &Layout, record: &StructLayout, field: &Field) -> String {
    let doc = Doc::default()
        .text(field.doc.as_deref())
        .line(facts(field))
        .comment("    ");
    let deprecated = field.deprecated.as_deref();
    let attributes = format!(
        "{}{}",
        deprecated.map_or_else(String::new, |note| line::deprecated("    ", note)),
        shared(record, field)
    );
    let (name, ty) = (field.name.rust(), ty::qualified(layout, field));
    let on_one_line = format!("    pub {name}: {ty},\n");
    match on_one_line.len() <= WIDTH + 1 {
        true => format!("{doc}{attributes}{on_one_line}"),
        // Where rustfmt breaks a line that is too long.
        false => format!("{doc}{attributes}    pub {name}:\n        {ty},\n"),
    }
}

/// `#[shared(offset = 8, since = 2, none = Quote::VENUE_NONE)]`
fn shared(record: &StructLayout, field: &Field) -> String {
    let mut keys = vec![format!("offset = {}", field.offset)];
    keys.extend(field.since.map(|since| format!("since = {since}")));
    if field.sentinel.is_some() {
        let (of, name) = (record.name.rust(), field.name.upper());
        keys.push(format!("none = {of}::{name}_NONE"));
    }
    line::attribute("    ", "shared", &keys)
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
    // The range of a scaled field is in its unit, what is stored is not.
    if field.scale.is_none() {
        facts += &in_unit(unit.as_deref());
        facts += &between(field);
    }
    facts += ".";
    if let Some(scale) = &field.scale {
        let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
        facts += &format!(
            " One step is {}{unit}{}.",
            inline(&scale.text),
            between(field)
        );
    }
    if let Some(sentinel) = field.sentinel {
        facts += &format!(" {} stands for none.", number(sentinel));
    }
    if let Some(since) = field.since {
        facts += &format!(" Since version {since} of the schema.");
    }
    match (has_getter(field), has_rule(field)) {
        (true, _) => {
            let name = &field.name;
            facts += &format!(" Raw: `{name}()` reads the value, `set_{name}()` sets it.");
        }
        (false, true) => facts += &format!(" `set_{}()` checks the range.", field.name),
        (false, false) => {}
    }
    facts
}

/// `, in USD`
fn in_unit(unit: Option<&str>) -> String {
    unit.map_or_else(String::new, |unit| format!(", in {unit}"))
}

/// `, from 0 to 10`
fn between(field: &Field) -> String {
    field.range.map_or_else(String::new, |(low, high)| {
        format!(", from {} to {}", number(low), number(high))
    })
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
        // As short as it is read: `1e300`, not with 300 zeros.
        Number::Float(value) if value.abs() >= 1e16 || value.fract() != 0.0 => {
            format!("{value:?}")
        }
        Number::Float(value) => value.to_string(),
    }
}
