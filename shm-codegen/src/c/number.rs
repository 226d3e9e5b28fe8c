//! Numbers as C constant expressions of a fixed width.

use shm_schema::layout::{Number, Scalar};

/// The type of `<stdint.h>`, or the floating-point type, of a scalar.
pub(super) fn type_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::U8 => "uint8_t",
        Scalar::U16 => "uint16_t",
        Scalar::U32 => "uint32_t",
        Scalar::U64 => "uint64_t",
        Scalar::I8 => "int8_t",
        Scalar::I16 => "int16_t",
        Scalar::I32 => "int32_t",
        Scalar::I64 => "int64_t",
        Scalar::F32 => "float",
        Scalar::F64 => "double",
    }
}

/// A constant of the scalar's type.
pub(super) fn literal(scalar: Scalar, number: Number) -> String {
    match (scalar, number) {
        (Scalar::F32, Number::Int(value)) => float32(value as f32),
        (Scalar::F64, Number::Int(value)) => float64(value as f64),
        (Scalar::F32, Number::Float(value)) => float32(value as f32),
        (_, Number::Float(value)) => float64(value),
        (_, Number::Int(value)) => integer(scalar, value),
    }
}

/// Works in `#if` too, unlike a cast. The lowest value is written as the
/// standard's own `INT64_MIN` is: its magnitude alone fits no signed type.
pub(super) fn integer(scalar: Scalar, value: i128) -> String {
    let (wrap, lowest) = wrapper(scalar);
    if value >= 0 {
        format!("{wrap}({value})")
    } else if value == lowest {
        format!("(-{wrap}({}) - 1)", -(value + 1))
    } else {
        format!("(-{wrap}({}))", -value)
    }
}

/// One bit of an unsigned type, in hexadecimal at the type's full width.
pub(super) fn bit(scalar: Scalar, bit: u32) -> String {
    let digits = match scalar {
        Scalar::U8 | Scalar::I8 => 2,
        Scalar::U16 | Scalar::I16 => 4,
        Scalar::U32 | Scalar::I32 | Scalar::F32 => 8,
        Scalar::U64 | Scalar::I64 | Scalar::F64 => 16,
    };
    format!("{}(0x{:0digits$x})", wrapper(scalar).0, 1u128 << bit)
}

/// Whether a literal needs `<math.h>`.
pub(super) fn needs_math(number: Number) -> bool {
    matches!(number, Number::Float(value) if !value.is_finite())
}

/// The macro that gives a constant its type, and the type's lowest value.
fn wrapper(scalar: Scalar) -> (&'static str, i128) {
    match scalar {
        Scalar::U8 => ("UINT8_C", 0),
        Scalar::U16 => ("UINT16_C", 0),
        Scalar::U32 => ("UINT32_C", 0),
        Scalar::U64 => ("UINT64_C", 0),
        Scalar::I8 => ("INT8_C", i8::MIN.into()),
        Scalar::I16 => ("INT16_C", i16::MIN.into()),
        Scalar::I32 => ("INT32_C", i32::MIN.into()),
        Scalar::I64 => ("INT64_C", i64::MIN.into()),
        // A whole number of a float type is written as a float.
        Scalar::F32 | Scalar::F64 => ("", 0),
    }
}

fn float32(value: f32) -> String {
    match special(value.into(), "float") {
        Some(text) => text,
        None => signed(format!("{value:?}f")),
    }
}

fn float64(value: f64) -> String {
    match special(value, "double") {
        Some(text) => text,
        None => signed(format!("{value:?}")),
    }
}

fn special(value: f64, ty: &str) -> Option<String> {
    match value {
        v if v.is_nan() => Some(format!("(({ty})NAN)")),
        f64::INFINITY => Some(format!("(({ty})INFINITY)")),
        f64::NEG_INFINITY => Some(format!("(-({ty})INFINITY)")),
        _ => None,
    }
}

fn signed(literal: String) -> String {
    if literal.starts_with('-') {
        format!("({literal})")
    } else {
        literal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_have_literals_of_their_type() {
        assert_eq!(
            integer(Scalar::U64, u64::MAX.into()),
            "UINT64_C(18446744073709551615)"
        );
        assert_eq!(
            integer(Scalar::I64, i64::MIN.into()),
            "(-INT64_C(9223372036854775807) - 1)"
        );
        assert_eq!(integer(Scalar::I8, -128), "(-INT8_C(127) - 1)");
        assert_eq!(integer(Scalar::I16, -5), "(-INT16_C(5))");
    }

    #[test]
    fn floats_are_the_shortest_that_read_back() {
        assert_eq!(
            literal(Scalar::F64, Number::Float(1.0 / 3.0)),
            "0.3333333333333333"
        );
        assert_eq!(literal(Scalar::F32, Number::Float(0.1)), "0.1f");
        assert_eq!(literal(Scalar::F64, Number::Int(2)), "2.0");
        assert_eq!(literal(Scalar::F64, Number::Float(-1e300)), "(-1e300)");
        assert_eq!(
            literal(Scalar::F32, Number::Float(f64::NAN)),
            "((float)NAN)"
        );
    }

    #[test]
    fn bits_show_the_width() {
        assert_eq!(bit(Scalar::U16, 15), "UINT16_C(0x8000)");
        assert_eq!(bit(Scalar::U64, 63), "UINT64_C(0x8000000000000000)");
    }
}
