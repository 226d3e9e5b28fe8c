"""How many cache lines an access touches."""

from __future__ import annotations

import sys
from pathlib import Path

import valgrind
from ways import Ways

#: Accesses of one count.
_TIMES = 8


def count() -> dict[str, float]:
    """Lines of one access of each way, net of an empty one, by name."""
    command = [sys.executable, str(Path(__file__).parent), "--under-valgrind"]
    parts, names = valgrind.count(command)
    each = [part.lines / _TIMES for part in parts]
    return {name: lines - each[0] for name, lines in zip(names.splitlines(), each)}


def under_valgrind() -> None:
    """Makes the accesses, each with nothing in the cache, and prints their names."""
    with Ways() as ways:
        statements = {"empty": "pass", **{way.name: way.statement for way in ways.list}}
        for statement in statements.values():
            valgrind.access(statement, ways.names, _TIMES, valgrind.EVICT)
    print("\n".join(statements))
