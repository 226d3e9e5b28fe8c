"""Prints what one whole record costs: by Cython, by a snapshot, by `read`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).parent / "generated"))

import market
import quotes

COUNT = 200_000
ROUNDS = 7


def best(work: Callable[[int], object]) -> float:
    """Nanoseconds a read in the fastest of some rounds."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter_ns()
        work(COUNT)
        times.append((time.perf_counter_ns() - began) / COUNT)
    return min(times)


def repeated(read: Callable[[], Any]) -> Callable[[int], object]:
    """A loop of Python around a call."""

    def work(count: int) -> None:
        for _ in range(count):
            read()

    return work


def main() -> None:
    name = f"cython-speed-{os.getpid()}"
    with market.leader.create(name) as cell:
        try:
            cell.write(tick=1)
            snapshot = cell.snapshot()
            print(f"whole records of {market.Quote.SIZE} bytes, ns each, no writer:")
            for what, work in [
                ("Cython, in its loop", lambda count: quotes.ticks(cell, count)),
                ("snapshot.refresh()", repeated(snapshot.refresh)),
                ("cell.read(), ctypes", repeated(cell.read)),
            ]:
                print(f"  {what:20} {best(work):8.1f}")
        finally:
            cell.unlink()


if __name__ == "__main__":
    main()
