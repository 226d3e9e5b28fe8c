"""Timing one access, and what is left of many."""

from __future__ import annotations

import statistics
import time
from decimal import Decimal
from typing import Any, Callable, NamedTuple

from conditions import Condition
from ways import Way

#: One access between two looks at a clock. ``before`` and ``statement`` are
#: the same line where the access shall be warm.
_ONCE = """
def once():
    sleep(pause_s)
    {work}
    {before}
    began = {clock}
    {statement}
    ended = {clock}
    return int(ended - began)
"""
BARE = "clock()"
_WORK = """until = perf_counter() + spin_s
    while perf_counter() < until:
        pass"""
#: As those do who find `get` slow.
DECIMAL = "Decimal(str(time.time_ns()))"


class Figure(NamedTuple):
    """Microseconds."""

    minimum: float
    median: float
    p90: float


def timer(
    statement: str, names: dict[str, Any], condition: Condition, clock: str = BARE
) -> Callable[[], int]:
    """What makes the access once, and gives its nanoseconds."""
    scope = {
        **names,
        "Decimal": Decimal,
        "clock": time.perf_counter_ns,
        "pause_s": condition.pause_s,
        "sleep": time.sleep if condition.pause_s else lambda _: None,
        "perf_counter": time.perf_counter,
        "spin_s": condition.spin_s,
        "time": time,
    }
    # Without it the clock is as cold as all else, as it is for those who ask.
    work = _WORK if condition.spin_s else "pass"
    before = statement if condition.warm else "pass"
    exec(_ONCE.format(work=work, before=before, clock=clock, statement=statement), scope)
    once: Callable[[], int] = scope["once"]
    return once


def summary(nanoseconds: list[int], empty: float = 0.0) -> Figure:
    """Of many accesses, net of so many microseconds."""
    ordered = sorted(nanoseconds)
    at = [0, len(ordered) // 2, (9 * len(ordered)) // 10]
    return Figure(*(ordered[index] / 1e3 - empty for index in at))


def hot_ns(statement: str, names: dict[str, Any]) -> float:
    """Nanoseconds of an access among many, net of the loop."""
    scope = {**names, "clock": time.perf_counter_ns, "times": range(2000)}

    def program(line: str) -> Callable[[], int]:
        exec(
            f"def many():\n began = clock()\n for _ in times:\n  {line}\n return clock() - began",
            scope,
        )
        made: Callable[[], int] = scope["many"]
        return made

    empty, full = program("pass"), program(statement)
    turns = [(empty(), full()) for _ in range(60)]
    return (min(f for _, f in turns) - min(e for e, _ in turns)) / len(scope["times"])


def lateness_us(condition: Condition, rounds: int) -> float:
    """How much later than asked for a sleep ends: the median."""
    late = []
    for _ in range(rounds):
        began = time.perf_counter_ns()
        time.sleep(condition.pause_s)
        late.append((time.perf_counter_ns() - began) / 1e3 - 1e6 * condition.pause_s)
    return statistics.median(late)


def fit(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """The straight line through points: slope, intercept and R squared."""
    mean_x = statistics.fmean(x for x, _ in points)
    mean_y = statistics.fmean(y for _, y in points)
    xx = sum((x - mean_x) ** 2 for x, _ in points)
    xy = sum((x - mean_x) * (y - mean_y) for x, y in points)
    yy = sum((y - mean_y) ** 2 for _, y in points)
    slope = xy / xx
    return slope, mean_y - slope * mean_x, xy**2 / (xx * yy)


def turns(
    ways: list[Way], names: dict[str, Any], condition: Condition, rounds: int
) -> dict[str, list[int]]:
    """Lets all ways take turns, an empty one first; nanoseconds by name."""
    timers = {"empty": timer("pass", names, condition)}
    timers.update((way.name, timer(way.statement, names, condition)) for way in ways)
    taken: dict[str, list[int]] = {name: [] for name in timers}
    for _ in range(rounds):
        for name, once in timers.items():
            taken[name].append(once())
    return taken
