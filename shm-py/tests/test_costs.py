"""What a read costs, counted and not timed: such counts repeat to a per cent.

Instructions are those within the extension, for one access; the interpreter's
own differ from build to build. Lines are the distinct cache lines that one
access touches, the interpreter's included, and compared with ctypes: the price
of a read after a pause. One run of a program under valgrind counts them all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import WATCHDOG_S

pytestmark = pytest.mark.skipif(
    shutil.which("valgrind") is None, reason="valgrind is not installed"
)

#: What an access may cost in the extension: instructions, as measured in the
#: stripped wheel and a tenth more. Raise one only with a reason in the commit.
INSTRUCTIONS = {
    "row.a": 113,
    "snapshot.refresh()": 111,
    "row.read(out=record)": 260,
    "row.write(snapshot)": 273,
    "row.a = 1.5": 400,
    "snapshot.write()": 400,
}
#: Cache lines of one field after everything else was thrown out; 44 were
#: counted with a plain build of Python 3.11, where ctypes takes 75.
LINES = 60

#: Accesses of one count.
TIMES, COLD_TIMES = 100, 8
#: What is accessed with nothing left in the cache, the empty access first.
COLD = ["pass", "row.a", "raw.a"]

# Each call of `mark` makes valgrind write down what it has counted since the
# last: no other part of the program asks for a process group.
PROGRAM = """
import ctypes, gc, os, sys
from multiprocessing import sharedctypes
import shm_runtime
from shm_runtime.bench import records
assert shm_runtime.BACKEND == "native"
sixteen, _ = records()
row = shm_runtime.CellSpec(sixteen).create(sys.argv[1])
row.write(sixteen(a=1.5))
snapshot, record = row.snapshot(), sixteen()
class Plain(ctypes.Structure):
    _fields_ = sixteen._fields_
raw = sharedctypes.RawValue(Plain)
room, other = bytearray(3 << 17), bytes(3 << 17)
def count(statement, times, before="pass"):
    scope = dict(globals())
    exec(f"def work(times):\\n for _ in range(times):\\n  {before}\\n  {statement}", scope)
    scope["work"](16)
    mark(0)
    scope["work"](times)
    mark(0)
gc.disable()
mark = os.getpgid
"""

#: One level that counts: what a line costs is that it is not there. The one
#: for code holds next to nothing, as no data would drive code out of it.
OPTIONS = [
    "--cache-sim=yes", "--I1=128,1,64", "--D1=32768,8,64", "--LL=262144,16,64",
    "--compress-strings=no", "--compress-pos=no",
    "--dump-before=getpgid", "--dump-before=__getpgid",
]  # fmt: skip


class Counted(NamedTuple):
    """What valgrind saw between two marks."""

    instructions: int
    lines: int


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Counted]]:
    """Of one access each, by statement; of a cold one by `cold` and statement."""
    out = tmp_path_factory.mktemp("counts") / "callgrind.out"
    program = PROGRAM
    program += "".join(f"count({s!r}, {TIMES})\n" for s in INSTRUCTIONS)
    program += "".join(f"count({s!r}, {COLD_TIMES}, 'room[:] = other')\n" for s in COLD)
    name = f"shm-test-{uuid.uuid4().hex[:12]}"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *OPTIONS,
         sys.executable, "-c", program + "row.unlink()", name],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        env={**os.environ, "SHM_RUNTIME_BACKEND": "native", "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    Path("/dev/shm", name).unlink(missing_ok=True)
    assert done.returncode == 0, done.stderr
    parts = len(list(out.parent.glob("callgrind.out.*")))
    labels = [*INSTRUCTIONS, *(f"cold {s}" for s in COLD)]
    assert parts == 2 * len(labels), f"expected a count for every two marks, found {parts}"
    yield {
        label: counted(out.with_name(f"callgrind.out.{2 * number}"))
        for number, label in enumerate(labels, 1)
    }


def counted(part: Path) -> Counted:
    """Instructions within the extension, and misses of the whole program."""
    within, object_file, events, misses = 0, "", [], 0
    lines = iter(part.read_text().splitlines())
    for line in lines:
        key, _, value = line.partition("=")
        if key == "ob":
            object_file = value
        elif key == "calls":
            # What a call cost inside: it is also said of what was called.
            next(lines)
        elif line.startswith("events:"):
            events = line.split()[1:]
        elif line.startswith(("summary:", "totals:")):
            # Zeros at the end of it are left out.
            totals = dict(zip(events, map(int, line.split()[1:])))
            misses = sum(totals.get(kind, 0) for kind in ("ILmr", "DLmr", "DLmw"))
        elif line[:1].isdigit() and "_native" in object_file:
            within += int(line.split()[1])
    return Counted(within, misses)


@pytest.mark.parametrize("statement", INSTRUCTIONS)
def test_an_access_takes_no_more_instructions(statement: str, counts: dict[str, Counted]) -> None:
    each = counts[statement].instructions / TIMES
    print(f"{statement}: {each:.1f} instructions")
    assert 10 < each <= INSTRUCTIONS[statement], each


def test_a_field_touches_few_lines(counts: dict[str, Counted]) -> None:
    empty, field, raw = (counts[f"cold {s}"].lines / COLD_TIMES for s in COLD)
    print(f"lines: {field - empty:.0f}, ctypes {raw - empty:.0f}")
    assert field - empty <= min(LINES, raw - empty)
