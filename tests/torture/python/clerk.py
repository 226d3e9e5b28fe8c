"""Does one thing a line and says in a word how it went."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from role import CELLS, SEGMENTS, number_of, place, record_of, say, word

import shm_runtime as shm


class Clerk:
    """Holds at most one segment."""

    def __init__(self) -> None:
        self.held: Any = None

    def create(self, which: str, where: str, how: str, at: str = "0") -> str:
        options: dict[str, Any] = {
            "plain": {},
            "go-on": {"exist_ok": True},
            "replace": {"replace": True},
            "shared": {"mode": 0o664},
        }[how]
        wait_until(int(at))
        self.held = CELLS[which].create(place(where), **options)
        return f"won {self.held.version}"

    def attach(self, which: str, where: str) -> str:
        self.held = attached(which, where)
        return "attached"

    def watch(self, which: str, where: str, at: str) -> str:
        """Attaches as soon as there is something; it must be whole."""
        wait_until(int(at))
        while True:
            try:
                with attached(which, where) as cell:
                    return f"saw {number_of(cell.read())}"
            except shm.NotFound:
                pass

    def read(self) -> str:
        return f"read {self.held.version} {number_of(self.held.read())}"

    def write(self, which: str, number: str) -> str:
        self.held.write(record_of(which, int(number)))
        return f"wrote {self.held.version}"

    def linked(self) -> str:
        return "linked" if self.held.linked else "not-linked"

    def unlink(self, where: str) -> str:
        shm.unlink(place(where))
        return "unlinked"

    def drop(self) -> str:
        if self.held is not None:
            self.held.close()
        self.held = None
        return "dropped"

    def judge(self, shape: str, where: str) -> str:
        """What hostile bytes are read as: an error, or a record to the bit."""
        if shape == "table":
            return judge_rows(where)
        with attached("motley", where) as cell:
            record = cell.read()
            # What a program would do next; none of it may fail.
            repr(record), repr(cell), cell.age, cell.writer_alive, cell.snapshot()
            _ = cell.number, cell.ratio, cell.marks, cell.mood, cell.answers
            return f"read {cell.version} {bytes(memoryview(record).cast('B')).hex()}"

    def become(self, uid: str) -> str:
        """Another user from now on."""
        os.setgroups([])
        os.setgid(int(uid))
        os.setuid(int(uid))
        return "became"

    def umask(self, mask: str) -> str:
        os.umask(int(mask, 8))
        return "umask"

    def answer(self, words: list[str]) -> str:
        try:
            said: str = getattr(self, words[0])(*words[1:])
        except Exception as error:
            return word(error)
        return said


def judge_rows(where: str) -> str:
    """The same of every row of a table."""
    with attached("motleys", where) as table:
        said = "read"
        for row in table:
            record = row.read()
            said += f" {row.version} {bytes(memoryview(record).cast('B')).hex()}"
        try:
            table.to_numpy()
        except ImportError:
            # Not everywhere is numpy.
            pass
        return said


def attached(which: str, where: str) -> Any:
    """A reader. Rust does not tell a retired segment from none at all."""
    try:
        return SEGMENTS[which].attach(place(where))
    except shm.Retired:
        raise shm.NotFound from None


def wait_until(at_ns: int) -> None:
    """Until the monotonic clock says so: several start at once."""
    left = at_ns - time.monotonic_ns() - 300_000
    if left > 0:
        time.sleep(left / 1e9)
    while time.monotonic_ns() < at_ns:
        pass


def main() -> None:
    clerk = Clerk()
    for line in sys.stdin:
        say(clerk.answer(line.split()))


main()
