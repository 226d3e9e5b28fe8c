//! What makes a typed value of a stored one, and the stored one of it.

use shm_schema::layout::{Field, Layout, Number, Scale, TimeUnit, Type};

use super::code::Code;
use super::field::stored_name;
use super::{literal, refer, types};

/// The typed value of `item`.
///
/// The value that stands for none is not looked for here; see [`is_none`].
pub(super) fn read(layout: &Layout, field: &Field, item: &str) -> Code {
    let name = literal::string(&field.name.python());
    let arg = || Code::text(item);
    match field.ty {
        Type::Scalar(_) | Type::Struct(_) => match &field.scale {
            Some(scale) => Code::text(scaled(scale, item)),
            None => arg(),
        },
        Type::Bool => Code::call("bool", [arg()]),
        Type::Str { .. } => Code::call("_text", [arg()]),
        Type::Utf16 { .. } => Code::call("_text16", [arg()]),
        Type::Bytes { .. } => Code::call("bytes", [arg()]),
        Type::Timestamp(unit) => time("_moment", name, item, unit),
        Type::Duration(unit) => time("_span", name, item, unit),
        Type::Enum(i) => Code::call(refer::to_enum(layout, i), [arg()]),
        Type::Flags(i) => Code::call(refer::to_flags(layout, i), [arg()]),
    }
}

/// Whether `item` is the value that stands for none.
pub(super) fn is_none(field: &Field, item: &str) -> Option<String> {
    Some(match field.sentinel? {
        Number::Float(value) if value.is_nan() => format!("_math.isnan({item})"),
        value => format!("{item} == {}", literal::number(value)),
    })
}

/// What is stored of the typed value `item`.
pub(super) fn write(layout: &Layout, field: &Field, item: &str) -> Code {
    let name = literal::string(&field.name.python());
    let arg = || Code::text(item);
    let stored = match field.ty {
        Type::Scalar(_) | Type::Struct(_) => match &field.scale {
            Some(scale) => {
                let worth = [scale.numerator, scale.denominator].map(grouped);
                Code::call(
                    "_steps",
                    [Code::text(name.clone()), arg()]
                        .into_iter()
                        .chain(worth.map(Code::Text)),
                )
            }
            None => arg(),
        },
        Type::Bool => Code::call("_truth", [Code::text(name.clone()), arg()]),
        Type::Str { .. } => Code::call("_encoded", [Code::text(name.clone()), arg()]),
        Type::Utf16 { .. } => Code::call("_encoded16", [Code::text(name.clone()), arg()]),
        Type::Bytes { .. } => Code::call("_bytes", [Code::text(name.clone()), arg()]),
        Type::Timestamp(unit) => time("_ticks_since", name.clone(), item, unit),
        Type::Duration(unit) => time("_ticks", name.clone(), item, unit),
        Type::Enum(i) => member(&name, item, refer::to_enum(layout, i)),
        Type::Flags(i) => member(&name, item, refer::to_flags(layout, i)),
    };
    let kind = || Code::text(types::ctypes_element(layout, field.ty));
    // What is counted in steps is spoken of by its raw name: the number in a
    // message is then the one that the name stands for.
    let called = match field.scale {
        Some(_) => literal::string(&stored_name(field)),
        None => name,
    };
    match (field.sentinel, field.range, &field.scale) {
        (Some(none), ..) => Code::call(
            "_known",
            [
                Code::text(called),
                kind(),
                stored,
                Code::text(literal::number(none)),
            ],
        ),
        // Told to be too big before it is told to be out of range.
        (None, Some(_), Some(_)) => Code::call("_fitted", [Code::text(called), kind(), stored]),
        _ => stored,
    }
}

/// The quotient of two ints, which Python rounds to the nearest float.
fn scaled(scale: &Scale, item: &str) -> String {
    match (scale.numerator, scale.denominator) {
        (1, 1) => format!("float({item})"),
        (1, under) => format!("{item} / {}", grouped(under)),
        (over, 1) => format!("float({item} * {})", grouped(over)),
        (over, under) => format!("{item} * {} / {}", grouped(over), grouped(under)),
    }
}

fn member(name: &str, item: &str, kind: String) -> Code {
    Code::call("_number", [name, item, &kind].map(Code::text))
}

fn time(function: &str, name: String, item: &str, unit: TimeUnit) -> Code {
    Code::call(
        function,
        [
            Code::Text(name),
            Code::text(item),
            Code::Text(grouped(unit.per_second())),
        ],
    )
}

/// `1_000_000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
