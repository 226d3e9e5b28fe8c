"""Tables whose records lie in arrays: the same records, in other places."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import every_type as et
import market
import pytest

import shm_runtime as shm
from shm_runtime.segment_header import RecordOrder, SegmentHeader

SHARED = Path("/dev/shm")


def spec(rows: int = 5, copies: int = 2, order: str = "arrays") -> Any:
    return shm.TableSpec(market.Level, rows, copies=copies, order=order)


@pytest.mark.parametrize("copies", [2, 4, 8])
@pytest.mark.parametrize("rows", [1, 3, 4, 100])
def test_every_row_holds_what_was_written_to_it(name: str, rows: int, copies: int) -> None:
    made = spec(rows, copies)
    with made.create(name, prefault=True) as writer, made.attach(name, prefault=True) as reader:
        assert writer._segment.header.order is RecordOrder.ARRAYS
        snapshots = [row.snapshot() for row in reader]
        expected = [0] * rows
        for version in range(1, 12):
            # Rows in another order each time; some are left as they were.
            for row in ((7 * at + version) % rows for at in range(rows)):
                if (row + version) % 3:
                    expected[row] = 100 * version + row
                    writer[row].write(qty=expected[row], px=version / 4)
            for snapshot in snapshots:
                snapshot.refresh()
            assert [row.qty for row in reader] == expected
            assert [row.read().qty for row in reader] == expected
            assert [snapshot.qty for snapshot in snapshots] == expected
        before = reader[0].version
        with writer[0].update() as record:
            record.qty += 1
        assert (reader[0].version, reader[0].qty) == (before + 1, expected[0] + 1)
        assert reader[0].age is not None
        writer[-1].qty = 7
        assert reader[rows - 1].qty == 7


@pytest.mark.parametrize("order", ["rows", "arrays"])
def test_all_rows_go_into_numpy(name: str, order: str) -> None:
    np = pytest.importorskip("numpy")
    made = spec(1000, order=order)
    with made.create(name) as writer, made.attach(name) as reader:
        for row in range(1000):
            for version in range(1 + row % 3):
                writer[row].write(qty=10 * row + version)
        found = reader.to_numpy()
        assert found["qty"].tolist() == [10 * row + row % 3 for row in range(1000)]
        again = np.zeros_like(found)
        assert reader.to_numpy(out=again) is again
        assert (again == found).all()


def test_heads_and_copies_lie_in_arrays(name: str) -> None:
    with spec().create(name) as table:
        for row in range(5):
            for version in (1, 2, 3):
                table[row].write(qty=10 * version + row)
        header, memory = table._segment.header, bytes(table.memory)
    size = market.Level.SIZE
    assert size % 8 == 0
    assert (header.stride, header.copy_stride) == (16, size)
    assert header.copies_offset == header.records_offset + 128
    assert header.copy_distance == -(-5 * size // 64) * 64
    assert header.total_size == header.copies_offset + 2 * header.copy_distance == len(memory)
    for row in range(5):
        assert struct.unpack_from("Q", memory, header.records_offset + 16 * row) == (6,)
        for copy, version in ((0, 2), (1, 3)):
            at = header.copies_offset + copy * header.copy_distance + row * size
            record = market.Level.from_buffer_copy(memory, at)
            assert record.qty == 10 * version + row


@pytest.mark.parametrize(("order", "other"), [("rows", "arrays"), ("arrays", "rows")])
def test_the_order_of_a_schema_is_that_of_a_new_segment_alone(
    name: str, order: str, other: str
) -> None:
    with spec(order=order).create(name) as writer:
        writer[2].write(qty=7)
    # A new build that wants another goes on where this one stopped.
    wants = spec(order=other)
    with wants.create(name, exist_ok=True) as writer, wants.attach(name) as reader:
        assert writer._segment.header.order.name == order.upper()
        writer[2].write(qty=8)
        assert (reader[2].qty, reader[2].version) == (8, 2)
    with wants.attach(name) as reader, wants.create(name, replace=True) as writer:
        assert writer._segment.header.order.name == other.upper()
        for row in range(5):
            with pytest.raises(shm.Retired):
                reader[row].read()


def test_a_generated_module_lays_records_as_the_schema_says(name: str) -> None:
    with et.in_arrays.create(name) as table, et.in_arrays.attach(name) as reader:
        assert table._segment.header.order is RecordOrder.ARRAYS
        for row in range(6):
            table[row].write(a_u32=row + 1, a_f64=row / 2, a_bool=True)
        assert reader.by_key(6).index == 5
        assert reader[5].read().a_f64 == 2.5
        table.unlink()
        for row in reader:
            with pytest.raises(shm.Retired):
                row.read()
    assert "in arrays" in (et.in_arrays.__doc__ or "")
    with et.many.create(f"{name}.many") as many:
        assert many._segment.header.order is RecordOrder.ROWS


def test_other_orders_are_refused() -> None:
    with pytest.raises(ValueError, match="records lie in `rows` or in `arrays`, found 'columns'"):
        spec(order="columns")


def test_every_bit_of_the_addresses_counts(name: str) -> None:
    spec().create(name).close()
    path = SHARED / name
    whole = path.read_bytes()
    for field in ("order", "stride", "records_offset", "copies_offset", "copy_stride",
                  "copy_distance", "total_size"):  # fmt: skip
        at = SegmentHeader.OFFSETS[field]
        for bit in range(32 if field == "order" else 64):
            flipped = bytearray(whole)
            flipped[at + bit // 8] ^= 1 << bit % 8
            with path.open("r+b") as file:
                file.write(flipped)
            with pytest.raises(shm.NotASegment):
                spec().attach(name)
    with path.open("r+b") as file:
        file.write(whole)
    spec().attach(name).close()


WRITES = """
import sys, market, shm_runtime as shm
with shm.TableSpec(market.Level, 7, order="arrays").create(sys.argv[1]) as table:
    print("writes", flush=True)
    version = 0
    while True:
        version += 1
        for row in table:
            row.write(px=version / 4, qty=version)
"""


def test_no_row_is_torn_beside_a_writer_that_never_pauses(name: str, child: Any) -> None:
    writer = child(WRITES, name)
    assert writer.stdout.readline() == "writes\n"
    last = [0] * 7
    changes = 0
    with spec(7).attach(name) as reader:
        has_numpy = True
        try:
            reader.to_numpy()
        except ImportError:
            has_numpy = False
        while changes < 2000:
            rows = reader.to_numpy() if has_numpy else [row.read() for row in reader]
            for number, row in enumerate(rows):
                px, qty = (row["px"], row["qty"]) if has_numpy else (row.px, row.qty)
                assert px * 4 == qty
                assert qty >= last[number]
                changes += qty > last[number]
                last[number] = qty
