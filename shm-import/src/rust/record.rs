//! Structs that derive `SharedLayout`.

use shm_record::ast::{self, Record};
use shm_record::lower::Lone;
use shm_record::valid;
use syn::DeriveInput;
use syn::ext::IdentExt;

use super::item::Items;
use super::ty::{Shared, Types};
use super::{doc, fact, findings, number, place};
use crate::draft::{Draft, Field, Place, Struct, What};
use crate::finding::Finding;
use crate::yaml::scalar;

pub(super) fn gather(items: &Items<'_>, draft: &mut Draft, errors: &mut Vec<Finding>) {
    for input in &items.records {
        match record(items, draft, input) {
            Ok(record) => draft.structs.push(record),
            Err(new) => errors.extend(new),
        }
    }
}

fn record(
    items: &Items<'_>,
    draft: &mut Draft,
    input: &DeriveInput,
) -> Result<Struct, Vec<Finding>> {
    let name_at = place(&input.ident);
    let told = |error| pointed(findings(error), &name_at);
    let record = Record::from_syn(input).map_err(told)?;
    // In the words of the derive, which refuses the same.
    let refused = valid::check(&record).err().map(told).unwrap_or_default();
    let is_ours = record.shared.schema_id.is_some();
    let mut types = Types {
        items,
        lone: match is_ours {
            true => Lone::Own,
            false => Lone::Imported,
        },
        draft,
    };
    let mut errors = refused;
    let mut fields = Vec::new();
    let mut end = 0;
    for field in &record.fields {
        match types.of(field.ty) {
            // Generated code names the padding that the law inserts.
            Ok(Shared::Gap(size)) if is_ours && field.name.starts_with("_pad") => {
                end = size.parse().unwrap_or(0);
            }
            Ok(shared) => {
                end = 0;
                match self::field(items, &record, field, shared) {
                    Ok(field) => fields.push(field),
                    Err(finding) => errors.push(finding),
                }
            }
            // Most are refused by the derive too, in the same words.
            Err(new) => errors.extend(new),
        }
    }
    errors.dedup_by(|a, b| a == b);
    if !errors.is_empty() {
        return Err(unique(errors));
    }
    let stated = |number: &Option<syn::LitInt>| number.as_ref()?.base10_parse::<u64>().ok();
    let align = stated(&record.shared.align).unwrap_or(u64::MAX);
    Ok(Struct {
        name: record.name(),
        align: record.repr.align,
        // More room at the end than the law asks for is the schema's.
        size: stated(&record.shared.size).filter(|_| is_ours && end >= align),
        pack: record.repr.packed,
        fields,
        doc: doc::text(&input.attrs, is_ours),
        at: record.name_span().byte_range(),
    })
}

fn field(
    items: &Items<'_>,
    record: &Record<'_>,
    field: &ast::Field<'_>,
    shared: Shared,
) -> Result<Field, Finding> {
    let is_ours = record.shared.schema_id.is_some();
    let mut facts = Vec::new();
    // What generated code says of offsets is the law's word again.
    let keys = &field.shared;
    if let (Some(offset), false) = (&keys.offset, is_ours) {
        facts.push(("offset", offset.base10_digits().to_owned()));
    }
    let since = keys.since.as_ref().map(|since| since.base10_digits());
    facts.extend(since.map(|since| ("since", since.to_owned())));
    let what = match shared {
        Shared::Type(ty) => {
            if is_ours {
                let of = record.ident.unraw().to_string();
                facts.extend(fact::of(items, &of, &field.name));
            }
            let has_sentinel = facts.iter().any(|(key, _)| *key == "sentinel");
            if let (Some(none), false) = (&keys.none, has_sentinel) {
                let none = number::text(items, none).ok_or_else(|| {
                    Finding::new(place(none), "only rustc can tell what this number is")
                        .help("write it as a literal")
                })?;
                facts.push(("sentinel", none));
            }
            let deprecated = doc::deprecated(field.attributes);
            facts.extend(deprecated.map(|note| ("deprecated", scalar(&note))));
            What::Type(ty)
        }
        Shared::Gap(size) => What::Reserved(size),
    };
    let name = match &what {
        // The language keeps such names for padding of its own; those of
        // reserved room are nobody's.
        What::Reserved(_) => field.name.trim_start_matches('_').to_owned(),
        What::Type(_) => field.name.clone(),
    };
    let generic = matches!(what, What::Reserved(_)).then_some("Reserved.");
    Ok(Field {
        name: if name.is_empty() {
            "reserved".to_owned()
        } else {
            name
        },
        what,
        facts,
        doc: doc::text(field.attributes, is_ours).filter(|text| Some(text.as_str()) != generic),
        at: place(field.ident),
    })
}

/// What rustc would show at the derive stands at the struct's name here.
fn pointed(findings: Vec<Finding>, name: &Place) -> Vec<Finding> {
    let mut findings = findings;
    for finding in &mut findings {
        finding.or_at(name);
    }
    findings
}

/// Each once.
fn unique(findings: Vec<Finding>) -> Vec<Finding> {
    let mut list: Vec<Finding> = Vec::new();
    for finding in findings {
        if !list.contains(&finding) {
            list.push(finding);
        }
    }
    list
}
