"""What a part of a Python program does, counted by valgrind and not timed.

Such counts repeat to about one in a hundred, which nanoseconds do not. The
program says where parts begin and end, see `access`. What it touches that is
not there is counted with one level of cache: one for code that holds next to
nothing, as no data would drive code out of it, and one for data that an access
fits into and that `EVICT` fills with something else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

#: A statement before an access that leaves nothing of it in the cache.
EVICT = "room[:] = other"
#: Of what that copies; more than the cache holds.
_BYTES = 3 << 17

_OPTIONS = [
    "--tool=callgrind", "--cache-sim=yes", "--I1=128,1,64", "--D1=32768,8,64",
    "--LL=262144,16,64", "--compress-strings=no", "--compress-pos=no",
    "--dump-before=getpgid", "--dump-before=__getpgid",
]  # fmt: skip


class Counted(NamedTuple):
    """What valgrind saw in a part."""

    #: By the file that they lie in.
    instructions: dict[str, int]
    #: Cache lines that were not there, of code and of data.
    lines: int

    def within(self, file: str) -> int:
        """Instructions in the files whose path has that in it."""
        return sum(count for name, count in self.instructions.items() if file in name)


def is_installed() -> bool:
    """Whether there is a valgrind to count with."""
    return shutil.which("valgrind") is not None


def access(statement: str, names: dict[str, Any], times: int, before: str = "pass") -> None:
    """Runs the statement so often, as a part: for the program that is counted."""
    scope = {**names, "room": bytearray(_BYTES), "other": bytes(_BYTES)}
    exec(f"def work(times):\n for _ in range(times):\n  {before}\n  {statement}", scope)
    work = scope["work"]
    work(16)
    # valgrind writes down what it has counted when a process group is asked
    # for, which nothing else here does.
    mark = os.getpgid
    mark(0)
    work(times)
    mark(0)


def count(command: list[str], timeout_s: float | None = None) -> tuple[list[Counted], str]:
    """Runs a program; what it did in each part, and what it printed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "callgrind.out")
        done = subprocess.run(
            ["valgrind", f"--callgrind-out-file={out}", *_OPTIONS, *command],
            capture_output=True, text=True, check=False,
            timeout=timeout_s, env={**os.environ, "PYTHONHASHSEED": "0"},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"valgrind failed: {done.stderr}")
        # One is written at each mark: what came before the part, and the part.
        written = len(list(out.parent.glob("callgrind.out.*")))
        parts = range(2, written + 1, 2)
        return [_counted(out.with_name(f"{out.name}.{part}")) for part in parts], done.stdout


def _counted(part: Path) -> Counted:
    instructions: dict[str, int] = {}
    events: list[str] = []
    misses, file = None, ""
    lines = iter(part.read_text().splitlines())
    for line in lines:
        key, _, value = line.partition("=")
        if key == "ob":
            file = value
        elif key == "calls":
            # What a call cost inside: it is also said of what was called.
            next(lines)
        elif line.startswith("events:"):
            events = line.split()[1:]
        elif line.startswith(("summary:", "totals:")):
            # Zeros at the end of it are left out.
            totals = dict(zip(events, map(int, line.split()[1:])))
            misses = sum(totals.get(kind, 0) for kind in ("ILmr", "DLmr", "DLmw"))
        elif line[:1].isdigit():
            instructions[file] = instructions.get(file, 0) + int(line.split()[1])
    if misses is None:
        raise RuntimeError(f"valgrind counted nothing in {part.name}")
    return Counted(instructions, misses)
