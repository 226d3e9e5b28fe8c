//! Macros for what the schema says of a field's values.

use shm_schema::layout::{Field, Number, Scalar, StructLayout, Type};

use super::header::Define;
use super::names::Names;
use super::number;
use crate::target::Refusal;

/// Of every field that has a scale, a sentinel or a range.
pub(super) fn of(record: &StructLayout, names: &mut Names<'_>) -> Result<Vec<Define>, Refusal> {
    let mut defines = Vec::new();
    for field in record.fields() {
        for (part, value) in facts(field) {
            let what = format!(
                "the {} of `{}.{}`",
                part.to_lowercase().replace('_', "'s "),
                record.name,
                field.name
            );
            let parts = [&record.name.upper(), &field.name.upper(), part];
            defines.push(Define::new(names.new_macro(&parts, what, field.at)?, value));
        }
    }
    Ok(defines)
}

fn facts(field: &Field) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(scale) = &field.scale {
        let value = number::literal(Scalar::F64, Number::Float(scale.value));
        facts.push(("SCALE", value));
    }
    if let Some(sentinel) = field.sentinel {
        facts.push(("SENTINEL", number::literal(stored(field.ty), sentinel)));
    }
    if let Some((low, high)) = field.range {
        // In the unit that people read, so a scaled field's is no integer; and
        // only compared with, so that an f32's may be more exact than it is.
        let scalar = match (&field.scale, stored(field.ty)) {
            (Some(_), _) | (None, Scalar::F32) => Scalar::F64,
            (None, scalar) => scalar,
        };
        facts.push(("RANGE_LOW", number::literal(scalar, low)));
        facts.push(("RANGE_HIGH", number::literal(scalar, high)));
    }
    facts
}

/// The number that lies in memory.
fn stored(ty: Type) -> Scalar {
    match ty {
        Type::Scalar(scalar) => scalar,
        // Times; nothing else has such facts.
        _ => Scalar::I64,
    }
}
