//! What a field says of its values: `sentinel`, `scale`, `since`; `range` has
//! a file of its own.

use super::amounts::{fit, misfit, shown_number};
use super::context::Context;
use super::ranges;
use crate::code::Code;
use crate::fraction;
use crate::layout::{Layout, Number, Scalar, Scale, Type};
use crate::model::{Amount, At, Field};

/// The keys of one field, as far as they hold.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub(super) range: Option<(Number, Number)>,
    pub(super) sentinel: Option<Number>,
    pub(super) scale: Option<Scale>,
    pub(super) since: Option<u32>,
}

/// `ty` is `None` when the field's type has an error of its own.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    layout: &Layout,
    field: &At<Field>,
    ty: Option<Type>,
) -> Limits {
    let mut limits = Limits {
        since: field
            .since
            .as_ref()
            .and_then(|since| self::since(cx, since)),
        ..Limits::default()
    };
    let Some(ty) = ty else {
        return limits;
    };
    let kind = Kind::of(layout, ty);
    let sentinel = field.sentinel.as_ref();
    limits.sentinel = sentinel.and_then(|s| self::sentinel(cx, s, &kind, field.scale.is_some()));
    limits.scale = field.scale.as_ref().and_then(|s| scale(cx, s, &kind));
    // Without its scale a range cannot be judged.
    if field.scale.is_none() || limits.scale.is_some() {
        let range = field.range.as_ref();
        limits.range = range.and_then(|r| ranges::resolve(cx, r, &kind, limits.scale.as_ref()));
    }
    limits
}

/// What a field holds, as far as it can be compared with numbers.
pub(super) struct Kind {
    /// As people write it.
    pub(super) name: String,
    /// The number that is stored; `None` when it is not one to people.
    pub(super) scalar: Option<Scalar>,
    /// Whether it counts something: it may be scaled.
    scalable: bool,
}

impl Kind {
    fn of(layout: &Layout, ty: Type) -> Self {
        let scalar = match ty {
            Type::Scalar(scalar) => Some(scalar),
            Type::Timestamp(_) | Type::Duration(_) => Some(Scalar::I64),
            _ => None,
        };
        Kind {
            name: layout.type_name(ty),
            scalar,
            scalable: matches!(ty, Type::Scalar(scalar) if scalar.is_integer()),
        }
    }
}

fn sentinel(
    cx: &mut Context<'_>,
    sentinel: &At<Amount>,
    kind: &Kind,
    scaled: bool,
) -> Option<Number> {
    let of = &kind.name;
    let Some(scalar) = kind.scalar else {
        let d = cx
            .key_error(
                Code::BadSentinel,
                sentinel,
                format!("`{of}` has no sentinel"),
            )
            .help("only numbers, timestamps and durations have one; an enum names a value for it");
        cx.push(d);
        return None;
    };
    let number = cx.number(sentinel)?;
    let fitted = fit(number, scalar);
    if fitted.is_none() {
        let message = format!(
            "the sentinel {} is no value of `{of}`",
            shown_number(number)
        );
        let d = cx
            .error(Code::BadSentinel, sentinel, message)
            .label(misfit(number, scalar))
            .help(match (scalar.is_integer(), scaled) {
                (true, true) => "a sentinel is the number that is stored, before the scale",
                (true, false) => "take a value that never occurs, such as the highest",
                (false, _) => "write `sentinel: nan`",
            });
        cx.push(d);
    }
    fitted
}

fn scale(cx: &mut Context<'_>, scale: &At<Amount>, kind: &Kind) -> Option<Scale> {
    if !kind.scalable {
        let of = &kind.name;
        let d = cx
            .key_error(Code::BadScale, scale, format!("`{of}` has no scale"))
            .help("a scale makes an integer a fixed-point number: write `type: i64, scale: 1e-8`");
        cx.push(d);
        return None;
    }
    let number = cx.number(scale)?;
    #[allow(clippy::cast_precision_loss)] // the text stays exact
    let value = match number {
        Number::Int(value) => value as f64,
        Number::Float(value) => value,
    };
    if !(value > 0.0 && value.is_finite()) {
        let message = format!("the scale is {}", shown_number(number));
        let d = cx
            .error(Code::BadScale, scale, message)
            .help("a scale is above zero: what one step of the integer is worth");
        cx.push(d);
        return None;
    }
    let text = match &scale.value {
        Amount::Constant(_) => shown_number(number),
        Amount::Int(_) | Amount::Float(_) => cx.spelled(scale).to_owned(),
    };
    let Some((numerator, denominator)) = fraction::of_decimal(&text) else {
        let d = cx
            .error(
                Code::BadScale,
                scale,
                format!("the scale {text} is no fraction of 64-bit numbers"),
            )
            .help("write a decimal number between 1e-19 and 1e19");
        cx.push(d);
        return None;
    };
    Some(Scale {
        text,
        value,
        numerator,
        denominator,
    })
}

fn since(cx: &mut Context<'_>, since: &At<Amount>) -> Option<u32> {
    let number = cx.natural(since, "since")?;
    if number == 0 {
        let d = cx
            .error(Code::BadVersion, since, "`since` is version 0")
            .help("versions are counted from 1: write `since: 1`, or remove it");
        cx.push(d);
        return None;
    }
    match u32::try_from(number) {
        Ok(number) if number <= cx.version => Some(number),
        _ => {
            let version = cx.version;
            let message =
                format!("since version {number} of a schema that is at version {version}");
            let d = cx.error(Code::SinceAfterVersion, since, message);
            let d = match cx.version_at {
                Some(at) => d.other(at, "the version of the schema"),
                None => d.note("a schema without `version` is at version 1"),
            };
            let d = d.help(format!(
                "write `version: {number}` at the top, or `since: {version}`"
            ));
            cx.push(d);
            None
        }
    }
}
