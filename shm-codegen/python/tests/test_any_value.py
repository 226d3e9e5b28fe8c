"""Any value for any field: what a live row makes of it is what its record does."""

from __future__ import annotations

import datetime
import os
import uuid
from collections.abc import Iterator
from typing import Any

import every_type as et
import pytest
import quantities
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import shm_runtime as shm

#: `SHM_EXAMPLES=100000 pytest shm-codegen/python/tests/test_any_value.py` looks longer.
EXAMPLES = int(os.environ.get("SHM_EXAMPLES", "400"))
search = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 400,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

RECORDS = [et.EveryType, quantities.Quantities]
NAMES = [
    (record, name)
    for record in RECORDS
    for field in record.FIELDS.values()
    for name in sorted({field.attribute, field.stored})
]

#: Each power of two that some field ends at, and what is beside it.
edges = st.builds(
    lambda bits, sign, by: sign * (1 << bits) + by,
    st.sampled_from([0, 7, 8, 15, 16, 31, 32, 53, 63, 64]),
    st.sampled_from([-1, 1]),
    st.integers(-2, 2),
)
numbers = st.one_of(edges, st.integers(-300, 300), st.integers(), st.floats(), st.booleans())
exact = st.one_of(st.decimals(), st.fractions())
texts = st.one_of(st.text(max_size=9), st.binary(max_size=9))
times = st.one_of(
    st.datetimes(timezones=st.sampled_from([None, datetime.timezone.utc])), st.timedeltas()
)
single = st.one_of(numbers, numbers, texts, times, exact, st.none())
values = st.recursive(single, lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=8)


@pytest.fixture(scope="module")
def cells() -> Iterator[dict[Any, Any]]:
    """A writer's cell of each record."""
    made = {
        record: shm.CellSpec(record).create(f"shm-test-{uuid.uuid4().hex[:12]}")
        for record in RECORDS
    }
    yield made
    for cell in made.values():
        cell.unlink()
        cell.close()


def outcome(work: Any) -> tuple[type, str] | None:
    """What went wrong."""
    try:
        work()
    except Exception as error:  # whatever it is, it is compared
        return type(error), str(error)
    return None


@search
@example(which=(et.EveryType, "at_s"), value=datetime.timedelta(days=-719163), way="=")
@given(which=st.sampled_from(NAMES), value=values, way=st.sampled_from(["=", "write", "update"]))
def test_a_live_row_takes_what_its_record_takes(
    cells: dict[Any, Any], which: tuple[Any, str], value: Any, way: str
) -> None:
    record, name = which
    cell = cells[record]
    meant, version = cell.read(), cell.version
    # A live row calls a field whose name is taken otherwise.
    own = name if name in vars(type(cell)) else f"{name}_"

    def do() -> None:
        if way == "=":
            setattr(cell, own, value)
        elif way == "write":
            cell.write(**{name: value})
        else:
            with cell.update() as draft:
                setattr(draft, name, value)

    wrong = outcome(lambda: setattr(meant, name, value))
    assert outcome(do) == wrong
    if wrong is not None:
        assert cell.version == version
        return
    assert cell.version == version + 1
    snapshot, out = cell.snapshot(), record()
    assert cell.read(out=out) == cell.read() == snapshot == meant
    unread = outcome(lambda: getattr(snapshot, name))
    assert outcome(lambda: getattr(cell, own)) == unread
    if unread is not None:
        # Ticks that no `datetime` has, and that a `timedelta` was taken for.
        assert unread[0] is OverflowError
        return
    live, kept = getattr(cell, own), getattr(snapshot, name)
    assert type(live) is type(kept)
    if hasattr(kept, "_length_") or hasattr(kept, "_fields_"):
        assert bytes(live) == bytes(kept)
    else:
        assert repr(live) == repr(kept)


@search
@given(data=st.binary(min_size=et.EveryType.SIZE, max_size=et.EveryType.SIZE))
def test_any_bytes_are_the_same_record_however_they_are_read(
    cells: dict[Any, Any], data: bytes
) -> None:
    cell = cells[et.EveryType]
    cell.write(et.EveryType.from_buffer_copy(data))
    whole, snapshot, out = cell.read(), cell.snapshot(), et.EveryType()
    assert bytes(whole) == bytes(snapshot) == bytes(cell.read(out=out))
    written = bytes(whole)
    for publish in (snapshot.write, lambda: cell.write(out), lambda: cell.write(whole)):
        publish()
        assert bytes(cell.read()) == written
    cell.far = 5
    whole.far = 5
    assert bytes(cell.read()) == bytes(whole)
