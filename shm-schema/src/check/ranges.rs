//! The `range` of a field: its lowest and highest sensible value, in the unit
//! that people read.

use super::amounts::{fit, misfit, shown, shown_number};
use super::context::Context;
use super::limits::Kind;
use crate::code::Code;
use crate::layout::{Number, Scalar, Scale};
use crate::model::{Amount, At};

/// Both ends; `None` after an error in one.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    range: &At<Vec<At<Amount>>>,
    kind: &Kind,
    scale: Option<&Scale>,
) -> Option<(Number, Number)> {
    let of = &kind.name;
    let Some(scalar) = kind.scalar else {
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
        None => (bound(cx, low, scalar, of), bound(cx, high, scalar, of)),
        Some(scale) => (
            scaled_bound(cx, low, scalar, scale),
            scaled_bound(cx, high, scalar, scale),
        ),
    };
    let ends = (ends.0?, ends.1?);
    if is_above(ends.0, ends.1) {
        let message = format!(
            "the range starts at {} and ends below, at {}",
            cx.spelled(low),
            cx.spelled(high)
        );
        let d = cx
            .error(Code::BadRange, range, message)
            .help("write the lowest value first");
        cx.push(d);
        return None;
    }
    Some(ends)
}

fn bound(cx: &mut Context<'_>, amount: &At<Amount>, scalar: Scalar, of: &str) -> Option<Number> {
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
        "{} cannot end the range of a field of `{of}`",
        shown_number(number)
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
        "{} cannot end the range of a field of `{}`",
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
