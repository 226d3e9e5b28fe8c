"""What a read and a write cost here, beside the other ways to share memory.

    python -m shm_runtime.bench [--mode hot|spin|sleep|all] [--rounds N] [--pause MS]
                                [--json FILE]

Every figure is net of an empty interval that is timed the same way. The cases
take turns, so that a busy machine affects all of them alike. The minimum and the
median over the rounds are shown. Figures of two machines cannot be compared;
ratios within one run can. The minima, which other programs disturb least, decide
whether a goal is reached.

``hot`` repeats one access; ``spin`` and ``sleep`` time a single access after that
many milliseconds of other work, or of sleep.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib
import json
import os
import statistics
import sys
import time
from timeit import Timer
from typing import Any, Callable, NamedTuple

from . import BACKEND, CellSpec, TableSpec, _peers
from . import segment_header as _generated
from ._peers import FIELDS, Case

_ROWS = 1000


class Goal(NamedTuple):
    """A ratio of two cases that is to be at most so much."""

    name: str
    of: str
    to: str
    most: float


CASES = [
    Case("empty", "pass"),
    Case("row.a", "row.a"),
    Case("snapshot.refresh()", "snapshot.refresh()"),
    Case("row.read(out=record)", "row.read(out=record)"),
    Case("row.read()", "row.read()"),
    Case("row.a = 1.5", "row.a = 1.5"),
    Case("row.write(a=1.5)", "row.write(a=1.5)"),
    Case("row.write(record)", "row.write(record)"),
    Case("snapshot.write()", "snapshot.write()"),
    # Whether a write waits for the store of a field just before it.
    Case("assigned, row.write(record)", "assign(record, 5); row.write(record)"),
    Case("assigned another, the same", "assign(other, 5); row.write(record)"),
]
#: Where numpy is: a table whose records lie in arrays.
_ARRAYS = Case("arrays.to_numpy(out=rows)", "arrays.to_numpy(out=rows)", 50)
_NATIVE_GOALS = [
    Goal("one field, to ctypes", "row.a", "ctypes RawValue.a", 0.75),
    Goal("one field, to multiprocessing", "row.a", "multiprocessing.Value.value", 1 / 4.5),
    Goal("snapshot, to 16 ctypes reads", "snapshot.refresh()", "ctypes, 16 fields", 1 / 40),
    Goal("read(out), to 16 ctypes reads", "row.read(out=record)", "ctypes, 16 fields", 1 / 12),
    Goal("read(), to from_buffer_copy", "row.read()", "ctypes from_buffer_copy", 1.0),
    Goal("write of one field, to ctypes", "row.a = 1.5", "ctypes RawValue.a = 1.5", 1.2),
    Goal("snapshot.write(), to its refresh", "snapshot.write()", "snapshot.refresh()", 2.0),
    Goal("row.write(record), to the same", "row.write(record)", "snapshot.refresh()", 2.0),
    Goal(
        "1,000 rows, to a raw copy", "table.to_numpy(out=rows)", "numpy copy of as many bytes", 3.0
    ),
    Goal("in arrays, to a raw copy", _ARRAYS.name, "numpy copy of as many bytes", 3.0),
]
_PURE_GOALS = [
    Goal("one field, to that by hand", "row.a", "pure Python by hand, a field", 1.2),
    Goal("snapshot, to that by hand", "snapshot.refresh()", "pure Python by hand, a record", 1.2),
]
GOALS = _NATIVE_GOALS if BACKEND == "native" else _PURE_GOALS
#: Of a single access after a pause.
COLD_GOALS = [Goal("one field, to ctypes", "row.a", "ctypes RawValue.a", 0.5)]
if BACKEND == "pure":
    COLD_GOALS = _PURE_GOALS


def main(arguments: list[str] | None = None) -> None:
    """Prints the comparison."""
    parser = argparse.ArgumentParser(prog="python -m shm_runtime.bench")
    parser.add_argument("--mode", choices=["hot", "spin", "sleep", "all"], default="all")
    parser.add_argument("--rounds", type=int, default=100, metavar="N")
    parser.add_argument("--pause", type=float, default=10.0, metavar="MS")
    parser.add_argument("--json", metavar="FILE", help="also writes the figures there")
    chosen = parser.parse_args(arguments)
    pause_s = chosen.pause / 1000
    version = ".".join(map(str, sys.version_info[:3]))
    figures: dict[str, Any] = {"python": version, "backend": BACKEND, "modes": {}}
    print(f"{BACKEND} backend, Python {version}, {os.cpu_count()} processors")
    with _Place() as place:
        for mode, pause in (("hot", None), ("spin", _spin), ("sleep", time.sleep)):
            if chosen.mode not in (mode, "all"):
                continue
            print(f"\n{mode}: ns, net of an empty interval, {chosen.rounds} rounds")
            timers = [_timer(case, place.names, pause, pause_s) for case in place.cases]
            goals = GOALS if pause is None else COLD_GOALS
            taken = _turns(timers, chosen.rounds)
            figures["modes"][mode] = _report(place.cases, taken, goals)
    if chosen.json is not None:
        with open(chosen.json, "w", encoding="utf-8") as file:
            json.dump(figures, file, indent=1)


def records() -> tuple[Any, Any]:
    """A record of 16 numbers and one of 64 bytes, as the generator would write them."""
    kinds = [("f64", ctypes.c_double)] * 4 + [("u64", ctypes.c_uint64)] * 4
    sixteen = _record("Sixteen", list(zip(FIELDS, kinds + kinds)))
    return sixteen, _record("Line", list(zip(FIELDS, kinds)))


def _record(name: str, fields: list[tuple[str, tuple[str, Any]]]) -> Any:
    lines = [f"{field} {code} @{8 * at} +8\n" for at, (field, (code, _)) in enumerate(fields)]
    layout = f"shm-layout/1\nstruct {name} {8 * len(fields)} 8\n{''.join(lines)}"
    kind: Any = type(_generated._Record)
    made = kind(
        name,
        (_generated._Record,),
        {
            "__slots__": (),
            "_fields_": [(field, kind) for field, (_, kind) in fields],
            "SIZE": 8 * len(fields),
            "ALIGN": 8,
            "FINGERPRINT": hashlib.sha256(layout.encode()).hexdigest(),
            "LAYOUT": layout,
            "FIELDS": {
                field: _generated._Field(code, (), 8 * at, 8, field, field)
                for at, (field, (code, _)) in enumerate(fields)
            },
            "dtype": staticmethod(lambda: _dtype(fields)),
        },
    )
    return _generated._checked(made)


def _dtype(fields: list[tuple[str, tuple[str, Any]]]) -> Any:
    formats = [(field, f"<{code[0]}8") for field, (code, _) in fields]
    return importlib.import_module("numpy").dtype(formats)


class _Place:
    """Everything that the cases need, for as long as the block."""

    def __init__(self) -> None:
        sixteen, line = records()
        name = f"shm-bench-{os.getpid()}"
        self._cell = CellSpec(sixteen).create(name)
        self._table = TableSpec(line, _ROWS).create(f"{name}.table")
        self._arrays = TableSpec(line, _ROWS, order="arrays").create(f"{name}.arrays")
        self._cell.write(sixteen(a=1.5))
        self.cases = [*CASES]
        self.names: dict[str, Any] = {
            "row": self._cell,
            "record": sixteen(),
            "other": sixteen(),
            "assign": sixteen.p.__set__,
            "snapshot": self._cell.snapshot(),
            "table": self._table,
            "arrays": self._arrays,
        }
        self._hand = self.names["hand"] = _peers.Hand(self._cell, sixteen())
        for cases, names in (
            _peers.plain(sixteen._fields_),
            _peers.with_numpy(line.dtype, _ROWS),
            _peers.with_cffi(),
            _peers.with_cython(),
        ):
            self.cases += cases
            self.names.update(names)
        if "rows" in self.names:
            self.cases.append(_ARRAYS)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self._hand.release()
        for handle in (self._cell, self._table, self._arrays):
            handle.unlink()
            handle.close()


def _timer(
    case: Case, names: dict[str, Any], pause: Callable[[float], None] | None, pause_s: float
) -> Callable[[], float]:
    """What times the case once, in nanoseconds for one access."""
    timer = Timer(case.statement, globals=names, timer=time.perf_counter_ns)
    if pause is None:
        return lambda: timer.timeit(case.times) / case.times

    def once() -> float:
        pause(pause_s)
        return timer.timeit(1)

    return once


def _turns(timers: list[Callable[[], float]], rounds: int) -> list[list[float]]:
    taken: list[list[float]] = [[] for _ in timers]
    for _ in range(rounds):
        for timer, times in zip(timers, taken):
            times.append(timer())
    return taken


def _report(cases: list[Case], taken: list[list[float]], goals: list[Goal]) -> dict[str, Any]:
    """Prints the figures of one mode and returns them."""
    empty = min(taken[0]), statistics.median(taken[0])
    least: dict[str, float] = {}
    middle: dict[str, float] = {}
    figures: dict[str, list[dict[str, Any]]] = {"cases": [], "goals": []}
    print(f"{'':32} {'minimum':>10} {'median':>10}")
    for case, times in zip(cases, taken):
        net = case.name != "empty"
        minimum = least[case.name] = min(times) - net * empty[0]
        median = middle[case.name] = statistics.median(times) - net * empty[1]
        p99 = sorted(times)[round(0.99 * (len(times) - 1))] - net * empty[1]
        print(f"{case.name:32} {minimum:10.1f} {median:10.1f}")
        of = {"minimum": minimum, "median": median, "p99": p99, "samples": len(times)}
        figures["cases"].append({"name": case.name, **of})
    print(f"{'ratio':32} {'minimum':>10} {'median':>10} {'goal':>8}  reached")
    for goal in goals:
        if goal.of in least and goal.to in least:
            first = least[goal.of] / max(least[goal.to], 0.1)
            second = middle[goal.of] / max(middle[goal.to], 0.1)
            reached = "yes" if first <= goal.most else "no"
            print(f"{goal.name:32} {first:10.3f} {second:10.3f} {goal.most:8.3f}  {reached}")
            figures["goals"].append({**goal._asdict(), "ratio": first, "reached": reached == "yes"})
    return figures


def _spin(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        pass


if __name__ == "__main__":
    main()
