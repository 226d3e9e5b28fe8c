"""Handles: views of them, threads that share them, the order they are forgotten in."""

from __future__ import annotations

import gc
import itertools
import os
import random
import threading
from pathlib import Path
from typing import Any, Callable

import torture
from life import COUNT, PATH, still, whole
from role import record_of

import shm_runtime as shm


def views() -> str:
    """`close` under a view is refused and changes nothing."""
    for number in range(1, COUNT + 1):
        cell = torture.page.create(PATH, exist_ok=True)
        cell.write(record_of("page", number))
        view = cell.memory
        try:
            cell.close()
        except BufferError:
            pass
        else:
            raise AssertionError("closed under a view")
        assert bytes(view[:8]) == b"\x89SHMSEG\n" and whole(cell) == number and not cell.closed
        view.release()
        cell.close()
        assert cell.closed
        still()
    shm.unlink(PATH)
    return f"{COUNT} closes under a view: BufferError {COUNT} times, and {COUNT} closes after it"


def forgets() -> str:
    """Handles and what came from them are forgotten in any order."""
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    orders = list(itertools.permutations(range(5)))
    random.Random(1).shuffle(orders)
    for order in itertools.islice(itertools.cycle(orders), COUNT):
        writer = torture.page.create(PATH, exist_ok=True)
        reader = torture.page.attach(PATH)
        things: list[Any] = [writer, reader, reader.snapshot(), reader.memory, writer.memory]
        # A cycle, so that some of it is left to the collector.
        things.append(things)
        del writer, reader
        for at in order:
            things[at] = None
            gc.collect(0)
        del things
        still()
        gc.collect()
    shm.unlink(PATH)
    assert len(os.listdir("/proc/self/fd")) == before, "a descriptor is left"
    assert str(PATH) not in Path("/proc/self/maps").read_text(), "a mapping is left"
    return f"{COUNT} sets of 5 handles and views forgotten in {min(COUNT, 120)} orders: 0 left open"


def threads() -> str:
    """Threads read and write by one handle; it is closed under them."""
    writes = COUNT * 20
    writer = torture.page.create(PATH)
    errors: list[BaseException] = []
    reads = [0] * 4

    def guarded(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except shm.Closed:
                pass
            except BaseException as error:  # handed to the main thread
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(number: int) -> None:
        for _ in range(writes):
            writer.write(record_of("page", number))

    def read(at: int) -> None:
        while True:
            whole(writer)
            reads[at] += 1

    readers = [guarded(lambda at=at: read(at)) for at in range(4)]
    for thread in [guarded(lambda n=n: write(n)) for n in (1, 2)]:
        thread.join()
    assert writer.version == 2 * writes, f"{writer.version} of {2 * writes} writes"
    writer.close()
    for thread in readers:
        thread.join()
    assert not errors, errors
    shm.unlink(PATH)
    return f"{2 * writes} writes of 2 threads beside {sum(reads)} reads of 4: 0 lost, 0 torn"
