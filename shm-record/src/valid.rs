//! What is refused whatever a schema says.

use std::collections::BTreeMap;

use proc_macro2::Ident;
use shm_schema::Name;

use crate::ast::{Field, Record};
use crate::attr;
use crate::errors::Errors;
use crate::lower::{Element, Length, Lone, Lowered};

/// Refuses what cannot be shared; the types of the fields come out, in order.
///
/// # Errors
///
/// Everything that is refused, each at its tokens.
pub fn check(record: &Record<'_>) -> syn::Result<Vec<Lowered>> {
    let mut errors = Errors::default();
    repr(record, &mut errors);
    names(record, &mut errors);
    conditions(record, &mut errors);
    // Generated code alone has it.
    let lone = match record.shared.schema_id {
        Some(_) => Lone::Own,
        None => Lone::Imported,
    };
    let mut lowered = Vec::with_capacity(record.fields.len());
    for field in &record.fields {
        match Lowered::from_syn(field.ty, lone) {
            Ok(ty) => {
                lengths(field, &ty, &mut errors);
                lowered.push(ty);
            }
            Err(error) => errors.push(error),
        }
    }
    errors.propagate()?;
    Ok(lowered)
}

/// What the runtime asserts of every type, said at the field where tokens
/// tell.
fn lengths(field: &Field<'_>, ty: &Lowered, errors: &mut Errors) {
    const MOST_DIMS: usize = 4;
    let is_empty = |length: &Length| *length == Length::Known(0);
    if ty.dims.iter().any(is_empty) {
        errors.under(
            field.ty,
            "an array has at least one element\nhelp: remove the field",
        );
    }
    if matches!(&ty.element, Element::Sized(_, length) if is_empty(length)) {
        errors.under(
            field.ty,
            "a fixed text has room for at least one character\nhelp: remove the field",
        );
    }
    if ty.dims.len() > MOST_DIMS {
        errors.under(
            field.ty,
            "an array has at most four dimensions\nhelp: put the inner ones into a record",
        );
    }
}

fn repr(record: &Record<'_>, errors: &mut Errors) {
    if !record.repr.c {
        errors.at(
            record.repr.span,
            "a record needs `#[repr(C)]`: without it rustc may order the fields as it likes",
        );
    }
}

/// Names are ASCII, and each gives its field a constant of its own.
fn names(record: &Record<'_>, errors: &mut Errors) {
    if !record.name().is_ascii() {
        errors.at(record.name_span(), NOT_ASCII);
    }
    let mut constants: BTreeMap<String, &Ident> = BTreeMap::new();
    for field in &record.fields {
        if !field.name.is_ascii() {
            errors.under(field.ident, NOT_ASCII);
        }
        let constant = Name::constant_case(&field.name);
        if let Some(first) = constants.insert(constant.clone(), field.ident) {
            errors.under(
                field.ident,
                format!(
                    "`{first}` and `{}` would both have the token `{}::{constant}`\n\
                     help: rename one of them",
                    field.ident, record.ident
                ),
            );
        }
    }
}

const NOT_ASCII: &str = "names of a record are ASCII: other letters can look alike and differ";

/// Only a condition that holds is seen here: rustc removes the field itself
/// when it does not, before any derive runs.
fn conditions(record: &Record<'_>, errors: &mut Errors) {
    for field in &record.fields {
        for attribute in field.attributes {
            if attr::is(attribute, "cfg") {
                errors.under(
                    attribute,
                    format!(
                        "field `{}` is there only sometimes, and every program must see the same \
                         record\nhelp: keep the field, and leave it unused where it has no meaning",
                        field.ident
                    ),
                );
            }
        }
    }
}
