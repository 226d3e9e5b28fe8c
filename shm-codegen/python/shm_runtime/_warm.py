"""Records that are read from time to time, so that they stay in the caches.

Bytes and code that are not used for some ten milliseconds are gone from the
caches. A read then waits for each of their cache lines.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from types import TracebackType
from typing import Any, final

from ._errors import Error

#: A wait that a change may have to interrupt; a plain sleep costs less.
_LONG_S = 0.01


def warm(row: Any, fields: tuple[str, ...]) -> None:
    """Reads ``fields``, or the whole record and every field, and discards them."""
    if not fields:
        row.read()
    for name in fields or row._names:
        try:
            getattr(row, name)
        except Error:
            raise
        except (ValueError, OverflowError):
            # What is stored there means nothing; its bytes were read.
            pass


@final
class KeepWarm:
    """Reads a record at an interval, for as long as this object lives.

    Use it in a ``with`` block, or keep it until `stop`. It also ends when the
    segment is closed or retired, in a forked child, and with the program. One
    thread reads for all of these objects. ``str`` of it says what it costs.
    """

    __slots__ = (
        "__weakref__",
        "_due",
        "_fields",
        "_row",
        "_started",
        "every",
        "problem",
        "running",
        "seconds",
        "touches",
    )

    def __init__(self, row: Any, fields: tuple[str, ...], every: float) -> None:
        if not 0 < every < threading.TIMEOUT_MAX:
            raise ValueError(f"`every` is a time in seconds above 0, found {every!r}")
        # What cannot be read is the caller's to know.
        warm(row, fields)
        self._row: Any = row
        self._fields = fields
        #: Seconds between two reads.
        self.every = every
        #: How often it was read.
        self.touches = 0
        #: Processor time that this took, the thread's own waking included.
        self.seconds = 0.0
        #: Whether it still reads.
        self.running = True
        #: What ended it, if it did not end by `stop` or `close`.
        self.problem: Exception | None = None
        self._started = time.monotonic()
        self._due = self._started + every
        row._segment.hold(self)
        _THREAD.add(self)

    def stop(self) -> None:
        """Stops reading."""
        self.running = False
        self._row = None
        _THREAD.remove(self)

    def __str__(self) -> str:
        past = time.monotonic() - self._started
        share = 100 * self.seconds / past if past > 0 else 0.0
        return (
            f"read {self.touches} times in {past:.3g} s, every {1e3 * self.every:g} ms; "
            f"that took {1e3 * self.seconds:.3g} ms of a processor, {share:.2g} % of a core"
        )

    def __repr__(self) -> str:
        return f"<{'running' if self.running else 'stopped'}: {self}>"

    def __enter__(self) -> KeepWarm:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _touch(self) -> None:
        row = self._row
        if row is None:
            return
        try:
            warm(row, self._fields)
            self.touches += 1
        except Exception as error:  # noqa: BLE001 - here is nobody to raise it to
            if self.running:
                self.problem = error
            self.stop()

    def _release(self) -> None:
        # The segment is being closed.
        self.stop()


class _Thread:
    """The one thread that reads for all."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._change = threading.Condition()
        self._keepers: weakref.WeakSet[KeepWarm] = weakref.WeakSet()
        self._thread: threading.Thread | None = None

    def add(self, keeper: KeepWarm) -> None:
        with self._change:
            self._keepers.add(keeper)
            if self._thread is None:
                # A daemon, or the program could not end while one is kept.
                self._thread = threading.Thread(
                    target=self._run, name="shm-runtime keep_warm", daemon=True
                )
                self._thread.start()
            self._change.notify()

    def remove(self, keeper: KeepWarm) -> None:
        # The thread finds out when it wakes: this waits for nothing.
        with self._change:
            self._keepers.discard(keeper)

    def end(self) -> None:
        """Ends the thread, so that none runs while the interpreter goes."""
        thread = self._thread
        with self._change:
            for keeper in list(self._keepers):
                keeper.running = False
            self._keepers.clear()
            self._change.notify()
        if thread is not None:
            thread.join()

    def leave(self) -> None:
        """In a forked child, which has no such thread: stops what it had."""
        for keeper in list(self._keepers):
            keeper.running = False
            keeper._row = None
        self.reset()

    def _run(self) -> None:
        spent = time.thread_time()
        while True:
            with self._change:
                keepers = list(self._keepers)
                if not keepers:
                    self._thread = None
                    return
                left = min(keeper._due for keeper in keepers) - time.monotonic()
                if left > 0:
                    # One that nobody else keeps ends while this waits.
                    keepers.clear()
                if left > _LONG_S:
                    self._change.wait(left)
            if 0 < left <= _LONG_S:
                time.sleep(left)
            while keepers:
                keeper = keepers.pop()
                now = time.monotonic()
                if keeper._due <= now:
                    keeper._due = now + keeper.every
                    keeper._touch()
                    before, spent = spent, time.thread_time()
                    keeper.seconds += spent - before
                del keeper


_THREAD = _Thread()
atexit.register(_THREAD.end)
os.register_at_fork(after_in_child=_THREAD.leave)
