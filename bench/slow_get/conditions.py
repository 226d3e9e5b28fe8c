"""What happens before an access that is timed: pauses, and what is said to help."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Callable, NamedTuple

import shm_runtime

_MCL_CURRENT_FUTURE = 1 | 2


class Condition(NamedTuple):
    """How the processor is left before the access."""

    name: str
    #: Seconds of sleep.
    pause_s: float
    #: Seconds of work after it.
    spin_s: float = 0.0
    #: Whether the same access was just made.
    warm: bool = False
    #: What holds meanwhile; none: nothing. May say that it cannot.
    held: Callable[[dict[str, Any]], AbstractContextManager[object]] | None = None


class CannotHold(Exception):
    """The machine does not let this be tried."""


def conditions(pause_s: float) -> list[Condition]:
    """The pause by itself, then each remedy."""
    ms = 1e3 * pause_s
    return [
        Condition(f"sleep of {ms:g} ms", pause_s),
        Condition("the same access just before", pause_s, warm=True),
        Condition("`low_latency()`", pause_s, held=_low_latency),
        Condition("`row.keep_warm(every=0.001)`", pause_s, held=_keep_warm(0.001)),
        Condition("`row.keep_warm(every=0.0001)`", pause_s, held=_keep_warm(0.0001)),
        Condition("sleep of 1 ms instead", pause_s / 10),
        Condition("sleep of 0.1 ms instead", pause_s / 100),
        Condition("work instead of sleep", 0.0, spin_s=pause_s),
        Condition("another process keeps a core busy", pause_s, held=_neighbour),
        Condition("work of the same length after the sleep", pause_s, spin_s=pause_s),
        Condition("`gc.freeze()`", pause_s, held=_frozen),
        Condition("`mlockall`", pause_s, held=_locked),
    ]


@contextlib.contextmanager
def _low_latency(_: dict[str, Any]) -> Iterator[None]:
    with shm_runtime.low_latency() as request:
        if not request.held:
            raise CannotHold(str(request))
        yield


def _keep_warm(every: float) -> Callable[[dict[str, Any]], AbstractContextManager[object]]:
    @contextlib.contextmanager
    def held(names: dict[str, Any]) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for which in ("native", "pure"):
                if which in names:
                    stack.enter_context(names[which].keep_warm("a", every=every))
            yield

    return held


@contextlib.contextmanager
def _neighbour(_: dict[str, Any]) -> Iterator[None]:
    program = "import os\nwhile os.getppid() != 1: pass"
    process = subprocess.Popen([sys.executable, "-S", "-c", program])
    try:
        time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _frozen(_: dict[str, Any]) -> Iterator[None]:
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextlib.contextmanager
def _locked(_: dict[str, Any]) -> Iterator[None]:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mlockall(_MCL_CURRENT_FUTURE):
        raise CannotHold(f"mlockall fails with errno {ctypes.get_errno()}; hint: `ulimit -l`")
    try:
        yield
    finally:
        libc.munlockall()
