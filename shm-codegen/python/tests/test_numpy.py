"""Tables and cells as numpy arrays."""

from __future__ import annotations

from typing import Any

import every_type as et
import market
import pytest

import shm_runtime as shm

numpy = pytest.importorskip("numpy")


def test_a_table_becomes_a_structured_array(name: str) -> None:
    with market.quotes.create(name) as table:
        for number in range(0, 1000, 3):
            table[number].write(volume=number, symbol=f"S{number}", exchange_time_raw=number)
            if number % 2:
                table[number].write(volume=number)
        rows = table.to_numpy()
        assert rows.dtype == market.Quote.dtype() and rows.shape == (1000,)
        assert rows["volume"].sum() == sum(range(0, 1000, 3))
        assert rows["symbol"][999] == b"S999"
        assert rows["exchange_time"][3] == numpy.datetime64(3, "ns")
        for number in (0, 3, 6, 7, 999):
            assert rows[number].tobytes() == bytes(table[number].read())
        again = numpy.zeros(1000, market.Quote.dtype())
        assert table.to_numpy(out=again) is again
        assert again.tobytes() == rows.tobytes()
        other = numpy.zeros(1000, again.dtype)
        assert table.to_numpy(out=other).tobytes() == rows.tobytes()
        for bad in (
            numpy.zeros(1000, (numpy.void, again.itemsize)),
            numpy.zeros(999, again.dtype),
            numpy.zeros(1000, "f8"),
            numpy.repeat(again, 2)[::2],
            [],
            bytearray(again.nbytes),
        ):
            with pytest.raises(TypeError, match="contiguous array of 1000"):
                table.to_numpy(out=bad)
    assert table.closed and rows["volume"][999] == 999, "the array is the caller's"


@pytest.mark.parametrize("order", ["rows", "arrays"])
@pytest.mark.parametrize("mib", [3, 17])
def test_a_large_table_comes_out_as_it_is(name: str, order: str, mib: int) -> None:
    rows = (mib << 20) // market.Quote.SIZE
    size = rows * market.Quote.SIZE
    volumes = numpy.zeros(rows, "u8")
    with shm.TableSpec(market.Quote, rows, order=order).create(name) as table:
        record = market.Quote()
        for number in [*range(0, rows, 5), rows - 1]:
            for version in range(1 + number % 2):
                record.volume = record.checksum = volumes[number] = 2 * number + version
                table[number].write(record)
        room = numpy.empty(size + 32, "u1")
        for shift in (0, 1):
            room[:] = 0xAA
            start = -room.ctypes.data % 16 + shift
            out = room[start : start + size].view(market.Quote.dtype())
            assert table.to_numpy(out=out) is out
            assert (out["volume"] == volumes).all()
            assert (out["checksum"] == volumes).all()
            assert (room[:start] == 0xAA).all() and (room[start + size :] == 0xAA).all()


def test_a_cell_becomes_an_array_without_dimensions(name: str) -> None:
    with et.one.create(name) as cell:
        cell.write(a_f64=1.5, a_bool_raw=9, type=3)
        found = cell.to_numpy()
    assert found.shape == () and found["a_f64"] == 1.5 and found["type"] == 3
    assert found["a_bool"].tobytes() == b"\1"


def test_bools_of_a_table_are_0_or_1(name: str) -> None:
    with et.many.create(name) as table:
        table[2].write(a_bool_raw=9)
        assert table.to_numpy()["a_bool"].tobytes() == bytes([0, 0, 1, 0, 0, 0, 0, 0])


def test_a_retired_table_is_no_array(name: str) -> None:
    with market.quotes.create(name) as table:
        table.to_numpy()
        table.unlink()
        with pytest.raises(shm.Retired):
            table.to_numpy()


def test_rows_are_whole_under_a_writer(name: str, child: Any) -> None:
    program = """
import market, sys
with market.quotes.create(sys.argv[1]) as table:
    rows, n = list(table)[:2], 0
    print("ready", flush=True)
    record = market.Quote()
    while True:
        n += 1
        record.volume = record.tick = record.checksum = n
        rows[n % 2].write(record)
"""
    writer = child(program, name)
    assert writer.stdout.readline() == "ready\n"
    with market.quotes.attach(name) as table:
        for _ in range(1000):
            rows = table.to_numpy()
            assert (rows["volume"] == rows["tick"]).all()
            assert (rows["volume"] == rows["checksum"]).all()
        assert rows["volume"].max() > 0
        # A native copy of a row is done before the writer can come round.
        assert table.retries > 0 or shm.BACKEND == "native"
