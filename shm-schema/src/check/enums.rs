//! Enums: named values of an integer.

use std::collections::HashMap;

use super::amounts::wider;
use super::context::{Context, text};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::layout::{EnumLayout, EnumValue, Home, Number, Scalar};
use crate::model::{Amount, At, Enum, Text};
use crate::name::Name;
use crate::position::Position;
use crate::text;

/// One for each of `list`, in its order; one with an error stands for its
/// size only.
pub(super) fn resolve(cx: &mut Context<'_>, list: &[At<Enum>]) -> Vec<EnumLayout> {
    list.iter().map(|e| one(cx, e)).collect()
}

fn one(cx: &mut Context<'_>, e: &At<Enum>) -> EnumLayout {
    let repr = repr(cx, &e.repr, false).unwrap_or(Scalar::U8);
    if e.values.is_empty() && !cx.is_suspect(e) {
        let message = format!("enum `{}` has no values", e.name.value);
        let d = cx
            .error(Code::EmptyType, &e.name, message)
            .help("add `values: [{ name: ..., value: 0 }]`");
        cx.push(d);
    }
    let values = values(cx, e, repr);
    let mut resolved = EnumLayout {
        home: Home::Own,
        name: Name::new(e.name.as_str()),
        repr,
        reserved: reserved(cx, e, repr, &values),
        values,
        doc: text(&e.doc),
        at: cx.at(&e.name),
        fingerprint: Fingerprint::of(""),
        text: String::new(),
    };
    resolved.text = text::of_enum(&resolved);
    resolved.fingerprint = Fingerprint::of(&resolved.text);
    resolved
}

/// The integer type behind an enum or flags.
pub(super) fn repr(cx: &mut Context<'_>, repr: &Text, unsigned: bool) -> Option<Scalar> {
    let scalar = Scalar::from_name(repr)
        .filter(|s| s.is_integer())
        .filter(|s| !unsigned || !s.is_signed());
    if scalar.is_none() {
        let wanted = match unsigned {
            true => "`u8`, `u16`, `u32` or `u64`",
            false => "an integer type such as `u8` or `i32`",
        };
        let message = format!("`repr` is {wanted}, found `{}`", repr.value);
        let d = cx
            .error(Code::ReprNotInteger, repr, message)
            .help("write `u8` unless the values need more room");
        cx.push(d);
    }
    scalar
}

fn values(cx: &mut Context<'_>, e: &At<Enum>, repr: Scalar) -> Vec<EnumValue> {
    let mut first: HashMap<i128, Position> = HashMap::new();
    let mut values = Vec::with_capacity(e.values.len());
    for value in &e.values {
        let Some(number) = in_range(cx, &value.number, repr) else {
            continue;
        };
        let at = cx.at(&value.number);
        if let Some(&before) = first.get(&number) {
            let message = format!("the value {number} has a name already");
            let d = cx
                .error(Code::DuplicateValue, &value.number, message)
                .other(before, "named here")
                .help("give each name its own value");
            cx.push(d);
        }
        first.entry(number).or_insert(at);
        values.push(EnumValue {
            name: Name::new(value.name.as_str()),
            value: number,
            doc: text(&value.doc),
            at: cx.at(&value.name),
        });
    }
    values
}

fn reserved(cx: &mut Context<'_>, e: &At<Enum>, repr: Scalar, values: &[EnumValue]) -> Vec<i128> {
    let mut reserved = Vec::new();
    let list = e.reserved.as_ref().map_or(&[][..], |list| &list.value);
    let named: HashMap<i128, &EnumValue> = values.iter().map(|v| (v.value, v)).collect();
    for amount in list {
        let Some(number) = in_range(cx, amount, repr) else {
            continue;
        };
        if let Some(value) = named.get(&number) {
            let message = format!("`{}` has the value {number}, which is reserved", value.name);
            let number = e
                .values
                .iter()
                .find(|v| v.name.as_str() == value.name.as_str());
            let at = number.map_or(value.at, |v| cx.at(&v.number));
            let d = Diagnostic::new(Code::ReservedValue, at, message)
                .other(cx.at(amount), "reserved here")
                .help("a value that was used once means the old thing to somebody: take a new one");
            cx.push(d);
        }
        reserved.push(number);
    }
    reserved
}

fn in_range(cx: &mut Context<'_>, amount: &At<Amount>, repr: Scalar) -> Option<i128> {
    let number = cx.whole(amount, "value")?;
    let (low, high) = repr.bounds()?;
    if (low..=high).contains(&number) {
        return Some(number);
    }
    let message = format!("the value {number} does not fit the repr `{}`", repr.name());
    let d = cx
        .error(Code::ValueOutOfRange, amount, message)
        .label(format!("`{}` holds {low} to {high}", repr.name()));
    let wider = wider(Number::Int(number), repr);
    let d = d.maybe_help(wider.map(|s| format!("`repr: {}` would hold it", s.name())));
    cx.push(d);
    None
}
