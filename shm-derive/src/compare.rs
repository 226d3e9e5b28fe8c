//! A struct held against the schema: one error for each wrong field.

use quote::ToTokens;
use shm_schema::layout::{Field as SchemaField, Gap, Member, StructLayout, Type};

use crate::order::Pairing;
use crate::schema::Schema;
use shm_record::ast::{Field, Record};
use shm_record::errors::Errors;
use shm_record::lower::{Element, Length, Lowered};

/// A struct of the schema, and which of its fields each Rust field is.
pub(crate) struct Expected<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) layout: &'s StructLayout,
    /// Index of the Rust field, and the schema's field.
    pub(crate) fields: Vec<(usize, &'s SchemaField)>,
}

/// Compares what tokens tell. What they do not (an alias, a constant, another
/// struct's layout) is left to the assertions that `expand` writes.
pub(crate) fn compare<'s>(
    record: &Record<'_>,
    lowered: &[Lowered],
    schema: &'s Schema,
) -> syn::Result<Expected<'s>> {
    let layout = schema.find(record)?;
    let mut comparison = Comparison {
        record,
        schema,
        layout,
        errors: Errors::default(),
    };
    comparison.repr();
    let rust = comparison.rooms(lowered);
    let fields = comparison.names(&rust);
    for (r, field) in &fields {
        comparison.ty(&record.fields[*r], &lowered[*r], field);
    }
    comparison.errors.propagate()?;
    Ok(Expected {
        schema,
        layout,
        fields,
    })
}

struct Comparison<'a, 's> {
    record: &'a Record<'a>,
    schema: &'s Schema,
    layout: &'s StructLayout,
    errors: Errors,
}

impl<'s> Comparison<'_, 's> {
    /// `#[repr]` has the `align` and `pack` of the schema.
    fn repr(&mut self) {
        let (repr, layout) = (&self.record.repr, self.layout);
        let natural = fields_of(layout).map(|f| f.align).max().unwrap_or(1);
        let align_differs = match layout.declared_align {
            Some(align) if align > natural => repr.align != Some(align),
            _ => repr.align.is_some_and(|align| align > layout.align),
        };
        if repr.packed == layout.pack && !align_differs {
            return;
        }
        let expected = match (layout.pack, layout.declared_align) {
            (Some(pack), _) => format!("#[repr(C, packed({pack}))]"),
            (None, Some(align)) => format!("#[repr(C, align({align}))]"),
            (None, None) => "#[repr(C)]".to_owned(),
        };
        let at = self.schema.at(layout.at);
        let name = &layout.name;
        self.errors.at(
            repr.shape_span,
            format!("`{name}` must be `{expected}`, as `{at}` says"),
        );
    }

    /// Indices of the fields that are no padding; reserved room is checked.
    fn rooms(&mut self, lowered: &[Lowered]) -> Vec<usize> {
        let mut rest = Vec::new();
        for (i, (field, ty)) in self.record.fields.iter().zip(lowered).enumerate() {
            match self.reserved(&field.name) {
                Some(gap) => self.room(field, ty, gap),
                None if ty.element.is_gap() && self.field(&field.name).is_none() => {}
                None => rest.push(i),
            }
        }
        rest
    }

    fn room(&mut self, field: &Field<'_>, ty: &Lowered, gap: &Gap) {
        if matches!(ty.element, Element::Gap(_) | Element::Unknown) && ty.dims.is_empty() {
            return;
        }
        let at = self.schema.at(gap.at);
        self.errors.under(
            field.ty,
            format!(
                "`{}.{}` must be `Pad<{}>`, room that `{at}` reserves",
                self.layout.name, gap.name, gap.size
            ),
        );
    }

    /// Pairs the fields by name and reports what does not pair.
    fn names(&mut self, rust: &[usize]) -> Vec<(usize, &'s SchemaField)> {
        let record = self.record;
        let schema: Vec<&SchemaField> = fields_of(self.layout).collect();
        let rust_names: Vec<&str> = rust.iter().map(|&r| &*record.fields[r].name).collect();
        let schema_names: Vec<&str> = schema.iter().map(|f| f.name.as_str()).collect();
        let pairing = Pairing::of(&rust_names, &schema_names);

        for &(r, s) in &pairing.renamed {
            let (ident, other) = (record.fields[rust[r]].ident, schema[s]);
            let at = self.schema.at(other.at);
            self.errors.under(
                ident,
                format!(
                    "field `{ident}` is called `{0}` in `{at}`\n\
                     help: call it `{0}`, or rename it in the schema",
                    other.name
                ),
            );
        }
        for &(r, s) in &pairing.moved {
            let (ident, other) = (record.fields[rust[r]].ident, schema[s]);
            let at = self.schema.at(other.at);
            let place = place(&schema, s);
            self.errors.under(
                ident,
                format!("field `{ident}` is out of order\nhelp: `{at}` has it {place}"),
            );
        }
        for &r in &pairing.extra {
            let ident = record.fields[rust[r]].ident;
            let (name, at) = (&self.layout.name, self.schema.at(self.layout.at));
            self.errors.under(
                ident,
                format!(
                    "`{name}` of `{at}` has no field `{ident}`\n\
                     help: remove it, or add it to the schema"
                ),
            );
        }
        for &s in &pairing.missing {
            self.missing(&schema, s);
        }
        pairing
            .pairs
            .iter()
            .map(|&(r, s)| (rust[r], schema[s]))
            .collect()
    }

    fn missing(&mut self, schema: &[&SchemaField], s: usize) {
        let field = schema[s];
        let (at, place) = (self.schema.at(field.at), place(schema, s));
        let ty = shm_rust::type_name(&self.schema.layout, field);
        self.errors.at(
            self.record.ident.span(),
            format!(
                "`{}` lacks field `{}` of `{at}`\nhelp: add `pub {}: {ty},` {place}",
                self.record.ident,
                field.name,
                field.name.rust(),
            ),
        );
    }

    /// The type's tokens do not contradict the schema.
    fn ty(&mut self, field: &Field<'_>, lowered: &Lowered, expected: &SchemaField) {
        if may_be(lowered, expected) {
            return;
        }
        let message = type_message(self.schema, self.layout, expected);
        self.errors.under(field.ty.to_token_stream(), message);
    }

    fn reserved(&self, name: &str) -> Option<&'s Gap> {
        self.layout.members.iter().find_map(|member| match member {
            Member::Reserved(gap) if gap.name == name => Some(gap),
            _ => None,
        })
    }

    fn field(&self, name: &str) -> Option<&'s SchemaField> {
        fields_of(self.layout).find(|field| field.name == *name)
    }
}

/// `` `Quote.bids` must be `[Level; 5]`, as `schemas/market.yaml:93:30` says ``
pub(crate) fn type_message(schema: &Schema, layout: &StructLayout, field: &SchemaField) -> String {
    format!(
        "`{}.{}` must be `{}`, as `{}` says",
        layout.name,
        field.name,
        shm_rust::type_name(&schema.layout, field),
        schema.at(field.type_at),
    )
}

pub(crate) fn fields_of(layout: &StructLayout) -> impl Iterator<Item = &SchemaField> {
    layout.members.iter().filter_map(|member| match member {
        Member::Field(field) => Some(field),
        Member::Reserved(_) | Member::Pad(_) => None,
    })
}

/// The type of one element, read from its line in the canonical text:
/// `<name> <element>[ [dims]] @<offset> +<size>`.
pub(crate) fn canonical<'a>(layout: &'a StructLayout, field: &SchemaField) -> &'a str {
    layout
        .text
        .lines()
        .skip(2) // the tag, and the struct's own line
        .filter_map(|line| line.split_once(' '))
        .find(|(name, _)| field.name == **name)
        .and_then(|(_, rest)| rest.split(' ').next())
        .unwrap_or_default()
}

/// Where a field stands, for people.
fn place(schema: &[&SchemaField], s: usize) -> String {
    match s.checked_sub(1) {
        Some(before) => format!("after `{}`", schema[before].name),
        None => "first".to_owned(),
    }
}

fn may_be(lowered: &Lowered, expected: &SchemaField) -> bool {
    // What an alias stands for may have dims of its own.
    let dims_fit = match lowered.element {
        Element::Unknown => lowered.dims.len() <= expected.dims.len(),
        _ => lowered.dims.len() == expected.dims.len(),
    };
    let dims_agree = lowered
        .dims
        .iter()
        .zip(&expected.dims)
        .all(|(length, &dim)| length.may_be(dim));
    dims_fit && dims_agree && element_may_be(&lowered.element, expected.ty)
}

fn element_may_be(element: &Element, expected: Type) -> bool {
    let sized = |kind: &str, len: u64| match element {
        Element::Sized(found, length) => *found == kind && Length::may_be(*length, len),
        _ => false,
    };
    match (element, expected) {
        (Element::Unknown, _) => true,
        (_, Type::Str { len }) => sized("str", len),
        (_, Type::Bytes { len }) => sized("bytes", len),
        (_, Type::Utf16 { len }) => sized("utf16", len),
        (Element::Plain(name), ty) => shm_rust::plain_name(ty) == Some(*name),
        (Element::Sized(..) | Element::Gap(_), _) => false,
    }
}
