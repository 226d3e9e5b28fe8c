"""How many cache lines an access touches, counted by valgrind."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ways import Ways

#: Accesses of one count.
_TIMES = 8
#: One level that counts: what a line costs is that it is not there. The one
#: for code holds next to nothing, as no data would drive code out of it.
_OPTIONS = [
    "--tool=callgrind", "--cache-sim=yes", "--I1=128,1,64", "--D1=32768,8,64",
    "--LL=262144,16,64", "--compress-strings=no", "--compress-pos=no",
    "--dump-before=getpgid", "--dump-before=__getpgid",
]  # fmt: skip


def count() -> dict[str, float]:
    """Lines of one access of each way, net of an empty one, by name."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "callgrind.out")
        done = subprocess.run(
            ["valgrind", f"--callgrind-out-file={out}", *_OPTIONS, sys.executable,
             str(Path(__file__).parent), "--under-valgrind"],
            capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"valgrind failed: {done.stderr}")
        names = done.stdout.splitlines()
        each = [
            _misses(out.with_name(f"{out.name}.{2 * n}")) / _TIMES for n in range(1, len(names) + 1)
        ]
    return {name: lines - each[0] for name, lines in zip(names, each)}


def under_valgrind() -> None:
    """Makes the accesses, each with nothing in the cache, and prints their names."""
    # valgrind writes down what it has counted when a process group is asked
    # for, which nothing else here does.
    mark = os.getpgid
    with Ways() as ways:
        room, other = bytearray(3 << 17), bytes(3 << 17)
        statements = {"empty": "pass", **{way.name: way.statement for way in ways.list}}
        for statement in statements.values():
            scope = {**ways.names, "room": room, "other": other}
            program = f"def work(times):\n for _ in range(times):\n  room[:] = other\n  {statement}"
            exec(program, scope)
            work = scope["work"]
            work(16)
            mark(0)
            work(_TIMES)
            mark(0)
    print("\n".join(statements))


def _misses(part: Path) -> int:
    events: list[str] = []
    for line in part.read_text().splitlines():
        if line.startswith("events:"):
            events = line.split()[1:]
        elif line.startswith(("summary:", "totals:")):
            # Zeros at the end of it are left out.
            totals = dict(zip(events, map(int, line.split()[1:])))
            return sum(totals.get(kind, 0) for kind in ("ILmr", "DLmr", "DLmw"))
    raise RuntimeError(f"valgrind counted nothing in {part.name}")
