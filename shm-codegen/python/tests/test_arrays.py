"""Elements of arrays: checked as fields are."""

from __future__ import annotations

import ctypes
import math
from typing import Any

import every_type as et
import market
import pytest


@pytest.fixture
def record() -> Any:
    return et.EveryType()


def test_an_element_that_does_not_fit_is_refused(record: Any) -> None:
    record.cube[1][2][0] = 65535
    for value in (65536, -1, 1 << 70):
        with pytest.raises(
            OverflowError, match=rf"`\[1\]` cannot hold {value}; it takes 0 to 65535"
        ):
            record.cube[1][2][1] = value
    with pytest.raises(TypeError):
        record.cube[1][2][1] = 1.5
    assert list(record.cube[1][2]) == [65535, 0]
    record.tesseract[1][0][2][1] = -128
    with pytest.raises(OverflowError):
        record.tesseract[1][0][2][1] = 128


def test_a_float_too_big_for_an_element_is_refused(record: Any) -> None:
    for value in (3.4028234663852886e38, math.inf, -math.inf, 1, True):
        record.grid[0][0] = value
        assert record.grid[0][0] == value
    record.grid[0][0] = math.nan
    assert math.isnan(record.grid[0][0])
    with pytest.raises(OverflowError):
        record.grid[0][1] = 3.5e38
    assert record.grid[0][1] == 0.0
    for array in (record.grid[0], record.row):
        with pytest.raises(TypeError):
            array[0] = "1.5"


def test_inner_arrays_and_slices_are_checked_too(record: Any) -> None:
    record.cube[0] = ((1, 2), (3, 4), (5, 6))
    assert [list(row) for row in record.cube[0]] == [[1, 2], [3, 4], [5, 6]]
    with pytest.raises(OverflowError):
        record.cube[1] = ((1, 2), (3, 4), (5, 65536))
    with pytest.raises(ValueError, match="takes 2 elements, found 3"):
        record.cube[1][0] = (1, 2, 3)
    record.cube[1][0][:] = [7, 8]
    with pytest.raises(OverflowError):
        record.cube[1][0][0:2] = [1, 65536]
    assert list(record.cube[1][0]) == [7, 8]
    with pytest.raises(ValueError):
        record.cube[1][0][:] = [1]
    with pytest.raises(IndexError):
        record.cube[1][0][2] = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("answers_raw", 256), ("sides_raw", 1 << 15), ("masks_raw", 256), ("times_raw", 1 << 63)],
)
def test_raw_elements_are_checked_as_well(record: Any, name: str, value: int) -> None:
    array = getattr(record, name)
    inner = array[0] if isinstance(array[0], ctypes.Array) else array
    inner[1] = value - 1 if name != "answers_raw" else 255
    with pytest.raises(OverflowError):
        inner[1] = value
    for place in (record.a_bytes_raw, record.a_utf16_raw, record.blobs_raw[1]):
        with pytest.raises(OverflowError):
            place[0] = 65536


def test_an_array_may_come_from_another_record(record: Any) -> None:
    record.cube[1][1][1] = 9
    other = et.EveryType(cube=record.cube)
    record.cube[1][1][1] = 1
    assert other.cube[1][1][1] == 9
    other.cube = (ctypes.c_uint16 * 2 * 3 * 2)(((1, 2),) * 3, ((3, 4),) * 3)
    assert other.cube[1][2][1] == 4


def test_elements_of_a_draft_are_checked(name: str) -> None:
    with market.leader.create(name) as cell:
        with pytest.raises(OverflowError), cell.update() as draft:
            draft.heat[1][2] = 1e39
        assert cell.version == 0
        with cell.update() as draft:
            draft.heat[1][2] = 1.5
        assert cell.heat[1][2] == 1.5


def test_a_ctypes_number_is_a_number(record: Any) -> None:
    record.a_u8, record.cube[0][0][0] = ctypes.c_uint8(7), ctypes.c_uint16(8)
    assert (record.a_u8, record.cube[0][0][0]) == (7, 8)
