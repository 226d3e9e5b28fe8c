//! Decimal numbers as exact fractions.

/// A decimal number such as `1e-8` or `0.25`, above zero, as numerator and
/// denominator in lowest terms; `None` when either is over 64 bits.
pub(crate) fn of_decimal(text: &str) -> Option<(u64, u64)> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let part = part.trim_end_matches('0');
    let digits = format!("{whole}{part}");
    let digits = digits.trim_start_matches('0');
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let digits = &digits[..digits.len() - zeros];
    let exponent =
        i64::from(exponent) + i64::try_from(zeros).ok()? - i64::try_from(part.len()).ok()?;
    let power = 10u64.checked_pow(u32::try_from(exponent.unsigned_abs()).ok()?)?;
    // Up to 20 digits fit; a longer text is no number of 64 bits.
    let number: u64 = digits.parse().ok().filter(|&n| n > 0)?;
    if exponent >= 0 {
        return Some((number.checked_mul(power)?, 1));
    }
    let common = gcd(number, power);
    Some((number / common, power / common))
}

fn gcd(a: u64, b: u64) -> u64 {
    match b {
        0 => a,
        _ => gcd(b, a % b),
    }
}

#[cfg(test)]
mod tests {
    use super::of_decimal;

    #[test]
    fn decimals_become_fractions_in_lowest_terms() {
        assert_eq!(of_decimal("1e-8"), Some((1, 100_000_000)));
        assert_eq!(of_decimal("0.25"), Some((1, 4)));
        assert_eq!(of_decimal("2.50E+1"), Some((25, 1)));
        assert_eq!(of_decimal("100"), Some((100, 1)));
        assert_eq!(of_decimal(".5"), Some((1, 2)));
        assert_eq!(of_decimal("1e19"), Some((10_000_000_000_000_000_000, 1)));
    }

    #[test]
    fn what_needs_more_than_64_bits_is_none() {
        for text in ["1e-20", "1e20", "0", "0.0", "1e99999999999", "", "x"] {
            assert_eq!(of_decimal(text), None, "{text}");
        }
    }
}
