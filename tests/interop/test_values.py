"""Values survive the way from one language to the other, to the bit."""

from __future__ import annotations

import math

import pytest
from conftest import BACKENDS, interop, python


@pytest.mark.parametrize("order", [[], ["arrays"]])
def test_what_rust_writes_python_reads(prefix: str, order: list[str]) -> None:
    import every_type
    import values

    interop("write", prefix, *order)
    with every_type.many.attach(prefix) as table:
        for row in range(values.ROWS):
            expected = values.record(row)
            found = table[row].read()
            assert values.canonical(found) == values.canonical(expected), row
            assert repr(found) == repr(expected)


def test_what_python_writes_rust_reads(prefix: str) -> None:
    import every_type
    import values

    with every_type.many.create(prefix) as table:
        for row in range(values.ROWS):
            table[row].write(values.record(row))
        assert interop("verify", prefix) == f"{values.ROWS} records are equal\n"


PUT = """
import sys, every_type, values, shm_runtime as shm
spec = every_type.many
if sys.argv[2:] == ["arrays"]:
    spec = shm.TableSpec(every_type.EveryType, values.ROWS, "a_u32", copies=4, order="arrays")
with spec.create(sys.argv[1]) as table:
    for row in range(values.ROWS):
        if row % 2:
            table[row].write(values.record(row))
        else:
            snapshot = table[row].snapshot()
            with table[row].update() as record:
                memoryview(record).cast("B")[:] = values.canonical(values.record(row))
            snapshot.refresh()
            snapshot.write()
"""
TAKE = """
import sys, every_type, values
with every_type.many.attach(sys.argv[1]) as table:
    for row in range(values.ROWS):
        expected = values.canonical(values.record(row))
        snapshot, out = table[row].snapshot(), every_type.EveryType()
        for found in (table[row].read(), table[row].read(out=out), snapshot):
            assert values.canonical(found) == expected, row
        for field in every_type.EveryType.FIELDS.values():
            live, kept = (getattr(each, field.stored) for each in (table[row], snapshot))
            same = repr(live) == repr(kept) or bytes(live) == bytes(kept)
            assert same, field.attribute
    print(values.ROWS)
"""


@pytest.mark.parametrize("reader", BACKENDS)
@pytest.mark.parametrize("writer", BACKENDS)
@pytest.mark.parametrize("order", [[], ["arrays"]])
def test_what_one_backend_writes_every_reader_reads(
    writer: str, reader: str, order: list[str], prefix: str
) -> None:
    python(PUT, prefix, writer, *order)
    assert interop("verify", prefix) == "8 records are equal\n"
    assert python(TAKE, prefix, reader) == "8\n"


@pytest.mark.parametrize("reader", BACKENDS)
@pytest.mark.parametrize("order", [[], ["arrays"]])
def test_what_rust_writes_every_backend_reads(reader: str, order: list[str], prefix: str) -> None:
    interop("write", prefix, *order)
    assert python(TAKE, prefix, reader) == "8\n"


def test_rust_notices_one_wrong_byte(prefix: str) -> None:
    """The check above can fail."""
    import every_type
    import values

    with every_type.many.create(prefix) as table:
        for row in range(values.ROWS):
            table[row].write(values.record(row))
        table[5].write(a_u8=1)
        with pytest.raises(AssertionError, match="row 5"):
            interop("verify", prefix)


@pytest.mark.parametrize("order", [[], ["arrays"]])
def test_numpy_sees_what_rust_wrote(prefix: str, order: list[str]) -> None:
    numpy = pytest.importorskip("numpy")
    import every_type
    import values

    interop("write", prefix, *order)
    with every_type.many.attach(prefix) as table:
        rows = table.to_numpy()
    assert rows.dtype == every_type.EveryType.dtype()
    for row in range(values.ROWS):
        assert rows[row].tobytes() == values.canonical(values.record(row))
    assert rows["a_i64"][1] == -(1 << 63)
    assert rows["a_u64"][2] == (1 << 64) - 1
    assert math.isnan(rows["a_f64"][3]) and numpy.isnan(rows["grid"][3, 0, 0])
    assert rows["e_i16"][6] == -7
    assert rows["a_str"][7].decode() == "sch\u00f6n!"
    assert rows["at_ns"][7] == numpy.datetime64(1_700_000_000_123_456_789, "ns")


def test_a_bool_that_is_neither_is_true_in_both(prefix: str) -> None:
    import every_type

    with every_type.many.create(prefix) as table:
        table[0].write(a_bool_raw=7)
        assert table[0].read().a_bool is True
        assert "a_bool: true" in interop("show", prefix, "0")


def test_rust_names_an_unknown_enum_value_by_its_number(prefix: str) -> None:
    import every_type

    with every_type.many.create(prefix) as table:
        table[0].write(e_u8=every_type.EnumU8(7))
        assert "EnumU8(7)" in interop("show", prefix, "0")
        assert table[0].read().e_u8.name == "UNKNOWN_7"
