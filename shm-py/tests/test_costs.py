"""What a read costs, counted and not timed: such counts repeat to a per cent.

Instructions are those within the extension, for one access; the interpreter's
own differ from build to build. Lines are the distinct cache lines that one
access touches, the interpreter's included, and compared with ctypes: the price
of a read after a pause. One run of a program under valgrind counts them all.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import WATCHDOG_S

FOLDER = Path(__file__).resolve().parents[2] / "bench/slow_get"
sys.path.insert(0, str(FOLDER))
import valgrind  # What `bench/slow_get` counts with.

pytestmark = pytest.mark.skipif(not valgrind.is_installed(), reason="valgrind is not installed")

#: What an access may cost in the extension: instructions, as measured in the
#: stripped wheel and a tenth more; on a processor without AVX-512, which
#: valgrind does not know. Raise one only with a reason in the commit.
INSTRUCTIONS = {
    "row.a": 52,
    "snapshot.refresh()": 51,
    "row.read(out=record)": 164,
    "row.write(record)": 116,
    "row.write(snapshot)": 195,
    "row.a = 1.5": 217,
    "snapshot.write()": 81,
}
#: Cache lines of one field after everything else was thrown out; 36 to 42 were
#: counted with shared builds of Python 3.9, 3.11 and 3.13, where ctypes takes
#: 73 to 97.
LINES = 50

#: Accesses of one count.
TIMES, COLD_TIMES = 100, 8
#: What is accessed with nothing left in the cache, the empty access first.
COLD = ["pass", "row.a", "raw.a"]

PROGRAM = f"""
import ctypes, gc, sys
from multiprocessing import sharedctypes
sys.path.insert(0, {str(FOLDER)!r})
import shm_runtime, valgrind
from shm_runtime.bench import records
assert shm_runtime.BACKEND == "native"
sixteen, _ = records()
row = shm_runtime.CellSpec(sixteen).create(sys.argv[1])
row.write(sixteen(a=1.5))
snapshot, record = row.snapshot(), sixteen()
class Plain(ctypes.Structure):
    _fields_ = sixteen._fields_
raw = sharedctypes.RawValue(Plain)
names = dict(globals())
gc.disable()
for statement in {list(INSTRUCTIONS)}:
    valgrind.access(statement, names, {TIMES})
for statement in {COLD}:
    valgrind.access(statement, names, {COLD_TIMES}, valgrind.EVICT)
row.unlink()
"""


@pytest.fixture(scope="module")
def counts() -> Iterator[dict[str, valgrind.Counted]]:
    """Of all accesses of a part, by statement; of cold ones by `cold` and statement."""
    name = f"shm-test-{uuid.uuid4().hex[:12]}"
    try:
        parts, _ = valgrind.count([sys.executable, "-c", PROGRAM, name], WATCHDOG_S)
    finally:
        Path("/dev/shm", name).unlink(missing_ok=True)
    labels = [*INSTRUCTIONS, *(f"cold {s}" for s in COLD)]
    assert len(parts) == len(labels), f"expected a count of each, found {len(parts)}"
    yield dict(zip(labels, parts))


@pytest.mark.parametrize("statement", INSTRUCTIONS)
def test_an_access_takes_no_more_instructions(
    statement: str, counts: dict[str, valgrind.Counted]
) -> None:
    each = counts[statement].within("_native") / TIMES
    print(f"{statement}: {each:.1f} instructions")
    assert 10 < each <= INSTRUCTIONS[statement], each


def test_a_field_touches_few_lines(counts: dict[str, valgrind.Counted]) -> None:
    empty, field, raw = (counts[f"cold {s}"].lines / COLD_TIMES for s in COLD)
    print(f"lines: {field - empty:.0f}, ctypes {raw - empty:.0f}")
    assert field - empty <= min(LINES, raw - empty)
