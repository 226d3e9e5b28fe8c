"""Under an interpreter that checks itself: its debug build counts every reference.

Debian's is in the package `python3-dbg`. An extension of the stable ABI is
loaded by it as by any other.
"""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import WATCHDOG_S

import shm_runtime as shm

# What each part leaves behind is counted on the second time, when all that is
# made once is there.
PROGRAM = """
import gc, pickle, sys, threading
import shm_runtime as shm
from shm_runtime.bench import records
assert shm.BACKEND == "native" and hasattr(sys, "gettotalrefcount")
sixteen, line = records()
name = sys.argv[1]
cell = shm.CellSpec(sixteen).create(name)
table = shm.TableSpec(line, 3).create(name + ".table")
snapshot, out = cell.snapshot(), sixteen()

def fields():
    for _ in range(1000):
        cell.a, cell.e, cell.version, cell.age
        cell.a = 1.5
        cell.e = 7

def records_():
    for _ in range(1000):
        snapshot.refresh(); snapshot.write()
        cell.read(); cell.read(out); cell.read(out=out)
        cell.write(out); cell.write(a=2.5, e=1)
        with cell.update() as draft:
            draft.a = 3.5

def methods():
    for _ in range(1000):
        kept = [cell.read, cell.write, cell.read]
        repr(kept); kept[0](); kept[1](a=1.0)

def errors():
    for _ in range(200):
        for bad in (lambda: setattr(cell, "e", -1), lambda: cell.write(e="x"), lambda: cell.q,
                    lambda: cell.read(out=5), lambda: setattr(cell, "version", 1),
                    lambda: type(snapshot)().refresh(), lambda: type(cell.read)()):
            try:
                bad()
            except (AttributeError, OverflowError, TypeError, ValueError):
                pass
            else:
                raise SystemExit("no error")

def rows():
    for _ in range(200):
        found = [table[n] for n in range(3)]
        found[1].a = 1.5
        cycle = [found[0].read, found]
        cycle.append(cycle)
        del found, cycle
        table._recent.clear()
    gc.collect()

def outlived():
    for _ in range(200):
        kept = [table[0].write, table[0].read, table[2].read]
        table._recent.clear()
        kept[0](a=2.5); kept[1](); kept[2]()
        assert kept[0].__self__.write is not kept[0]

def handles():
    for _ in range(20):
        with shm.CellSpec(sixteen).attach(name) as reader:
            held = [reader.snapshot(), reader.read]
        try:
            held[0].refresh()
        except shm.Closed:
            pass
    del reader, held
    gc.collect()

def threads():
    many = [threading.Thread(target=fields) for _ in range(4)]
    for one in many: one.start()
    for one in many: one.join()

left = {}
for part in (fields, records_, methods, errors, rows, outlived, handles, threads):
    for _ in range(3):
        part()
        gc.collect()
        before = sys.gettotalrefcount()
        part()
        gc.collect()
        left[part.__name__] = sys.gettotalrefcount() - before
print(left)
assert all(abs(more) < 20 for more in left.values()), left
table.unlink(); cell.unlink()
"""


def debug_build() -> str:
    """An interpreter that has been built with all its checks."""
    here = f"python3.{sys.version_info.minor}"
    candidates = [os.environ.get("PYTHON_DEBUG", ""), f"{here}d", f"{here}-dbg", "python3d"]
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for name in filter(None, candidates):
        for folder in ["", *folders] if "/" in name else folders:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                return path
    pytest.skip("no debug build of Python is installed; hint: `apt-get install python3-dbg`")


def test_no_reference_is_lost_or_left(name: str) -> None:
    package = Path(shm.__file__).parent
    if not glob.glob(f"{package}/_native*.so"):
        pytest.skip("the extension is not beside the package")
    done = subprocess.run(
        [debug_build(), "-X", "dev", "-W", "error", "-c", PROGRAM, name],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        env={**os.environ, "PYTHONPATH": str(package.parent), "SHM_RUNTIME_BACKEND": "native"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
