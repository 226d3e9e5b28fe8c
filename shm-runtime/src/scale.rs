//! What one step of a scaled integer is worth.

/// What one step of an integer field is worth: an exact fraction.
///
/// A schema's `scale: 1e-8` makes an integer a fixed-point number. Doubles
/// cannot hold 1e-8, so the fraction is kept and each conversion rounds once.
///
/// # Examples
///
/// ```
/// use shm_runtime::Scale;
///
/// const CENTS: Scale = Scale::new(1, 100);
/// assert_eq!(CENTS.of(1999), 19.99);
/// assert_eq!(CENTS.raw(19.99), Some(1999_i64));
/// assert_eq!(CENTS.raw::<u8>(19.99), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Scale {
    numerator: u64,
    denominator: u64,
}

impl Scale {
    /// The fraction `numerator / denominator`.
    ///
    /// # Panics
    ///
    /// When one of them is zero; in a constant that is a compile error.
    pub const fn new(numerator: u64, denominator: u64) -> Self {
        assert!(
            numerator > 0 && denominator > 0,
            "a scale is a fraction above zero"
        );
        Self {
            numerator,
            denominator,
        }
    }

    /// The numerator.
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The denominator.
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// The value that `raw` steps are worth: the nearest double, for every
    /// integer of up to 64 bits.
    ///
    /// [`Scale::raw`] gives integers up to 2^52 back unchanged. Beyond that, a
    /// double has too few digits for some.
    #[inline]
    pub fn of(self, raw: impl Into<i128>) -> f64 {
        let raw: i128 = raw.into();
        let size = self.of_size(raw.unsigned_abs());
        if raw < 0 { -size } else { size }
    }

    #[inline]
    fn of_size(self, raw: u128) -> f64 {
        let denominator = self.denominator;
        let Some(product) = raw.checked_mul(self.numerator.into()) else {
            // No field holds as much.
            return raw as f64 * self.numerator as f64 / denominator as f64;
        };
        // Both are exact, so the division is all that rounds.
        if product == 0 || (product <= EXACT.into() && denominator <= EXACT) {
            return product as f64 / denominator as f64;
        }
        divide(product, denominator)
    }

    /// The steps that are worth `value`: the nearest integer, and of two
    /// equally near ones the even one. `None` for NaN, and when `I` cannot hold
    /// it.
    #[inline]
    pub fn raw<I: TryFrom<i128>>(self, value: f64) -> Option<I> {
        let steps = i128::try_from(self.steps(value.abs())?).ok()?;
        let steps = if value < 0.0 { -steps } else { steps };
        I::try_from(steps).ok()
    }

    /// The steps of a value that is not below zero.
    fn steps(self, value: f64) -> Option<u128> {
        let (mantissa, exponent) = parts(value)?;
        // 53 bits and 64 bits.
        let product = u128::from(mantissa) * u128::from(self.denominator);
        let numerator = u128::from(self.numerator);
        if exponent >= 0 {
            // What does not fit here is no integer of 64 bits.
            let product = shifted(product, exponent.unsigned_abs())?;
            return Some(round(product, numerator));
        }
        Some(match shifted(numerator, exponent.unsigned_abs()) {
            Some(divisor) => round(product, divisor),
            // A divisor of over 128 bits, and a product of 117.
            None => 0,
        })
    }
}

/// Up to here each integer is a double.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// The double that is nearest to the fraction, which is not zero.
#[cold]
fn divide(product: u128, denominator: u64) -> f64 {
    // With its highest bit at 127 the quotient has 64 bits or more, of which
    // a double takes 53. The last one stands for whatever is left, so that
    // the rounding sees whether anything is.
    let shift = product.leading_zeros();
    let product = product << shift;
    let denominator = u128::from(denominator);
    let left = !product.is_multiple_of(denominator);
    let quotient = (product / denominator) | u128::from(left);
    // A power of two: exact.
    quotient as f64 / (1_u128 << shift) as f64
}

/// `value` as mantissa * 2^exponent; `None` of NaN and infinity.
fn parts(value: f64) -> Option<(u64, i32)> {
    const FRACTION_BITS: i32 = f64::MANTISSA_DIGITS as i32 - 1;
    const BIAS: i32 = f64::MAX_EXP - 1;
    if !value.is_finite() {
        return None;
    }
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let exponent = (bits >> FRACTION_BITS) as i32 & (2 * BIAS + 1);
    Some(match exponent {
        0 => (fraction, 1 - BIAS - FRACTION_BITS),
        _ => (
            fraction | 1 << FRACTION_BITS,
            exponent - BIAS - FRACTION_BITS,
        ),
    })
}

/// `number * 2^bits`, when it fits.
fn shifted(number: u128, bits: u32) -> Option<u128> {
    let fits = number == 0 || bits <= number.leading_zeros();
    fits.then(|| number.checked_shl(bits).unwrap_or(0))
}

/// The integer that is nearest to the fraction, the even one of two.
fn round(numerator: u128, denominator: u128) -> u128 {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    // Twice the rest could overflow.
    let up = match rest.cmp(&(denominator - rest)) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Equal => whole % 2 == 1,
        core::cmp::Ordering::Greater => true,
    };
    whole + u128::from(up)
}

#[cfg(test)]
mod tests {
    use super::Scale;

    /// 10^0 to 10^-19.
    fn decimal_scales() -> impl Iterator<Item = (u32, Scale)> {
        (0..20).map(|digits| (digits, Scale::new(1, 10_u64.pow(digits))))
    }

    /// The ends of every integer type, of a double's digits, of the powers of
    /// ten, and what is beside them.
    fn edges() -> Vec<i128> {
        let powers_of_two = (0..65).map(|bits| 1_i128 << bits);
        let powers_of_ten = (0..20).map(|digits| 10_i128.pow(digits));
        let ends = powers_of_two.chain(powers_of_ten);
        let near = ends.flat_map(|end| (-3..=3).map(move |by| end + by));
        // And some with no pattern: Knuth's multiplier.
        let others = (0..500).map(|i: i128| (i * 6_364_136_223_846_793_005) >> (i % 61));
        let all = near.chain(others).flat_map(|raw| [raw, -raw]);
        all.filter(|raw| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(raw))
            .collect()
    }

    #[test]
    fn a_value_is_the_double_that_its_decimal_text_reads_as() {
        for (digits, scale) in decimal_scales() {
            for raw in edges() {
                let nearest: f64 = format!("{raw}e-{digits}").parse().unwrap();
                assert_eq!(scale.of(raw), nearest, "{raw}e-{digits}");
            }
        }
    }

    /// By Python's division of integers, which rounds once. What is over the
    /// half between two doubles is less than the last of 64 bits.
    #[test]
    fn a_value_that_is_hardly_over_a_half_goes_up() {
        let scale = Scale::new(136_556_123_169_793_257, 12_088_132_138_453_343_257);
        assert_eq!(
            scale.of(3_184_820_860_557_869_134_u64),
            3.597_799_765_313_559_6e16
        );
        let scale = Scale::new(18_308_113_945_110_572_609, 9_424_974_358_595_091_254);
        assert_eq!(
            scale.of(9_454_311_664_620_931_869_u64),
            1.836_510_197_723_968_5e19
        );
    }

    #[test]
    fn steps_are_what_the_exact_decimal_text_of_a_value_rounds_to() {
        for (digits, scale) in decimal_scales() {
            for raw in edges() {
                let value = scale.of(raw) * 1.000_000_1;
                // All digits of the double, rounded half to even.
                let text = format!("{value:.*}", digits as usize);
                let steps: i128 = text.replace('.', "").parse().unwrap();
                assert_eq!(scale.raw(value), Some(steps), "{value:?} by {scale:?}");
            }
        }
    }

    #[test]
    fn steps_come_back_while_a_double_has_the_digits() {
        for (_, scale) in decimal_scales() {
            for raw in edges() {
                if raw.unsigned_abs() <= 1 << 52 {
                    assert_eq!(scale.raw(scale.of(raw)), Some(raw), "{raw} by {scale:?}");
                }
            }
        }
    }

    #[test]
    fn halves_go_to_the_even_step() {
        let quarter = Scale::new(1, 4);
        let rounded = [0.125, 0.375, 0.625, -0.125, -0.375].map(|value| quarter.raw(value));
        assert_eq!(rounded, [0, 2, 2, 0, -2].map(Some::<i64>));
        let fives = Scale::new(5, 1);
        assert_eq!(fives.raw(12.5), Some(2_u8));
        assert_eq!(fives.of(3_u8), 15.0);
    }

    #[test]
    fn the_ends_of_an_integer_fit_and_what_is_beyond_does_not() {
        let one = Scale::new(1, 1);
        assert_eq!(one.raw(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        assert_eq!(one.raw::<i64>(9_223_372_036_854_775_808.0), None);
        assert_eq!(one.raw(255.5_f64.next_down()), Some(255_u8));
        assert_eq!(one.raw::<u8>(255.5), None);
        assert_eq!(one.raw(-0.5), Some(0_u8));
        assert_eq!(one.raw::<u8>(-0.51), None);
        assert_eq!(one.raw(18_446_744_073_709_549_568.0), Some(u64::MAX - 2047));
        assert_eq!(one.raw::<u64>(18_446_744_073_709_551_616.0), None);
    }

    #[test]
    fn no_value_is_too_odd() {
        let widest = Scale::new(u64::MAX, 1);
        let finest = Scale::new(1, u64::MAX);
        for scale in [widest, finest, Scale::new(3, 7)] {
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
                assert_eq!(scale.raw::<i64>(value), None);
            }
            for value in [0.0, -0.0, 5e-324, f64::MIN_POSITIVE] {
                assert_eq!(scale.raw(value), Some(0_i64));
            }
        }
        assert_eq!(widest.of(u64::MAX), 3.402_823_669_209_385e38);
        assert_eq!(finest.of(u64::MAX), 1.0);
        assert_eq!(finest.of(1), 5.421_010_862_427_522e-20);
        assert_eq!(widest.of(i128::MAX), 3.138_550_867_693_340_4e57);
    }

    #[test]
    #[should_panic(expected = "a scale is a fraction above zero")]
    fn a_scale_is_not_zero() {
        let _ = Scale::new(0, 1);
    }
}
