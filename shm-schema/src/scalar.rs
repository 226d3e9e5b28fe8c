//! What a YAML scalar without quotes means: the core schema of YAML 1.2, and
//! `nan` and `inf` without their dot.

/// A scalar's meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Meaning {
    Null,
    Bool,
    Int(i128),
    /// A whole number beyond 64 bits.
    TooWide,
    Float(f64),
    Text,
}

impl Meaning {
    /// Of a scalar without quotes.
    pub(crate) fn of(text: &str) -> Meaning {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Meaning::Bool,
            "nan" | "NaN" | ".nan" | ".NaN" | ".NAN" => Meaning::Float(f64::NAN),
            "inf" | "+inf" | ".inf" | ".Inf" | ".INF" | "+.inf" => Meaning::Float(f64::INFINITY),
            "-inf" | "-.inf" | "-.Inf" | "-.INF" => Meaning::Float(f64::NEG_INFINITY),
            _ => int(text).or_else(|| float(text)).unwrap_or(Meaning::Text),
        }
    }

    /// For messages: `found a list`.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Meaning::Null => "nothing",
            Meaning::Bool => "a truth value",
            Meaning::Int(_) | Meaning::TooWide => "a whole number",
            Meaning::Float(_) => "a number",
            Meaning::Text => "text",
        }
    }
}

fn int(text: &str) -> Option<Meaning> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.get(..2) {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let Ok(value) = i128::from_str_radix(digits, radix) else {
        return Some(Meaning::TooWide);
    };
    let value = if negative { -value } else { value };
    match i128::from(i64::MIN) <= value && value <= i128::from(u64::MAX) {
        true => Some(Meaning::Int(value)),
        false => Some(Meaning::TooWide),
    }
}

fn float(text: &str) -> Option<Meaning> {
    // Rust's own parser also takes `infinity` and `nan` in any case.
    let looks_right = text.bytes().any(|b| b.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    match looks_right {
        true => text.parse().ok().map(Meaning::Float),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_mean_what_yaml_1_2_says() {
        for (text, meaning) in [
            ("", Meaning::Null),
            ("~", Meaning::Null),
            ("true", Meaning::Bool),
            ("yes", Meaning::Text),
            ("12", Meaning::Int(12)),
            ("-12", Meaning::Int(-12)),
            ("+12", Meaning::Int(12)),
            ("007", Meaning::Int(7)),
            ("0x1F", Meaning::Int(31)),
            ("0o17", Meaning::Int(15)),
            ("0b101", Meaning::Int(5)),
            ("0x", Meaning::Text),
            ("--1", Meaning::Text),
            ("1_000", Meaning::Text),
            ("18446744073709551615", Meaning::Int(u64::MAX.into())),
            ("18446744073709551616", Meaning::TooWide),
            ("-9223372036854775809", Meaning::TooWide),
            (&"9".repeat(400), Meaning::TooWide),
            ("1.5", Meaning::Float(1.5)),
            ("1e9", Meaning::Float(1e9)),
            (".5", Meaning::Float(0.5)),
            ("-inf", Meaning::Float(f64::NEG_INFINITY)),
            ("infinity", Meaning::Text),
            ("e", Meaning::Text),
            ("1.2.3", Meaning::Text),
            ("DEPTH", Meaning::Text),
        ] {
            assert_eq!(Meaning::of(text), meaning, "of `{text}`");
        }
    }
}
