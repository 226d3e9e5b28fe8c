//! What a stored number stands for.

use crate::layout::{Field, Number};

/// How the numbers of a field mean something else than before, if they do.
pub(super) fn other_meaning(before: &Field, after: &Field) -> Option<String> {
    let name = &after.name;
    let scale = |field: &Field| {
        let scale = field.scale.as_ref();
        scale.map_or((1, 1), |scale| (scale.numerator, scale.denominator))
    };
    if scale(before) != scale(after) {
        let [was, is] = [before, after].map(|field| match &field.scale {
            Some(scale) => scale.text.as_str(),
            None => "1",
        });
        return Some(format!("one step of `{name}` is worth {is}, and was {was}"));
    }
    if !same_number(before.sentinel, after.sentinel) {
        let [was, is] = [before, after].map(|field| match field.sentinel {
            Some(Number::Int(value)) => value.to_string(),
            Some(Number::Float(value)) if value.is_nan() => "nan".to_owned(),
            Some(Number::Float(value)) => format!("{value:?}"),
            None => "nothing".to_owned(),
        });
        return Some(format!("{is} in `{name}` stands for none, and {was} did"));
    }
    None
}

/// Every NaN is the same sentinel.
fn same_number(a: Option<Number>, b: Option<Number>) -> bool {
    match (a, b) {
        (Some(Number::Float(a)), Some(Number::Float(b))) => a == b || (a.is_nan() && b.is_nan()),
        (a, b) => a == b,
    }
}
