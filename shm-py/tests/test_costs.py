"""What a read costs, counted and not timed: such counts repeat to a per cent.

Instructions are those within the extension, for one access; the interpreter's
own differ from build to build. Lines are the distinct cache lines that one
access touches, the interpreter's included, and compared with ctypes: the price
of a read after a pause. Both by valgrind.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WATCHDOG_S

pytestmark = pytest.mark.skipif(
    shutil.which("valgrind") is None or shutil.which("callgrind_annotate") is None,
    reason="valgrind is not installed",
)

#: What an access may cost in the extension: instructions, as measured in the
#: stripped wheel and a tenth more. Raise one only with a reason in the commit.
INSTRUCTIONS = {
    "row.a": 107,
    "snapshot.refresh()": 105,
    "row.read(out=record)": 345,
    "row.write(snapshot)": 350,
}
#: Cache lines of one field after everything else was thrown out; 64 were
#: counted with a plain build of Python 3.11, where ctypes takes 75.
LINES = 70

PROGRAM = """
import ctypes, os, sys
import shm_runtime
from multiprocessing import sharedctypes
from shm_runtime.bench import records
sixteen, _ = records()
row = shm_runtime.CellSpec(sixteen).create(sys.argv[1])
row.write(sixteen(a=1.5))
snapshot, record = row.snapshot(), sixteen()
class Plain(ctypes.Structure):
    _fields_ = sixteen._fields_
raw = sharedctypes.RawValue(Plain)
room, other = bytearray(3 << 17), bytes(3 << 17)
def work(times):
    for _ in range(times):
        {before}
        {statement}
work(16)
work({times})
row.unlink()
"""


def valgrind(
    name: str, folder: Path, statement: str, times: int, *options: str, before: str = "pass"
) -> tuple[str, Path]:
    out = folder / "callgrind.out"
    program = PROGRAM.format(statement=statement, times=times, before=before)
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *options,
         sys.executable, "-c", program, name],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        env={**os.environ, "SHM_RUNTIME_BACKEND": "native", "PYTHONHASHSEED": "0"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stderr, out


def own_instructions(out: Path) -> int:
    """Those within the extension, called functions of others not included."""
    listed = subprocess.run(
        ["callgrind_annotate", "--threshold=100", str(out)],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        check=True,
    )
    lines = [line for line in listed.stdout.splitlines() if "_native" in line and "[" in line]
    return sum(int(line.split()[0].replace(",", "")) for line in lines)


@pytest.mark.parametrize("statement", INSTRUCTIONS)
def test_an_access_takes_no_more_instructions(statement: str, name: str, tmp_path: Path) -> None:
    few, many = 100, 600
    counts = []
    for times in (few, many):
        _, out = valgrind(name, tmp_path, statement, times)
        counts.append(own_instructions(out))
    each = (counts[1] - counts[0]) / (many - few)
    print(f"{statement}: {each:.1f} instructions")
    assert 10 < each <= INSTRUCTIONS[statement], each


#: One level that counts: what a line costs is that it is not there.
CACHES = ["--cache-sim=yes", "--I1=32768,8,64", "--D1=32768,8,64", "--LL=262144,16,64"]


def lines_of(statement: str, name: str, tmp_path: Path) -> float:
    """Misses of one access after everything else was thrown out of the cache."""
    few, many = 4, 12
    misses = []
    for times in (few, many):
        said, _ = valgrind(name, tmp_path, statement, times, *CACHES, before="room[:] = other")
        found = re.search(r"LL misses:\s+([\d,]+)", said)
        assert found is not None, said
        misses.append(int(found[1].replace(",", "")))
    return (misses[1] - misses[0]) / (many - few)


def test_a_field_touches_few_lines(name: str, tmp_path: Path) -> None:
    empty, field, raw = (lines_of(s, name, tmp_path) for s in ("pass", "row.a", "raw.a"))
    print(f"lines: {field - empty:.0f}, ctypes {raw - empty:.0f}")
    assert field - empty <= min(LINES, raw - empty)
