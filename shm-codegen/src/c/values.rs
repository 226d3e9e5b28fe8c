//! Macros for what the schema says of a field's values.

use shm_schema::layout::{Field, Number, Scalar, StructLayout, Type};

use super::header::Define;
use super::names::Names;
use crate::target::Refusal;

/// Of every field that has a scale, a sentinel or a range.
pub(super) fn of(record: &StructLayout, names: &mut Names<'_>) -> Result<Vec<Define>, Refusal> {
    let mut defines = Vec::new();
    for field in record.fields() {
        for (part, scalar, value) in facts(field) {
            let what = format!(
                "the {} of `{}.{}`",
                part.to_lowercase().replace('_', "'s "),
                record.name,
                field.name
            );
            let parts = [&record.name.upper(), &field.name.upper(), part];
            let name = names.new_macro(&parts, what, field.at)?;
            defines.push(Define::number(name, scalar, value));
        }
    }
    Ok(defines)
}

fn facts(field: &Field) -> Vec<(&'static str, Scalar, Number)> {
    let mut facts = Vec::new();
    if let Some(scale) = &field.scale {
        facts.push(("SCALE", Scalar::F64, Number::Float(scale.value)));
    }
    if let Some(sentinel) = field.sentinel {
        facts.push(("SENTINEL", stored(field.ty), sentinel));
    }
    if let Some((low, high)) = field.range {
        // In the unit that people read, so a scaled field's is no integer; and
        // only compared with, so that an f32's may be more exact than it is.
        let scalar = match (&field.scale, stored(field.ty)) {
            (Some(_), _) | (None, Scalar::F32) => Scalar::F64,
            (None, scalar) => scalar,
        };
        facts.push(("RANGE_LOW", scalar, low));
        facts.push(("RANGE_HIGH", scalar, high));
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
