//! A field's type and what the schema says of its values, for people to read.

use shm_schema::layout::{Field, Layout, Number, Scalar, TimeUnit, Type};

/// A scalar as the schema spells it.
pub fn scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "u8",
        Scalar::U16 => "u16",
        Scalar::U32 => "u32",
        Scalar::U64 => "u64",
        Scalar::I8 => "i8",
        Scalar::I16 => "i16",
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
    }
}

/// A field's type on one line: `f64`, `str:16`, `Level[5]`, `f32[3,4]`.
pub fn field_type(layout: &Layout, field: &Field) -> String {
    let element = element_type(layout, field.ty);
    if field.dims.is_empty() {
        return element;
    }
    let dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    format!("{element}[{}]", dims.join(","))
}

/// The type of one element: `f64`, `str:16`, `Level`.
pub fn element_type(layout: &Layout, ty: Type) -> String {
    match ty {
        Type::Scalar(s) => scalar(s).to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Str { len } => format!("str:{len}"),
        Type::Bytes { len } => format!("bytes:{len}"),
        Type::Utf16 { len } => format!("utf16:{len}"),
        Type::Timestamp(unit) => format!("timestamp_{}", suffix(unit)),
        Type::Duration(unit) => format!("duration_{}", suffix(unit)),
        Type::Enum(index) => layout.enums[index].name.as_str().to_owned(),
        Type::Flags(index) => layout.flags[index].name.as_str().to_owned(),
        Type::Struct(index) => layout.structs[index].name.as_str().to_owned(),
    }
}

/// What the schema says of a field's values, a phrase each: `in USD`,
/// `1 to 1000000`, `nan is none`.
pub fn facts(field: &Field) -> Vec<String> {
    let unit = field.unit.as_deref();
    let mut facts = Vec::new();
    match (&field.scale, unit) {
        (Some(scale), Some(unit)) => facts.push(format!("in steps of {} {unit}", scale.text)),
        (Some(scale), None) => facts.push(format!("in steps of {}", scale.text)),
        (None, Some(unit)) => facts.push(format!("in {unit}")),
        (None, None) => {}
    }
    if let Some((low, high)) = field.range {
        facts.push(format!("{} to {}", number(low), number(high)));
    }
    if let Some(sentinel) = field.sentinel {
        facts.push(format!("{} is none", number(sentinel)));
    }
    facts
}

/// A number as a person would type it: `5`, `0.5`, `nan`, `-inf`.
pub fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) if value.is_nan() => "nan".to_owned(),
        Number::Float(value) if value == value.trunc() && value.abs() >= 1e16 => {
            format!("{value:e}")
        }
        Number::Float(value) => value.to_string(),
    }
}

fn suffix(unit: TimeUnit) -> &'static str {
    match unit {
        TimeUnit::S => "s",
        TimeUnit::Ms => "ms",
        TimeUnit::Us => "us",
        TimeUnit::Ns => "ns",
    }
}
