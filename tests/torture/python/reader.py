"""Reads without pause: ``reader.py WHICH PLACE [careless]``.

Each line that it gets it answers with ``reads retries stalled slowest last``, the
slowest read in microseconds. Ends with its input.
"""

from __future__ import annotations

import select
import sys
import time

from role import CELLS, number_of, place, say

import shm_runtime as shm


def main() -> None:
    which, where, *more = sys.argv[1:]
    careless = more == ["careless"]
    cell = CELLS[which].attach(place(where), wait=60)
    asked = select.poll()
    asked.register(0, select.POLLIN)
    reads = stalled = last = slowest = 0
    say("reading")
    while True:
        for _ in range(20):
            began = time.perf_counter_ns()
            try:
                record = cell.read()
            except shm.Stalled:
                stalled += 1
                continue
            except shm.Retired:
                if not careless:
                    raise
                continue
            slowest = max(slowest, time.perf_counter_ns() - began)
            reads += 1
            if careless:
                continue
            number = number_of(record)
            if number < last:
                say("torn" if number < 0 else f"version {number} after {last}")
                sys.exit(1)
            last = number
        if asked.poll(0):
            if not sys.stdin.readline():
                return
            say(reads, cell.retries, stalled, slowest // 1000, last)


main()
