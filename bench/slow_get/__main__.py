"""Why a `get()` is slow after a pause: the complaint, its parts, and the remedies.

    python bench/slow_get [--part complaint,ways,helps,latency,attach,lines] [--rounds N] [--pause MS]
    cargo xtask slow-get ...        # the same, with the wheel and what it is compared to

Figures are microseconds, medians, net of an empty interval that is timed in the
same turns. Those of two machines cannot be compared; ratios within one run can.
`docs/slow-get.md` says what they mean.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable

import lines
import valgrind
from conditions import CannotHold, Condition, conditions
from timing import BARE, DECIMAL, fit, hot_ns, lateness_us, summary, timer, turns
from ways import Way, Ways, pure

import shm_runtime
from shm_runtime.bench import records

#: Rows of the table that is attached to; some 20 MiB.
_ROWS = 100_000


class Run:
    """One run's choices and results."""

    def __init__(self, rounds: int, pause_s: float) -> None:
        self.rounds = rounds
        self.pause = Condition(f"sleep of {1e3 * pause_s:g} ms", pause_s)
        self.results: dict[str, Any] = {"machine": machine()}


def main(arguments: list[str]) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="slow_get")
    parser.add_argument("--part", default=",".join(PARTS), metavar="A,B", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=60, metavar="N")
    parser.add_argument("--pause", type=float, default=10.0, metavar="MS")
    parser.add_argument("--json", type=Path, metavar="FILE", help="adds the results to it")
    parser.add_argument("--under-valgrind", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.under_valgrind:
        lines.under_valgrind()
        return
    parts = chosen.part.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    run = Run(chosen.rounds, chosen.pause / 1e3)
    if chosen.json is not None and chosen.json.exists():
        run.results = {**json.loads(chosen.json.read_text()), **run.results}
    print(", ".join(run.results["machine"].values()))
    gc.disable()
    with Ways() as ways:
        for left_out in ways.left_out:
            print(f"left out: {left_out}")
        for part in parts:
            PARTS[part](run, ways)
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(run.results, indent=1) + "\n")


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    return {
        "python": f"Python {platform.python_version()}",
        "kernel": f"Linux {platform.release()}",
        "processors": f"{os.cpu_count()} processors",
        "load": f"load {os.getloadavg()[0]:.1f}",
    }


def complaint(run: Run, ways: Ways) -> None:
    """The complaint as it is made, and taken apart."""
    parts = {
        "as complained: ctypes read between two `Decimal(str(time.time_ns()))`": ("raw.a", DECIMAL),
        "the same with nothing between": ("pass", DECIMAL),
        "ctypes read between two `perf_counter_ns()`": ("raw.a", BARE),
        "the same with nothing between ": ("pass", BARE),
        "our read between two `perf_counter_ns()`": (_best(ways), BARE),
    }
    timers = {
        name: timer(statement, ways.names, run.pause, clock)
        for name, (statement, clock) in parts.items()
    }
    taken: dict[str, list[int]] = {name: [] for name in timers}
    for _ in range(run.rounds):
        for name, once in timers.items():
            taken[name].append(once())
    medians = [summary(times).median for times in taken.values()]
    whole, decimal, ctypes_read, bare, ours = medians
    print(f"\n## The complaint, after a {run.pause.name}\n")
    _table("microseconds", "median", list(zip(parts, medians)))
    print()
    shares = {
        "the Decimal timer, beyond a bare one": decimal - bare,
        "a bare timer": bare,
        "the ctypes read": whole - decimal,
    }
    for name, us in shares.items():
        print(f"- {name}: {us:.1f} us, {100 * us / whole:.0f} %")
    print(f"- the ctypes read by a bare timer: {ctypes_read - bare:.1f} us")
    print(f"- our read by a bare timer: {ours - bare:.1f} us")
    hot = hot_ns(DECIMAL, {"Decimal": Decimal, "time": time})
    print(f"- the Decimal timer in a loop: {hot / 1e3:.2f} us")
    late = lateness_us(run.pause, run.rounds)
    print(f"- not in any of these: the sleep itself ends {late:.0f} us late")
    run.results["complaint"] = {**dict(zip(parts, medians)), "late": late}


def ways_cold(run: Run, ways: Ways) -> None:
    """Each way, hot and after the pause."""
    taken = turns(ways.list, ways.names, run.pause, run.rounds)
    empty = summary(taken.pop("empty"))
    print(f"\n## Each way, hot and after a {run.pause.name}\n")
    print("| | hot, ns | cold, us | p90 |\n|---|---|---|---|")
    print(f"| an empty interval, in no other figure | | {empty.median:.1f} | {empty.p90:.1f} |")
    found = run.results["ways"] = {}
    for way in ways.list:
        cold, hot = summary(taken[way.name], empty.median), hot_ns(way.statement, ways.names)
        found[way.name] = {"hot_ns": hot, "cold_us": cold.median, "p90_us": cold.p90}
        print(f"| {_bold(way)} | {hot:.0f} | {cold.median:.1f} | {cold.p90:.1f} |")


def helps(run: Run, ways: Ways) -> None:
    """What the remedies do, in blocks that take turns."""
    blocks = 5
    chosen = [way for way in ways.list if way.statement in _COMPARED]
    tried = conditions(run.pause.pause_s)
    taken: dict[str, dict[str, list[int]]] = {c.name: {} for c in tried}
    cannot: dict[str, str] = {}
    for _ in range(blocks):
        for condition in tried:
            try:
                found = _held(run, condition, chosen, ways, max(1, run.rounds // blocks))
            except CannotHold as why:
                cannot[condition.name] = str(why)
                continue
            for name, times in found.items():
                taken[condition.name].setdefault(name, []).extend(times)
    print(f"\n## What helps after a {run.pause.name}: medians in us\n")
    print(f"| | an empty interval | {' | '.join(_bold(way) for way in chosen)} |")
    print(f"|---|---|{'---|' * len(chosen)}")
    results = run.results["helps"] = {}
    for condition in tried:
        if condition.name in cannot:
            print(f"| {condition.name} | not here: {cannot[condition.name]} |")
            continue
        block = taken[condition.name]
        empty = summary(block["empty"]).median
        figures = [summary(block[way.name], empty).median for way in chosen]
        results[condition.name] = {"empty": empty, **dict(zip((w.name for w in chosen), figures))}
        print(f"| {condition.name} | {empty:.1f} | {' | '.join(f'{us:.1f}' for us in figures)} |")
    _costs(run, ways)


def latency(run: Run, ways: Ways) -> None:
    """How often `low_latency()` helps: with and without it, in blocks that take turns."""
    print(f"\n## How often `low_latency()` helps after a {run.pause.name}: us, not net\n")
    results = run.results["latency"] = {}
    pairs, rounds = max(2, run.rounds * 2 // 3), 7
    statements = ("raw.a", _best(ways))
    chosen = [way for way in ways.list if way.statement in statements]
    tried = {c.name: c for c in conditions(run.pause.pause_s)}
    without, held = tried[run.pause.name], tried["`low_latency()`"]
    taken: dict[str, list[tuple[float, float]]] = {way.name: [] for way in chosen}
    for _ in range(pairs):
        try:
            blocks = [_held(run, condition, chosen, ways, rounds) for condition in (without, held)]
        except CannotHold as why:
            print(f"left out: {why}")
            return
        for way in chosen:
            first, second = (summary(block[way.name]).median for block in blocks)
            taken[way.name].append((first, second))
    print("| | without | with | ratio: quartiles | halved or better |\n|---|---|---|---|---|")
    for way in chosen:
        found = taken[way.name]
        ratios = sorted(second / first for first, second in found)
        low, middle, high = (ratios[part * (pairs - 1) // 4] for part in (1, 2, 3))
        halved = sum(ratio <= 0.5 for ratio in ratios)
        first, second = (sorted(block)[pairs // 2] for block in zip(*found))
        results[way.name] = {"without": first, "with": second, "ratios": ratios}
        print(
            f"| {_bold(way)} | {first:.1f} | {second:.1f} | {low:.2f} {middle:.2f} {high:.2f} "
            f"| {halved} of {pairs} |"
        )


def _held(
    run: Run, condition: Condition, chosen: list[Way], ways: Ways, rounds: int
) -> dict[str, list[int]]:
    if condition.held is None:
        return turns(chosen, ways.names, condition, rounds)
    with condition.held(ways.names):
        return turns(chosen, ways.names, condition, rounds)


def _costs(run: Run, ways: Ways) -> None:
    """What keeping warm and calling `warm` costs by itself."""
    for which in ("native", "pure"):
        if which not in ways.names:
            continue
        row = ways.names[which]
        warm_ns = hot_ns(f"{which}.warm('a')", ways.names)
        once = timer(f"{which}.warm('a')", ways.names, run.pause)
        cold = summary([once() for _ in range(run.rounds)]).median
        print(f"\n- {which} `row.warm('a')`: {warm_ns:.0f} ns hot, {cold:.1f} us after the pause")
        for every in (0.001, 0.0001):
            with row.keep_warm("a", every=every) as keeper:
                time.sleep(100 * run.pause.pause_s)
                print(f"- {which} `row.keep_warm('a', every={every})`: {keeper}")


def attach(run: Run, ways: Ways) -> None:
    """Opening a table, and its first reads, with and without prefault."""
    print("\n## The first read after attaching: medians in us\n")
    print("| | attach | first `row.a` | one field of each of 1,000 rows |\n|---|---|---|---|")
    results = run.results["attach"] = {}
    packages: dict[str, Any] = {"pure": pure()}
    if shm_runtime.BACKEND == "native":
        packages["native"] = shm_runtime
    _, line = records()
    name = f"shm-slow-get-{os.getpid()}-table"
    spec = shm_runtime.TableSpec(line, _ROWS)
    with spec.create(name) as writer:
        size = len(writer.memory) / 2**20
        for which, package in packages.items():
            for prefault in (False, True):
                taken: list[list[int]] = [[], [], []]
                for _ in range(max(2, run.rounds // 6)):
                    for times, ns in zip(taken, _attach_once(package, line, name, prefault)):
                        times.append(ns)
                figures = [summary(times).median for times in taken]
                label = f"{which}, {size:.0f} MiB{', `prefault=True`' if prefault else ''}"
                results[label] = figures
                print(f"| {label} | {' | '.join(f'{us:.0f}' for us in figures)} |")
        writer.unlink()


def _attach_once(package: Any, line: Any, name: str, prefault: bool) -> tuple[int, int, int]:
    clock = time.perf_counter_ns
    began = clock()
    table = package.TableSpec(line, _ROWS).attach(name, prefault=prefault)
    attached = clock()
    with table:
        row = table[0]
        before = clock()
        row.a  # noqa: B018 - this is what is timed
        first = clock()
        rows = [table[number] for number in range(50, _ROWS, _ROWS // 1000)]
        start = clock()
        for row in rows:
            row.a  # noqa: B018 - as above
        return attached - began, first - before, clock() - start


def count_lines(run: Run, ways: Ways) -> None:
    """Cache lines of each way, beside what it costs after the pause."""
    if not valgrind.is_installed():
        print("\nleft out: counting cache lines: there is no `valgrind`")
        return
    counted = lines.count()
    if "ways" not in run.results:
        ways_cold(run, ways)
    print("\n## Cache lines, and what they cost after the pause\n")
    print("| | lines | cold, us | ns a line |\n|---|---|---|---|")
    points = []
    run.results["lines"] = counted
    for way in ways.list:
        if way.name not in run.results["ways"]:
            continue
        cold, touched = run.results["ways"][way.name]["cold_us"], counted[way.name]
        points.append((touched, cold))
        print(f"| {_bold(way)} | {touched:.0f} | {cold:.1f} | {1e3 * cold / touched:.0f} |")
    slope, start, r2 = fit(points)
    run.results["fit"] = {"ns_a_line": 1e3 * slope, "start_us": start, "r2": r2}
    print(f"\n{1e3 * slope:.0f} ns a line and {start:+.1f} us, R squared {r2:.2f}")


#: What the remedies are tried on.
_COMPARED = ["raw.a", "locked.value", "get_a(address)", "native.a", "pure.a"]
PARTS: dict[str, Callable[[Run, Ways], None]] = {
    "complaint": complaint,
    "ways": ways_cold,
    "helps": helps,
    "latency": latency,
    "attach": attach,
    "lines": count_lines,
}


def _best(ways: Ways) -> str:
    return "native.a" if "native" in ways.names else "pure.a"


def _bold(way: Way) -> str:
    return f"**{way.name}**" if way.ours else way.name


def _table(what: str, unit: str, rows: list[tuple[str, float]]) -> None:
    print(f"| {what} | {unit} |\n|---|---|")
    for name, value in rows:
        print(f"| {name.strip()} | {value:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
