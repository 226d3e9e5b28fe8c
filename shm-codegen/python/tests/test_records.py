"""Values into a record and out of it again."""

from __future__ import annotations

import copy
import math
import pickle
import re
import struct
from datetime import datetime, timedelta, timezone
from typing import Any

import every_type as et
import market
import pytest

INTEGERS = {"a_u8": 8, "a_u16": 16, "a_u32": 32, "a_u64": 64, "a_i8": 8, "a_i16": 16, "a_i32": 32}


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_hold_their_extremes_and_no_more(name: str) -> None:
    bits = INTEGERS[name]
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if "_i" in name else (0, (1 << bits) - 1)
    record = et.EveryType()
    for value in (low, high, 0):
        setattr(record, name, value)
        assert getattr(record, name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(OverflowError, match=f"`{name}` cannot hold {value}"):
            setattr(record, name, value)
    assert getattr(record, name) == 0
    with pytest.raises(TypeError):
        setattr(record, name, 1.5)
    with pytest.raises(OverflowError):
        et.EveryType(**{name: high + 1})


def test_floats_keep_their_bits() -> None:
    record = et.EveryType()
    for value in (0.0, -0.0, math.inf, -math.inf, 5e-324, 1.7976931348623157e308):
        record.a_f64 = value
        assert struct.pack("d", record.a_f64) == struct.pack("d", value)
    record.a_f64 = math.nan
    assert math.isnan(record.a_f64)


def test_a_float_too_big_for_f32_is_refused() -> None:
    record = et.EveryType()
    for value in (3.4028234663852886e38, -math.inf, math.inf):
        record.a_f32 = value
        assert record.a_f32 == value
    record.a_f32 = math.nan
    with pytest.raises(OverflowError):
        record.a_f32 = 3.5e38


def test_text_fills_its_room_and_no_more() -> None:
    record = et.EveryType(a_str="1234567")
    assert (record.a_str, record.a_str_raw) == ("1234567", b"1234567")
    record.a_str = "ä"
    assert (
        memoryview(record).cast("B")[et.EveryType.OFFSETS["a_str"] :][:7] == b"\xc3\xa4\0\0\0\0\0"
    )
    with pytest.raises(ValueError, match="room for 7 bytes, found 8"):
        record.a_str = "12345678"
    with pytest.raises(ValueError, match="NUL"):
        record.a_str = "a\0b"
    record.a_str_raw = b"\xff"
    with pytest.raises(UnicodeDecodeError):
        _ = record.a_str
    record.a_utf16 = "a\U0001f600"
    assert record.a_utf16 == "a\U0001f600"
    with pytest.raises(ValueError, match="room for 6 bytes, found 8"):
        record.a_utf16 = "abcd"


def test_bytes_are_exact() -> None:
    record = et.EveryType(a_bytes=b"\0\x01\xff\0\0")
    assert record.a_bytes == b"\0\x01\xff\0\0"
    record.a_bytes = b"ab"
    assert record.a_bytes == b"ab\0\0\0"
    with pytest.raises(TypeError):
        record.a_bytes = 5


def test_enums_keep_what_they_do_not_know() -> None:
    record = et.EveryType(e_u8=et.EnumU8.TOP, e_i64=-7)
    assert record.e_u8 is et.EnumU8.TOP
    unknown = record.e_i64
    assert (unknown.name, int(unknown)) == ("UNKNOWN_MINUS_7", -7)
    assert unknown == et.EnumI64(-7) and hash(unknown) == hash(et.EnumI64(-7))
    assert pickle.loads(pickle.dumps(unknown)) == unknown and copy.deepcopy(unknown) == unknown
    assert repr(et.EnumU8(7)) == "<EnumU8.UNKNOWN_7: 7>"
    with pytest.raises(ValueError):
        et.EnumU8(256)
    with pytest.raises(OverflowError):
        record.e_u8 = 256


def test_unknown_values_do_not_fill_the_memory() -> None:
    before = len(et.EnumU64._value2member_map_), len(et.Flags64._value2member_map_)
    for value in range(1000, 2000):
        et.EnumU64(value)
        et.Flags64(value) | et.Flags64.LAST
        ~et.Flags64(value)
    after = len(et.EnumU64._value2member_map_), len(et.Flags64._value2member_map_)
    assert after == before


def test_flags_keep_unknown_bits() -> None:
    record = market.Quote(flags=market.QuoteFlags.FIRM | market.QuoteFlags.STALE)
    assert record.flags_raw == 0x8001
    record.flags_raw = 0x2001
    flags = record.flags
    assert market.QuoteFlags.FIRM in flags and market.QuoteFlags.STALE not in flags
    assert repr(flags) == "<QuoteFlags.FIRM|0x2000: 8193>"
    assert int(flags | market.QuoteFlags.STALE) == 0xA001
    assert int(flags & market.QuoteFlags.FIRM) == 1
    assert int(flags ^ market.QuoteFlags.FIRM) == 0x2000
    assert int(~flags) == 0xDFFE
    assert not market.QuoteFlags(0) and repr(market.QuoteFlags(0)) == "<QuoteFlags.0: 0>"
    assert pickle.loads(pickle.dumps(flags)) == flags and hash(flags) == hash(record.flags)
    record.flags = ~market.QuoteFlags.FIRM
    assert record.flags_raw == 0xFFFE
    with pytest.raises(OverflowError):
        record.flags = 1 << 16


def test_a_bool_is_true_unless_0() -> None:
    record = et.EveryType(a_bool=True, answers=((True, False), (False, True)))
    assert record.a_bool is True and record.a_bool_raw == 1
    assert record.answers == ((True, False), (False, True))
    record.a_bool_raw = 255
    assert record.a_bool is True


def test_times_are_utc_and_floored_to_microseconds() -> None:
    record = et.EveryType(at_ns_raw=1_700_000_000_123_456_789)
    assert record.at_ns == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=timezone.utc)
    record.at_ns_raw = -1
    assert record.at_ns == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=timezone.utc)
    record.at_ns = datetime(2023, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    assert record.at_ns_raw == 1_672_531_200_000_000_000
    record.at_s = datetime(2023, 1, 1, 0, 0, 0, 999999, tzinfo=timezone.utc)
    assert record.at_s_raw == 1_672_531_200
    with pytest.raises(ValueError, match="zone"):
        record.at_ns = datetime(2023, 1, 1)
    record.for_ms = timedelta(seconds=-1.5)
    assert (record.for_ms_raw, record.for_ms) == (-1500, timedelta(seconds=-1.5))
    record.at_s_raw = record.for_s_raw = (1 << 63) - 1
    with pytest.raises(OverflowError, match=r" \(\+292277026596-12-04T15:30:07Z\) is no datetime; hint: use `at_s_raw`"):
        _ = record.at_s
    with pytest.raises(OverflowError, match=r" \(9223372036854775807 s\) is no timedelta; hint: use `for_s_raw`"):
        _ = record.for_s


def test_arrays_take_sequences_of_their_length() -> None:
    record = et.EveryType(
        row=[1, 2, 3],
        grid=((1, 2), (3, 4), (5, 6)),
        names=[["abc", "d"], ["", "ef"]],
        blobs=(b"xyz", b"\0"),
        wide=["hi", "€"],
        sides=(et.EnumI16.LOW, 0, 3),
        masks=[et.Flags8.FIRST, 0, 0x7E],
        times=[datetime(1970, 1, 1, 0, 0, 1, tzinfo=timezone.utc)] * 2,
        inners=[[{"tag": 1}, et.Inner(value=2)], [{}, {"last": 3}]],
    )
    assert list(record.row) == [1.0, 2.0, 3.0] and record.grid[2][1] == 6.0
    assert record.names == (("abc", "d"), ("", "ef"))
    assert record.blobs == (b"xyz", b"\0\0\0") and record.wide == ("hi", "€")
    assert record.sides[2].name == "UNKNOWN_3" and int(record.masks[2]) == 0x7E
    assert list(record.times_raw) == [1000, 1000]
    assert [record.inners[0][0].tag, record.inners[0][1].value, record.inners[1][1].last] == [
        1,
        2,
        3,
    ]
    with pytest.raises(ValueError, match="takes 3 elements, found 2"):
        record.row = [1, 2]
    with pytest.raises(OverflowError):
        record.cube = (((1, 2), (3, 4), (5, 65536)),) * 2


def test_names_that_are_keywords_get_an_underscore() -> None:
    record = et.EveryType(from_=3, type=4, int=5)
    assert (record.from_, record.type, record.int) == (3, 4, 5)
    assert record._asdict()["from_"] == 3


def test_a_misspelt_field_is_refused() -> None:
    record = market.Quote()
    with pytest.raises(AttributeError):
        record.volum = 1
    with pytest.raises(AttributeError):
        market.Quote(volum=1)


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("a_u8", 1.5, "`a_u8` takes a whole number, found 1.5"),
        ("a_f64", "x", "`a_f64` takes a number, found 'x'"),
        ("a_bool", "no", "`a_bool` takes True or False, found 'no'"),
        ("a_bool", None, "`a_bool` takes True or False, found None"),
        ("a_str", b"ab", "`a_str` takes a text, found b'ab'"),
        ("a_str", 5, "`a_str` takes a text, found 5"),
        ("a_utf16", None, "`a_utf16` takes a text, found None"),
        ("a_bytes", "ab", "`a_bytes` takes bytes, found 'ab'"),
        ("at_ns", 5, "`at_ns` takes a datetime, found 5; hint: `at_ns_raw` takes the count"),
        ("at_ns", timedelta(5), "`at_ns` takes a datetime, found datetime.timedelta(days=5); "),
        ("for_ms", 5, "`for_ms` takes a timedelta, found 5; hint: `for_ms_raw` takes the count"),
        ("for_ms", datetime.max, "`for_ms` takes a timedelta, found datetime.datetime(9999, "),
        ("e_u8", "TOP", "`e_u8` takes a `EnumU8`, found 'TOP'"),
        ("f_8", None, "`f_8` takes a `Flags8`, found None"),
        ("row", 5, "`row` takes 3 elements, found 5"),
        ("row", (1, 2, "x"), "`row` takes a number, found 'x'"),
        ("answers", (("no", 1), (0, 0)), "`answers` takes True or False, found 'no'"),
        ("inner", et.Packed(), "`inner` takes a `Inner`, found Packed("),
        ("inner", (1, 2, 3), "`Inner` takes fields by name: `Inner(tag=...)`"),
    ],
)
def test_what_a_field_cannot_be_is_told_with_its_name(name: str, wrong: Any, said: str) -> None:
    record = et.EveryType()
    with pytest.raises(TypeError, match=re.escape(said)):
        setattr(record, name, wrong)
    assert record == et.EveryType()


def test_a_bool_takes_what_is_equal_to_one(name: str) -> None:
    record = et.EveryType(a_bool=1)
    assert record.a_bool is True
    for value, read in ((0, False), (0.0, False), (4, True)):
        record.a_bool = value
        assert record.a_bool is read and record.a_bool_raw == int(read)
    with et.one.create(name) as live:
        live.a_bool = True
        with pytest.raises(TypeError, match="`a_bool` takes True or False, found 'no'"):
            live.a_bool = "no"
        assert live.a_bool is True and live.version == 1


def test_only_what_is_stored_as_it_reads_goes_by_position() -> None:
    assert market.Level(1.5, 2, 3) == market.Level(px=1.5, qty=2, orders=3)
    # Stored, the first would be nanoseconds; of the other a byte of padding.
    for kind, said in ((market.Trade, "`Trade(at=...)`"), (et.Inner, "`Inner(tag=...)`")):
        with pytest.raises(TypeError, match=re.escape(said)):
            kind(1, 2)


def test_equality_looks_at_fields_and_not_at_padding() -> None:
    left, right = et.Inner(tag=1, value=2), et.Inner(tag=1, value=2)
    assert left == right
    memoryview(right).cast("B")[1] = 0xFF
    assert left == right, "byte 1 is padding"
    right.last = 1
    assert left != right
    outer = et.EveryType(), et.EveryType()
    memoryview(outer[0]).cast("B")[et.EveryType.OFFSETS["inners"] + et.Inner.SIZE + 1] = 7
    assert outer[0] == outer[1], "nor does padding inside an array count"
    outer[0].inners[1][1].tag = 7
    assert outer[0] != outer[1]
    assert et.EveryType(a_f64=math.nan) == et.EveryType(a_f64=math.nan)
    assert et.EveryType(a_f64=0.0) != et.EveryType(a_f64=-0.0)
    assert left != "left" and left.__eq__("left") is NotImplemented
    assert market.Level() != market.Trade()
    with pytest.raises(TypeError):
        hash(left)


def test_asdict_goes_in_again() -> None:
    record = et.EveryType(a_str="x", e_u8=7, inners=[[{"tag": 1}, {}], [{}, {}]], row=[1, 2, 3])
    values = record._asdict()
    assert values["inners"][0][0] == {"tag": 1, "value": 0, "last": 0}
    assert et.EveryType(**values) == record


@pytest.mark.parametrize("byte", [0x00, 0x7F, 0x80, 0xD8, 0xFF])
@pytest.mark.parametrize("record", [et.EveryType, market.Quote])
def test_hostile_bytes_can_always_be_shown(record: Any, byte: int) -> None:
    shown = repr(record.from_buffer_copy(bytes([byte]) * record.SIZE))
    for name, field in record.FIELDS.items():
        assert f"{field.attribute}=" in shown or f"{field.stored}=" in shown, name


def test_repr_shows_values_as_their_types_do() -> None:
    shown = repr(market.Quote(symbol="ABC", phase=9))
    assert shown.startswith("Quote(symbol='ABC', isin=b'")
    assert "phase=<Phase.UNKNOWN_9: 9>" in shown and "bids=[Level(px=0.0" in shown
    record = market.Quote()
    record.symbol_raw = b"\xff"
    assert repr(record).startswith("Quote(symbol_raw=b'\\xff'")


def test_classes_hold_no_dictionary() -> None:
    assert not hasattr(market.Quote(), "__dict__")
    assert not hasattr(market.quotes, "__dict__")


def test_constants_are_there() -> None:
    assert (market.DEPTH, et.HIGHEST, et.LOWEST) == (5, (1 << 64) - 1, -(1 << 63))
    assert et.THIRD == 1 / 3
    assert len(market.SCHEMA_FINGERPRINT) == 64 and market.SCHEMA_VERSION == 1


def test_docs_are_carried_over() -> None:
    assert "What the exchange allows" in (market.Quote.phase.__doc__ or "")
    assert "All that is known of one instrument." in (market.Quote.__doc__ or "")
    assert "found by `symbol`" in (type(market.quotes).__doc__ or "")
