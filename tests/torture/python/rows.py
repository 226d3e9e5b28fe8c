"""Reads whole tables without pause: ``rows.py WHICH PLACE``.

Each line that it gets it answers with ``reads retries stalled slowest last``, the
slowest read of a table in microseconds. Ends with its input.
"""

from __future__ import annotations

import select
import sys
import time
from typing import Any

from role import TABLES, number_of, place, say

import shm_runtime as shm


def numbers(table: Any) -> list[int]:
    """The number that each row is made of; -1 for one that is torn."""
    try:
        rows = table.to_numpy()
    except ImportError:
        # Not everywhere is numpy.
        return [number_of(row.read()) for row in table]
    words = rows["words"]
    whole = (words == words[:, :1]).all(axis=1)
    return [int(row[0]) if is_whole else -1 for row, is_whole in zip(words, whole)]


def main() -> None:
    which, where = sys.argv[1:]
    table = TABLES[which].attach(place(where), wait=60)
    asked = select.poll()
    asked.register(0, select.POLLIN)
    reads = stalled = slowest = 0
    last = [0] * len(table)
    say("reading")
    while True:
        began = time.perf_counter_ns()
        try:
            found = numbers(table)
        except shm.Stalled:
            stalled += 1
            continue
        slowest = max(slowest, time.perf_counter_ns() - began)
        reads += 1
        for row, number in enumerate(found):
            if number < last[row]:
                say("torn" if number < 0 else f"version {number} of row {row} after {last[row]}")
                sys.exit(1)
        last = found
        if asked.poll(0):
            if not sys.stdin.readline():
                return
            say(reads, table.retries, stalled, slowest // 1000, max(last))


main()
