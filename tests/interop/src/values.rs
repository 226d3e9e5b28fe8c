//! Eight records of `every_type.yaml` that `values.py` beside this crate makes
//! too: what one language writes, the other must read to the bit.

use shm_interop::every_type::*;
use shm_runtime::{
    DurationMs, DurationNs, DurationS, DurationUs, FixedBytes, FixedStr, FixedUtf16, SharedLayout,
    TimestampMs, TimestampNs, TimestampS, TimestampUs,
};

/// How many records there are.
pub(crate) const ROWS: usize = 8;

/// Record `row` of the eight.
pub(crate) fn record(row: usize) -> EveryType {
    let mut record = match row {
        1 => lowest(),
        2 => highest(),
        3 => with_floats(f64::NAN, f32::NAN),
        4 => with_floats(f64::NEG_INFINITY, f32::INFINITY),
        5 => with_floats(-0.0, f32::MIN_POSITIVE / 2.0),
        6 => unknown(),
        7 => texts(),
        _ => EveryType::zeroed(),
    };
    record.a_u32 = row as u32;
    record.far = 0x0123_4567_89ab_cdef;
    record
}

fn lowest() -> EveryType {
    EveryType {
        a_i8: i8::MIN,
        a_i16: i16::MIN,
        a_i32: i32::MIN,
        a_i64: i64::MIN,
        a_f32: f32::MIN,
        a_f64: f64::MIN,
        at_s: TimestampS(i64::MIN),
        at_ms: TimestampMs(i64::MIN),
        at_us: TimestampUs(i64::MIN),
        at_ns: TimestampNs(i64::MIN),
        for_s: DurationS(i64::MIN),
        for_ms: DurationMs(i64::MIN),
        for_us: DurationUs(i64::MIN),
        for_ns: DurationNs(i64::MIN),
        e_i8: EnumI8::Low,
        e_i16: EnumI16::Low,
        e_i32: EnumI32::Low,
        e_i64: EnumI64::Low,
        scaled: i64::MIN,
        tesseract: [[[[i8::MIN; 2]; 3]; 1]; 2],
        ..EveryType::zeroed()
    }
}

fn highest() -> EveryType {
    let inner = Inner {
        tag: u8::MAX,
        value: u32::MAX,
        last: u16::MAX,
        ..Inner::zeroed()
    };
    EveryType {
        a_u8: u8::MAX,
        a_u16: u16::MAX,
        a_u64: u64::MAX,
        a_i8: i8::MAX,
        a_i16: i16::MAX,
        a_i32: i32::MAX,
        a_i64: i64::MAX,
        a_f32: f32::MAX,
        a_f64: f64::MAX,
        a_bool: true,
        at_ns: TimestampNs(i64::MAX),
        for_ns: DurationNs(i64::MAX),
        e_u8: EnumU8::Top,
        e_u16: EnumU16::Top,
        e_u32: EnumU32::Top,
        e_u64: EnumU64::Top,
        f_8: Flags8::First | Flags8::Last,
        f_16: Flags16::First | Flags16::Last,
        f_32: Flags32::First | Flags32::Last,
        f_64: Flags64::First | Flags64::Last,
        inner,
        packed: Packed {
            tag: 1,
            value: u64::MAX,
            ratio: 1.5,
            inner,
            last: 2,
        },
        packed_by_4: PackedBy4 {
            tag: 3,
            value: u64::MAX,
            small: 4,
            ..PackedBy4::zeroed()
        },
        answers: [[true, false], [false, true]],
        inners: [[inner, Inner::zeroed()], [Inner::zeroed(), inner]],
        ..EveryType::zeroed()
    }
}

fn with_floats(double: f64, single: f32) -> EveryType {
    EveryType {
        a_f32: single,
        a_f64: double,
        row: [double, 1.0, double],
        grid: [[single, 1.0], [2.0, single], [3.0, 4.0]],
        bounded: double,
        ..EveryType::zeroed()
    }
}

/// Values that the schema does not name: both languages must keep them.
fn unknown() -> EveryType {
    EveryType {
        e_u8: EnumU8(7),
        e_i8: EnumI8(-7),
        e_u16: EnumU16(7),
        e_i16: EnumI16(-7),
        e_u32: EnumU32(7),
        e_i32: EnumI32(-7),
        e_u64: EnumU64(7),
        e_i64: EnumI64(-7),
        f_8: Flags8::from_bits_retain(0x7e),
        f_16: Flags16::from_bits_retain(0x7ffe),
        f_32: Flags32::from_bits_retain(0x7fff_fffe),
        f_64: Flags64::from_bits_retain(0x7fff_ffff_ffff_fffe),
        sides: [EnumI16(1), EnumI16(-2), EnumI16(3)],
        masks: [Flags8::from_bits_retain(2), Flags8::First, Flags8::empty()],
        ..EveryType::zeroed()
    }
}

/// Each text full to its last byte, and some that are not.
#[allow(deprecated)] // the field has to agree for as long as it is there
fn texts() -> EveryType {
    let text = |s: &str| FixedStr::new(s).unwrap_or_default();
    let wide = |s: &str| FixedUtf16::new(s).unwrap_or_default();
    EveryType {
        a_str: FixedStr::new("sch\u{f6}n!").unwrap_or_default(),
        a_bytes: FixedBytes(*b"\x00\x01\xfe\xff\x00"),
        a_utf16: FixedUtf16::new("a\u{1f600}").unwrap_or_default(),
        names: [[text("abc"), text("de")], [text("f"), text("")]],
        blobs: [FixedBytes(*b"xyz"), FixedBytes([0, 255, 0])],
        wide: [wide("hi"), wide("\u{20ac}")],
        at_s: TimestampS(1_700_000_000),
        at_ms: TimestampMs(1_700_000_000_123),
        at_us: TimestampUs(1_700_000_000_123_456),
        at_ns: TimestampNs(1_700_000_000_123_456_789),
        for_s: DurationS(-1),
        for_ms: DurationMs(1_500),
        for_us: DurationUs(-1_500_000),
        for_ns: DurationNs(1_500_000_000),
        cube: [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]],
        times: [TimestampMs(1), TimestampMs(-1)],
        r#type: 1,
        from: 2,
        int: 3,
        scaled: -12_345,
        marked: 65_535,
        ..EveryType::zeroed()
    }
}
