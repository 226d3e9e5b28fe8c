//! Numbers, and the constants that stand for them.

use super::context::Context;
use crate::code::Code;
use crate::layout::{Number, Scalar};
use crate::model::{Amount, At};

impl Context<'_> {
    /// The number that an amount stands for.
    pub(super) fn number(&mut self, amount: &At<Amount>) -> Option<Number> {
        match &amount.value {
            Amount::Int(value) => Some(Number::Int(*value)),
            Amount::Float(value) => Some(Number::Float(*value)),
            Amount::Constant(name) => match self.constants.get(name) {
                Some(value) => *value,
                None => {
                    self.unknown_constant(amount, name);
                    None
                }
            },
        }
    }

    fn unknown_constant(&mut self, amount: &At<Amount>, name: &str) {
        if self.is_lost(name) {
            return;
        }
        // To sort them for each of thousands of errors would take minutes.
        let mut known: Vec<&str> = match self.may_suggest() {
            true => self.constants.keys().map(String::as_str).collect(),
            false => Vec::new(),
        };
        known.sort_unstable();
        if name.contains('.') {
            let code = Code::UnknownConstant;
            let d = self.unknown_import(code, "constant", amount, name, known);
            d.into_iter().for_each(|d| self.push(d));
            return;
        }
        let message = format!("the schema has no constant `{name}`");
        let help = self
            .suggest(name, known)
            .unwrap_or_else(|| "write a number, or name it under `constants`".to_owned());
        let d = self
            .error(Code::UnknownConstant, amount, message)
            .help(help);
        self.push(d);
    }

    /// A whole number.
    pub(super) fn whole(&mut self, amount: &At<Amount>, key: &str) -> Option<i128> {
        match self.number(amount)? {
            Number::Int(value) => Some(value),
            Number::Float(value) => {
                let message = format!("`{key}` is a whole number, found {}", shown(value));
                let help = (value.abs() < 1e15).then(|| format!("write `{}`", value.ceil()));
                self.refuse(Code::NotWhole, amount, message, help);
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub(super) fn natural(&mut self, amount: &At<Amount>, key: &str) -> Option<u64> {
        let value = self.whole(amount, key)?;
        match u64::try_from(value) {
            Ok(value) => Some(value),
            Err(_) => {
                let message = format!("`{key}` is {value}, and cannot be below zero");
                let help = "write a number without the sign".to_owned();
                self.refuse(Code::NegativeNumber, amount, message, Some(help));
                None
            }
        }
    }

    /// Reports a number; of a constant, that it is where the number comes from.
    fn refuse(&mut self, code: Code, amount: &At<Amount>, message: String, help: Option<String>) {
        let d = self.error(code, amount, message);
        let d = match &amount.value {
            Amount::Constant(name) => d
                .label("a constant")
                .help(format!("give `{name}` another value, or write a number")),
            Amount::Int(_) | Amount::Float(_) => d.maybe_help(help),
        };
        self.push(d);
    }

    /// A whole number above zero.
    pub(super) fn count(&mut self, amount: &At<Amount>, key: &str) -> Option<u64> {
        match self.natural(amount, key)? {
            0 => {
                let message = format!("`{key}` is 0, which leaves nothing");
                let help = "write at least 1, or remove it".to_owned();
                self.refuse(Code::ZeroCount, amount, message, Some(help));
                None
            }
            count => Some(count),
        }
    }
}

/// A float as a schema would spell it.
pub(super) fn shown(value: f64) -> String {
    match value.is_nan() {
        true => "nan".to_owned(),
        // Infinities are `inf` and `-inf` in Rust too.
        false => format!("{value:?}"),
    }
}

/// A number as a schema would spell it.
pub(super) fn shown_number(number: Number) -> String {
    match number {
        Number::Int(value) => value.to_string(),
        Number::Float(value) => shown(value),
    }
}

/// `number` as a value of `scalar`; `None` when it has no such value.
///
/// A whole number is a float too. A float of 32 bits must be hit exactly:
/// what is read back is compared with it.
pub(super) fn fit(number: Number, scalar: Scalar) -> Option<Number> {
    match (number, scalar.bounds()) {
        (Number::Int(value), Some((low, high))) => (low..=high).contains(&value).then_some(number),
        (Number::Float(_), Some(_)) => None,
        // Up to 2^53 every whole number is a double; beyond, the nearest one
        // would be another number than the schema says.
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        (Number::Int(value), None) => {
            let float = value as f64;
            (float as i128 == value)
                .then(|| fit(Number::Float(float), scalar))
                .flatten()
        }
        (Number::Float(value), None) => {
            #[allow(clippy::cast_possible_truncation)]
            let exact = scalar == Scalar::F64 || value.is_nan() || f64::from(value as f32) == value;
            exact.then_some(number)
        }
    }
}

/// The narrowest type that would hold a number that `not` cannot.
pub(super) fn wider(number: Number, not: Scalar) -> Option<Scalar> {
    if let Number::Float(_) = number {
        return Some(Scalar::F64).filter(|_| not != Scalar::F64);
    }
    Scalar::ALL
        .into_iter()
        .filter(|s| s.is_integer() && s.size() >= not.size() && fit(number, *s).is_some())
        .min_by_key(|s| s.size())
}

/// Why a number is no value of `scalar`, for a label.
pub(super) fn misfit(number: Number, scalar: Scalar) -> String {
    match (number, scalar.bounds()) {
        (Number::Float(_), Some(_)) => format!("`{}` holds whole numbers only", scalar.name()),
        (_, Some((low, high))) => format!("`{}` holds {low} to {high}", scalar.name()),
        (_, None) => format!("no `{}` is exactly this number", scalar.name()),
    }
}
