"""Writers that never pause, one child each: ``fork-write WHICH PLACE`` makes one.

A child costs a fork and no start of an interpreter, so thousands can be killed.
"""

from __future__ import annotations

import os
import sys

from role import CELLS, TABLES, place, record_of, say, word


def write(which: str, where: str) -> None:
    """Says its pid and the version it found; writes until it is killed."""
    with CELLS[which].create(place(where), exist_ok=True) as cell:
        version = cell.version
        say(os.getpid(), version)
        while True:
            version += 1
            cell.write(record_of(which, version))


def write_rows(which: str, where: str) -> None:
    """Says its pid and the version it found; writes each row in turn until it is killed."""
    with TABLES[which].create(place(where), exist_ok=True) as table:
        say(os.getpid(), table[0].version)
        while True:
            for row in table:
                row.write(record_of(which, row.version + 1))


def create(which: str, where: str) -> None:
    """Creates and unlinks until it is killed."""
    say(os.getpid(), 0)
    while True:
        with CELLS[which].create(place(where)) as cell:
            cell.unlink()


def main() -> None:
    roles = {"fork-write": write, "fork-write-rows": write_rows, "fork-create": create}
    for line in sys.stdin:
        what, which, where = line.split()
        pid = os.fork()
        if pid == 0:
            try:
                roles[what](which, where)
            except BaseException as error:
                say("failed", word(error))
            finally:
                os._exit(1)
        os.waitpid(pid, 0)
        say("ended")


main()
