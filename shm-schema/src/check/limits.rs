//! What a field says of its values: `range`, `sentinel`, `scale`, `since`.

use super::amounts::{fit, misfit, shown, shown_number};
use super::context::Context;
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
    let of = layout.type_name(ty);
    let number = match ty {
        Type::Scalar(scalar) => Some(scalar),
        Type::Timestamp(_) | Type::Duration(_) => Some(Scalar::I64),
        _ => None,
    };
    limits.sentinel = field
        .sentinel
        .as_ref()
        .and_then(|s| sentinel(cx, s, number, &of));
    let integer = match ty {
        Type::Scalar(scalar) => Some(scalar).filter(|s| s.is_integer()),
        _ => None,
    };
    limits.scale = field
        .scale
        .as_ref()
        .and_then(|s| scale(cx, s, integer, &of));
    // Without its scale a range cannot be judged.
    if field.scale.is_none() || limits.scale.is_some() {
        let (range, scale) = (field.range.as_ref(), limits.scale.as_ref());
        limits.range = range.and_then(|r| self::range(cx, r, number, scale, &of));
    }
    limits
}

fn range(
    cx: &mut Context<'_>,
    range: &At<Vec<At<Amount>>>,
    scalar: Option<Scalar>,
    scale: Option<&Scale>,
    of: &str,
) -> Option<(Number, Number)> {
    let Some(scalar) = scalar else {
        let d = cx
            .key_error(Code::BadRange, range, format!("`{of}` has no range"))
            .help("only numbers, timestamps and durations have one");
        cx.push(d);
        return None;
    };
    let [low, high] = &range.value[..] else {
        let message = format!("a range is two numbers, found {}", range.len());
        let d = cx
            .error(Code::BadRange, range, message)
            .help("write `range: [lowest, highest]`");
        cx.push(d);
        return None;
    };
    let ends = match scale {
        None => (bound(cx, low, scalar), bound(cx, high, scalar)),
        Some(scale) => (
            scaled_bound(cx, low, scalar, scale),
            scaled_bound(cx, high, scalar, scale),
        ),
    };
    let ends = (ends.0?, ends.1?);
    if is_above(ends.0, ends.1) {
        let message = format!(
            "the range starts at {} and ends below, at {}",
            shown_number(ends.0),
            shown_number(ends.1)
        );
        let d = cx
            .error(Code::BadRange, range, message)
            .help("write the lowest value first");
        cx.push(d);
        return None;
    }
    Some(ends)
}

fn bound(cx: &mut Context<'_>, amount: &At<Amount>, scalar: Scalar) -> Option<Number> {
    let number = cx.number(amount)?;
    let nan = matches!(number, Number::Float(value) if value.is_nan());
    // An end of a range is compared with, never read back: f32 need not hit
    // it exactly.
    let wide = if scalar == Scalar::F32 {
        Scalar::F64
    } else {
        scalar
    };
    if let (Some(bound), false) = (fit(number, wide), nan) {
        return Some(bound);
    }
    let message = format!(
        "{} cannot end the range of a `{}`",
        shown_number(number),
        scalar.name()
    );
    let d = cx
        .error(Code::BadRange, amount, message)
        .label(misfit(number, scalar));
    cx.push(d);
    None
}

/// An end of the range of a scaled integer, in the unit that people read.
fn scaled_bound(
    cx: &mut Context<'_>,
    amount: &At<Amount>,
    scalar: Scalar,
    scale: &Scale,
) -> Option<Number> {
    let number = cx.number(amount)?;
    #[allow(clippy::cast_precision_loss)] // an end is the nearest double
    let value = match number {
        Number::Int(value) => value as f64,
        Number::Float(value) => value,
    };
    let (low, high) = scalar.bounds()?;
    let (low, high) = (scale.of(low), scale.of(high));
    if (low..=high).contains(&value) {
        return Some(Number::Float(value));
    }
    let message = format!(
        "{} cannot end the range of this `{}`",
        shown_number(number),
        scalar.name()
    );
    let steps = &scale.text;
    let (low, high) = (shown(low), shown(high));
    let d = cx
        .error(Code::BadRange, amount, message)
        .label(format!("in steps of {steps} it holds {low} to {high}"))
        .help("a range is in the unit that people read, after the scale");
    cx.push(d);
    None
}

fn is_above(low: Number, high: Number) -> bool {
    match (low, high) {
        (Number::Int(low), Number::Int(high)) => low > high,
        (Number::Float(low), Number::Float(high)) => low > high,
        // Both ends were fitted to one type.
        (Number::Int(_), Number::Float(_)) | (Number::Float(_), Number::Int(_)) => false,
    }
}

fn sentinel(
    cx: &mut Context<'_>,
    sentinel: &At<Amount>,
    scalar: Option<Scalar>,
    of: &str,
) -> Option<Number> {
    let Some(scalar) = scalar else {
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
            .help(match scalar.is_integer() {
                true => "take a value that never occurs, such as the highest",
                false => "write `sentinel: nan`",
            });
        cx.push(d);
    }
    fitted
}

fn scale(
    cx: &mut Context<'_>,
    scale: &At<Amount>,
    integer: Option<Scalar>,
    of: &str,
) -> Option<Scale> {
    if integer.is_none() {
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
    let number = cx.count(since, "since")?;
    match u32::try_from(number) {
        Ok(number) if number <= cx.version => Some(number),
        _ => {
            let version = cx.version;
            let message =
                format!("since version {number} of a schema that is at version {version}");
            let d = cx.error(Code::BadVersion, since, message).help(format!(
                "write `version: {number}` at the top, or `since: {version}`"
            ));
            cx.push(d);
            None
        }
    }
}
