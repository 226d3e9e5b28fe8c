"""Scales, sentinels and ranges: what is read, and what is refused."""

from __future__ import annotations

import copy
import math
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import quantities as q
from conftest import codegen

I64 = 1 << 63


@pytest.fixture
def record() -> Any:
    return q.Quantities()


@pytest.mark.parametrize("raw", [0, 1, -1, 125_000_000, 3, 2**53 - 1, -(2**53) + 1, I64 - 1, -I64])
def test_a_scaled_value_is_the_nearest_float(record: Any, raw: int) -> None:
    record.px_raw = record.unit_raw = record.three_quarters_raw = raw
    assert record.px == float(Fraction(raw, 10**8))
    assert record.three_quarters == float(Fraction(3 * raw, 4))
    assert record.unit == float(raw) and type(record.unit) is float
    record.big_raw = abs(raw)
    assert record.big == float(1000 * abs(raw)) and type(record.big) is float


@pytest.mark.parametrize("raw", [1, -7, 10**15 + 1, 2**53 - 1])
def test_what_is_read_goes_in_again(record: Any, raw: int) -> None:
    record.px_raw = raw
    record.px = record.px
    assert record.px_raw == raw


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (1.25, 125_000_000), (1, 100_000_000), (0.1, 10_000_000), (True, 100_000_000),
        (Decimal("90071992547.40992001"), 9_007_199_254_740_992_001),
        (Fraction(1, 3), 33_333_333), (Fraction(1, 2 * 10**8), 0), (Fraction(3, 2 * 10**8), 2),
        (Fraction(5, 2 * 10**8), 2), (Fraction(-1, 2 * 10**8), 0), (Fraction(-3, 2 * 10**8), -2),
        (Decimal("1.000000005"), 100_000_000), (Decimal("1.000000015"), 100_000_002), (-0.0, 0),
    ],
)  # fmt: skip
def test_a_value_is_stored_in_the_nearest_steps(record: Any, value: Any, raw: int) -> None:
    record.px = value
    assert record.px_raw == raw


def test_numbers_of_numpy_are_numbers(record: Any) -> None:
    numpy = pytest.importorskip("numpy")
    for number in (numpy.int64(2), numpy.uint8(2), numpy.float32(2), numpy.float64(2)):
        record.px = record.last = number
        assert (record.px_raw, record.last) == (200_000_000, 2.0)
    record.venue = numpy.uint16(3)
    assert record.venue == 3


@pytest.mark.parametrize("value", ["1", None, [1], 1j, b"1"])
def test_what_is_no_number_is_refused(record: Any, value: Any) -> None:
    with pytest.raises(TypeError):
        record.px = value
    assert record.px_raw == 0


def test_what_does_not_fit_is_refused(record: Any) -> None:
    for value in (12.75, -12.9, 1e300, math.inf, -math.inf, Decimal("Infinity"), 10**30):
        with pytest.raises(OverflowError):
            record.tenth = value
    for value in (math.nan, Decimal("nan")):
        with pytest.raises(ValueError, match="`tenth` takes a number, found"):
            record.tenth = value
    record.tenth = 12.74
    assert (record.tenth_raw, record.tenth) == (127, 12.7)
    with pytest.raises(OverflowError, match="`tenth_raw` cannot hold 128; it takes -128 to 127"):
        record.tenth = 12.8
    with pytest.raises(OverflowError, match="`venue` cannot hold 256"):
        record.venue = 256
    with pytest.raises(OverflowError, match="`level` cannot hold 99999"):
        record.level = 99_999
    with pytest.raises(OverflowError):
        record.three_quarters = 1e40


def test_the_sentinel_reads_as_none_and_none_is_stored_as_it(record: Any) -> None:
    assert record.at is None and record.from_ is None
    record.venue_raw, record.single_raw = 255, 0.5
    assert record.venue is None and record.single is None
    record.venue = 7
    assert record.venue == 7
    record.venue = record.single = record.id = record.lag = None
    assert (record.venue_raw, record.single_raw, record.id_raw) == (255, 0.5, 0xFFFF_FFFF)
    assert record.lag_raw == -I64 and record.lag is None
    record.at = datetime(1970, 1, 1, 0, 0, 1, tzinfo=timezone.utc)
    assert record.at_raw == 10**9 and record.at.second == 1
    record.lag = timedelta(microseconds=5)
    assert record.lag_raw == 5


def test_every_nan_is_the_sentinel_nan(record: Any) -> None:
    record.last = None
    assert math.isnan(record.last_raw) and record.last is None
    place = q.Quantities.OFFSETS["last"]
    for nan in (0x7FF8000000000001, 0xFFF8000000000000, 0x7FF0000000000001):
        memoryview(record).cast("B")[place : place + 8] = nan.to_bytes(8, "little")
        assert record.last is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("venue", 255), ("last", math.nan), ("single", 0.5), ("single", 0.5000000001),
        ("at", datetime(1970, 1, 1, tzinfo=timezone.utc)), ("from_", 0), ("from_", 0.1),
        ("marked", [1.0, math.nan]), ("scaled", [[0, 1], [2, 32767.5]]),
    ],
)  # fmt: skip
def test_a_value_that_would_read_as_none_is_refused(record: Any, name: str, value: Any) -> None:
    before = bytes(record)
    with pytest.raises(ValueError, match="which stands for none; hint: `None`"):
        setattr(record, name, value)
    assert bytes(record) == before


@pytest.mark.parametrize("name", ["px", "level", "big", "share", "open_at", "grid"])
def test_a_field_without_a_sentinel_takes_no_none(record: Any, name: str) -> None:
    with pytest.raises(TypeError):
        setattr(record, name, None)


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("level", [-5, 0, 5], [-6, 6]),
        ("three_quarters", [-1.5, 0, 3], [3.75, -2.25]),
        ("last", [0, 1e9, None], [-5e-324, 1000000000.0000001, math.inf]),
        ("share", [0, 0.5, 1], [-0.1, 1.0000001, math.nan]),
        ("lag", [timedelta(seconds=1), None], [timedelta(seconds=2)]),
        ("open_at", [datetime(2100, 1, 1, tzinfo=timezone.utc)],
         [datetime(2100, 1, 1, 0, 0, 1, tzinfo=timezone.utc)]),
        ("scaled", [[[0, 100], [None, 0.5]]], [[[0, 0], [100.5, 0]]]),
        ("grid", [[[0, 1, 2], [3, 4, 9]]], [[[0, 1, 2], [3, 4, 10]]]),
        ("ladder", [[{"px": 99.99}, {"px": None}, {"qty": 500}]], [[{"px": 100}, {}, {}]]),
    ],
)  # fmt: skip
def test_a_setter_keeps_to_the_range(
    record: Any, name: str, inside: list[Any], outside: list[Any]
) -> None:
    for value in inside:
        setattr(record, name, value)
    before = bytes(record)
    for value in outside:
        end = r"-?[\d.e+]+( \([^)]+\))?"
        with pytest.raises(ValueError, match=rf"` takes {end} to {end}, found "):
            setattr(record, name, value)
        assert bytes(record) == before


def test_a_range_of_times_is_told_as_people_read_it(record: Any) -> None:
    with pytest.raises(ValueError) as caught:
        record.open_at = datetime(1969, 12, 31, 23, 59, 55, tzinfo=timezone.utc)
    assert str(caught.value) == (
        "`open_at` takes 0 (1970-01-01T00:00:00Z) to 4102444800 (2100-01-01T00:00:00Z), "
        "found -5 (1969-12-31T23:59:55Z)"
    )
    with pytest.raises(ValueError) as caught:
        record.lag = timedelta(milliseconds=-1500)
    assert str(caught.value) == (
        "`lag` takes -1000 (-0.001 s) to 1000000 (1 s), found -1500000 (-1.5 s)"
    )
    with pytest.raises(ValueError, match="`level` takes -5 to 5, found 6"):
        record.level = 6


def test_a_time_that_does_not_fit_is_told_as_people_read_it(record: Any) -> None:
    with pytest.raises(OverflowError) as caught:
        record.at = datetime(9999, 12, 31, tzinfo=timezone.utc)
    assert str(caught.value) == (
        "`at` cannot hold 9999-12-31T00:00:00.000000000Z; it takes "
        "1677-09-21T00:12:43.145224192Z to 2262-04-11T23:47:16.854775807Z"
    )
    # As `TimeOutOfRange` of the Rust runtime shows them.
    for raw, shown in ((1 << 40, "+36812-02-20T00:36:16Z"), (-62_167_219_201, "-1-12-31T23:59:59Z"),
                       (-(1 << 63), "-292277022657-01-27T08:29:52Z")):  # fmt: skip
        record.open_at_raw = raw
        with pytest.raises(OverflowError) as caught:
            record.open_at  # noqa: B018 - to see what it says
        assert str(caught.value) == f"{raw} ({shown}) is no datetime; hint: use `open_at_raw`"


def test_the_ends_of_a_range_of_f32_are_inside(record: Any) -> None:
    """Neither -0.1 nor 0.1 is an f32: what is stored lies a little further out."""
    for end in (-0.1, 0.1):
        record.slope = end
        assert abs(record.slope) > 0.1
        assert "slope" not in record.out_of_range()
        record.slope = record.slope
    with pytest.raises(ValueError, match="`slope` takes"):
        record.slope = 0.1001


def test_what_is_out_of_range_is_told_by_its_path(record: Any) -> None:
    assert record.out_of_range() == ["ladder[0].qty", "ladder[1].qty", "ladder[2].qty"]
    for step in record.ladder:
        step.qty = 1
    assert record.out_of_range() == []
    record.ladder[2].px_raw, record.ladder[0].px_raw = 10_000, -1
    record.three_quarters_raw, record.last_raw, record.lag_raw = 5, -1.0, 1_000_001
    record.scaled_raw[0][1], record.scaled_raw[1][0] = 201, 65535
    record.grid[1][2] = 10
    record.share = 1
    memoryview(record).cast("B")[q.Quantities.OFFSETS["share"] :][:4] = b"\0\0\xc0\x7f"
    assert record.out_of_range() == [
        "three_quarters", "last", "share", "lag", "ladder[2].px", "scaled[0][1]", "grid[1][2]",
    ]  # fmt: skip
    assert q.Step(qty=1).out_of_range() == []


def test_raw_values_are_never_looked_at(record: Any) -> None:
    record.last_raw, record.three_quarters_raw = -math.inf, I64 - 1
    assert record.last == -math.inf
    record.scaled_raw = [[65535, 65534], [0, 1]]
    assert record.scaled == ((None, 32767.0), (0.0, 0.5))


def test_arrays_are_tuples_of_values(record: Any) -> None:
    record.scaled = [[0.5, None], (1, Decimal("1.5"))]
    assert record.scaled == ((0.5, None), (1.0, 1.5))
    assert [list(row) for row in record.scaled_raw] == [[1, 65535], [2, 3]]
    record.marked = (None, 1)
    assert record.marked == (None, 1.0)
    record.times = [None, datetime(1970, 1, 1, 0, 0, 1, tzinfo=timezone.utc)]
    assert list(record.times_raw) == [-1, 1000] and record.times[0] is None


def test_shown_and_copied_by_value(record: Any) -> None:
    record.px, record.venue, record.scaled = 1.25, None, ((0, 1), (None, 2))
    shown = repr(record)
    assert "venue=None" in shown and "px=1.25" in shown and "at=None" in shown
    assert "scaled=[[0.0, 1.0], [None, 2.0]]" in shown
    values = record._asdict()
    assert values["scaled"] == [[0.0, 1.0], [None, 2.0]] and values["venue"] is None
    for step in values["ladder"]:
        step["qty"] = 1
    again = q.Quantities(**values)
    assert again.out_of_range() == [] and again.scaled == record.scaled
    assert copy.deepcopy(record) == record != again


def test_live_rows_and_snapshots_speak_of_values(name: str) -> None:
    with q.one.create(name) as writer, q.one.attach(name) as reader:
        writer.write(px=1.25, venue=None, from_=0.25)
        assert (reader.px, reader.px_raw, reader.venue, reader.venue_raw) == (
            1.25, 125_000_000, None, 255,
        )  # fmt: skip
        snapshot = reader.snapshot()
        with writer.update() as record:
            record.px *= 2
            record.last, record.ladder[1].px = 3, None
        snapshot.refresh()
        assert (snapshot.px, snapshot.last, snapshot.ladder[1].px) == (2.5, 3.0, None)
        assert snapshot.out_of_range() == reader.read().out_of_range()
        assert reader.scaled == snapshot.scaled and reader.at is None
        with pytest.raises(ValueError, match="takes -5 to 5"):
            writer.write(level=6)
        with pytest.raises(ValueError, match="takes 0"):
            writer.write(share=1.5)
        with pytest.raises(ValueError), writer.update() as record:
            record.last = -1
        assert (reader.version, reader.last) == (2, 3.0)


def test_a_key_with_a_scale_or_a_sentinel_is_the_stored_number(name: str) -> None:
    with q.by_px.create(name) as table:
        table[2].write(px=1.25)
        assert table.by_key(125_000_000).index == 2
    with q.by_id.create(f"{name}-id") as table:
        table[1].write(id=None)
        table[3].write(id=9)
        assert table.by_key(9).index == 3 and table.by_key(0xFFFF_FFFF).index == 1


def test_fields_say_all_that_the_schema_says() -> None:
    field = q.Step.FIELDS["px"]
    assert (field.type, field.attribute, field.stored) == ("i32", "px", "px_raw")
    assert (field.range, field.sentinel) == ((0.0, 99.99), -1)
    assert (field.scale, field.worth) == ("0.01", (1, 100))
    assert q.Quantities.FIELDS["three_quarters"].worth == (3, 4)
    assert q.Quantities.FIELDS["big"].worth == (1000, 1)
    old = q.Quantities.FIELDS["from"]
    assert (old.attribute, old.since, old.deprecated) == ("from_", 2, "use px")
    doc = q.Step.px.__doc__ or ""
    for fact in ("The price.", "i32", "0.01 USD", "0 to 99.99", "-1 is none"):
        assert fact in doc, fact
    doc = q.Quantities.from_.__doc__ or ""
    assert "`from` in the schema" in doc and "since version 2" in doc and "deprecated" in doc


HELPERS = ["_steps", "_Exact", "_known", "_is_none", "_inside", "_outside", "out_of_range"]


def test_a_module_without_them_has_none_of_their_functions(tmp_path: Path) -> None:
    made = {}
    for name, fact in (("none", ""), ("scale", "scale: 0.5"), ("mark", "sentinel: 1"),
                       ("bound", "range: [0, 5]")):  # fmt: skip
        field = f"{{ name: x, type: u8, {fact} }}"
        schema = tmp_path / f"{name}.yaml"
        schema.write_text(
            f"shm: 1\npackage: only_{name}\nversion: 1\n"
            f"structs: [{{ name: T, fields: [{field}] }}]\n"
        )
        codegen("gen", schema, "--python", tmp_path)
        text = (tmp_path / f"only_{name}.py").read_text()
        made[name] = {helper for helper in HELPERS if helper in text}
    assert made == {
        "none": set(),
        "scale": {"_steps", "_Exact"},
        "mark": {"_known", "_is_none"},
        "bound": {"_inside", "_outside", "out_of_range"},
    }
