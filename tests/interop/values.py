"""The eight records of ``src/values.rs``, made in Python.

What one language writes, the other must read to the bit.
"""

from __future__ import annotations

import math
import struct
from typing import Any

import every_type as et

ROWS = 8

_I8, _I16, _I32, _I64 = (-(1 << bits - 1) for bits in (8, 16, 32, 64))
_U8, _U16, _U32, _U64 = ((1 << bits) - 1 for bits in (8, 16, 32, 64))
_F32_MAX = struct.unpack("<f", b"\xff\xff\x7f\x7f")[0]
_F32_TINY = struct.unpack("<f", b"\x00\x00\x40\x00")[0]
_F64_MAX = 1.7976931348623157e308


def record(row: int) -> et.EveryType:
    """Record ``row`` of the eight."""
    made = {1: _lowest, 2: _highest, 3: _nan, 4: _infinite, 5: _tiny, 6: _unknown, 7: _texts}
    result = made.get(row, et.EveryType)()
    result.a_u32 = row
    result.far = 0x0123456789ABCDEF
    return result


def _lowest() -> et.EveryType:
    result = et.EveryType(
        a_i8=_I8, a_i16=_I16, a_i32=_I32, a_i64=_I64, a_f32=-_F32_MAX, a_f64=-_F64_MAX,
        at_s_raw=_I64, at_ms_raw=_I64, at_us_raw=_I64, at_ns_raw=_I64,
        for_s_raw=_I64, for_ms_raw=_I64, for_us_raw=_I64, for_ns_raw=_I64,
        e_i8=et.EnumI8.LOW, e_i16=et.EnumI16.LOW, e_i32=et.EnumI32.LOW, e_i64=et.EnumI64.LOW,
        scaled_raw=_I64,
    )
    for i in range(2):
        for j in range(3):
            for k in range(2):
                result.tesseract[i][0][j][k] = _I8
    return result


def _inner(into: et.Inner) -> None:
    into.tag, into.value, into.last = _U8, _U32, _U16


def _highest() -> et.EveryType:
    result = et.EveryType(
        a_u8=_U8, a_u16=_U16, a_u64=_U64,
        a_i8=-_I8 - 1, a_i16=-_I16 - 1, a_i32=-_I32 - 1, a_i64=-_I64 - 1,
        a_f32=_F32_MAX, a_f64=_F64_MAX, a_bool=True,
        at_ns_raw=-_I64 - 1, for_ns_raw=-_I64 - 1,
        e_u8=et.EnumU8.TOP, e_u16=et.EnumU16.TOP, e_u32=et.EnumU32.TOP, e_u64=et.EnumU64.TOP,
        f_8=et.Flags8.FIRST | et.Flags8.LAST, f_16=et.Flags16.FIRST | et.Flags16.LAST,
        f_32=et.Flags32.FIRST | et.Flags32.LAST, f_64=et.Flags64.FIRST | et.Flags64.LAST,
        answers=((True, False), (False, True)),
    )
    _inner(result.inner)
    result.packed.tag, result.packed.value = 1, _U64
    result.packed.ratio, result.packed.last = 1.5, 2
    _inner(result.packed.inner)
    result.packed_by_4.tag, result.packed_by_4.value, result.packed_by_4.small = 3, _U64, 4
    _inner(result.inners[0][0])
    _inner(result.inners[1][1])
    return result


def _with_floats(double: float, single: float) -> et.EveryType:
    result = et.EveryType(a_f32=single, a_f64=double, bounded_raw=double)
    result.row[0], result.row[1], result.row[2] = double, 1.0, double
    for place, value in enumerate((single, 1.0, 2.0, single, 3.0, 4.0)):
        result.grid[place // 2][place % 2] = value
    return result


def _nan() -> et.EveryType:
    return _with_floats(math.nan, math.nan)


def _infinite() -> et.EveryType:
    return _with_floats(-math.inf, math.inf)


def _tiny() -> et.EveryType:
    return _with_floats(-0.0, _F32_TINY)


def _unknown() -> et.EveryType:
    """Values that the schema does not name: both languages must keep them."""
    return et.EveryType(
        e_u8=et.EnumU8(7), e_i8=et.EnumI8(-7), e_u16=et.EnumU16(7), e_i16=et.EnumI16(-7),
        e_u32=et.EnumU32(7), e_i32=et.EnumI32(-7), e_u64=et.EnumU64(7), e_i64=et.EnumI64(-7),
        f_8=et.Flags8(0x7E), f_16=et.Flags16(0x7FFE), f_32=et.Flags32(0x7FFFFFFE),
        f_64=et.Flags64(0x7FFFFFFFFFFFFFFE),
        sides=(et.EnumI16(1), et.EnumI16(-2), et.EnumI16(3)),
        masks=(et.Flags8(2), et.Flags8.FIRST, et.Flags8(0)),
    )


def _texts() -> et.EveryType:
    """Each text full to its last byte, and some that are not."""
    result = et.EveryType(
        a_str="sch\u00f6n!", a_bytes=b"\x00\x01\xfe\xff\x00", a_utf16="a\U0001f600",
        names=(("abc", "de"), ("f", "")), blobs=(b"xyz", b"\x00\xff\x00"), wide=("hi", "\u20ac"),
        at_s_raw=1_700_000_000, at_ms_raw=1_700_000_000_123, at_us_raw=1_700_000_000_123_456,
        at_ns_raw=1_700_000_000_123_456_789,
        for_s_raw=-1, for_ms_raw=1_500, for_us_raw=-1_500_000, for_ns_raw=1_500_000_000,
        type=1, from_=2, int=3, scaled_raw=-12_345, marked_raw=65_535,
    )
    for place in range(12):
        result.cube[place // 6][place % 6 // 2][place % 2] = place + 1
    result.times_raw[0], result.times_raw[1] = 1, -1
    return result


def canonical(record: Any) -> bytes:
    """The record's bytes as they lie in the segment."""
    return bytes(memoryview(record).cast("B"))
