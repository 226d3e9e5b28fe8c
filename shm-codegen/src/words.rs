//! A field's type, and what the schema says of its values and of a segment, for
//! people to read.

use shm_schema::layout::{Field, Layout, Number, Place, SegmentLayout};

/// Where another program's memory lies: `/dev/shm/physics`, `System V segment
/// 0x4e545030`.
pub fn place(place: &Place) -> String {
    match place {
        Place::File(path) => path.clone(),
        Place::SysV(key) => format!("System V segment {key:#x}"),
    }
}

/// A field's type on one line: `f64`, `str:16`, `common.Level[5]`, `f32[3,4]`.
pub fn field_type(layout: &Layout, field: &Field) -> String {
    let element = layout.type_name(field.ty);
    if field.dims.is_empty() {
        return element;
    }
    let dims: Vec<String> = field.dims.iter().map(u64::to_string).collect();
    format!("{element}[{}]", dims.join(","))
}

/// `, 4 copies of each, in arrays`, where a segment keeps more than usual, or
/// keeps them otherwise.
pub fn unusual(segment: &SegmentLayout) -> String {
    let copies = segment.more_copies();
    let copies = copies.map_or_else(String::new, |copies| format!(", {copies} copies of each"));
    let order = segment.unusual_order();
    copies + &order.map_or_else(String::new, |order| format!(", in {}", order.as_str()))
}

/// What the schema says of a field's values, a phrase each: `in USD`,
/// `1 to 1000000`, `nan is none`.
pub fn facts(field: &Field) -> Vec<String> {
    let unit = field.unit.as_deref();
    let step = field.scale.as_ref().map(|scale| scale.text.as_str());
    let first = match (step, unit) {
        (Some(step), Some(unit)) => Some(format!("in steps of {step} {unit}")),
        (Some(step), None) => Some(format!("in steps of {step}")),
        (None, Some(unit)) => Some(format!("in {unit}")),
        (None, None) => None,
    };
    first.into_iter().chain(limits(field)).collect()
}

/// The same without the unit, for a table that has a column for it.
pub fn value_facts(field: &Field) -> Vec<String> {
    let step = field
        .scale
        .as_ref()
        .map(|scale| format!("in steps of {}", scale.text));
    step.into_iter().chain(limits(field)).collect()
}

fn limits(field: &Field) -> impl Iterator<Item = String> {
    let range = field
        .range
        .map(|(low, high)| format!("{} to {}", number(low), number(high)));
    let sentinel = field
        .sentinel
        .map(|value| format!("{} is none", number(value)));
    range.into_iter().chain(sentinel)
}

/// A number as a person would type it: `5`, `0.5`, `nan`, `-inf`.
pub fn number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) if value.is_nan() => "nan".to_owned(),
        Number::Float(value) if value == value.trunc() && value.abs() >= 1e10 => {
            format!("{value:e}")
        }
        Number::Float(value) => value.to_string(),
    }
}

/// `1 byte`, `2 bytes`.
pub fn plural(n: u64, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}
