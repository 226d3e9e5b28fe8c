"""What happens in the life of a Python process: ``lives.py PATH COUNT``.

Prints a line for each check with its count, then ``end``; fails at the first
check that does. Only the runtime's public face is used, so any backend will do.
"""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import pickle
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable, List, Tuple

import torture
from role import number_of, record_of, say

import shm_runtime as shm

PATH = Path(sys.argv[1])
COUNT = int(sys.argv[2])


def whole(cell: Any) -> int:
    """The number of the published record, which must not be torn."""
    number = number_of(cell.read())
    assert number >= 0, "torn"
    return number


def endings() -> List[Tuple[str, int, Callable[[], Any]]]:
    """Ways for a process to end with open handles, and the status it ends by."""

    def reader() -> Any:
        cell = torture.page.attach(PATH)
        return cell, cell.read(), cell.snapshot()

    def viewer() -> Any:
        return memoryview(torture.page.attach(PATH).memory)

    def knot() -> Any:
        mine: Any = [torture.page.attach(PATH)]
        mine.append(mine)
        return mine

    def thread() -> Any:
        cell = torture.page.attach(PATH)

        def read() -> None:
            while True:
                cell.read()

        threading.Thread(target=read, daemon=True).start()
        time.sleep(0.001)
        return cell

    def failed() -> Any:
        cells = [torture.page.attach(PATH)]
        for wrong in (torture.line, torture.block, torture.motley):
            try:
                wrong.attach(PATH)
            except shm.LayoutMismatch as error:
                cells.append(error)
        return cells

    def closed() -> Any:
        with torture.page.attach(PATH) as cell:
            whole(cell)
        return cell

    def killed() -> Any:
        cell = torture.page.attach(PATH)
        os.kill(os.getpid(), signal.SIGTERM)
        return cell

    def abrupt() -> Any:
        torture.page.attach(PATH).read()
        os._exit(3)

    return [
        ("reader", 0, reader),
        ("view", 0, viewer),
        ("knot", 0, knot),
        ("daemon thread", 0, thread),
        ("failed attach", 0, failed),
        ("closed", 0, closed),
        ("SIGTERM", -signal.SIGTERM, killed),
        ("os._exit", 3, abrupt),
    ]


def exits() -> str:
    """However a reader ends, nobody else notices, and it ends quietly."""
    with torture.page.create(PATH) as writer:
        writer.write(record_of("page", 1))
        inode = PATH.stat().st_ino
        kinds = endings()
        for number in range(COUNT):
            name, status, live = kinds[number % len(kinds)]
            with tempfile.TemporaryFile() as said:
                pid = os.fork()
                if pid == 0:
                    os.dup2(said.fileno(), 2)
                    globals()["KEPT"] = live()
                    raise SystemExit(0)
                found = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                said.seek(0)
                text = said.read().decode()
            assert found == status, f"{name} ended with {found}: {text}"
            assert not text, f"{name} said {text}"
            assert PATH.stat().st_ino == inode and whole(writer) == 1 and writer.writer_alive
            still()
        writer.unlink()
    return f"{COUNT} readers ended in {len(kinds)} ways with open handles: 0 crashes, 0 segments lost"


def forks() -> str:
    """A forked child reads and does not write; its end frees nothing of its parent's."""
    with torture.page.create(PATH) as writer:
        for number in range(1, COUNT + 1):
            writer.write(record_of("page", number))
            pid = os.fork()
            if pid == 0:
                status = 1
                try:
                    assert whole(writer) == number and writer.writer_alive
                    for attempt in (
                        lambda: writer.write(record_of("page", 0)),
                        lambda: writer.update().__enter__(),
                        writer.unlink,
                    ):
                        try:
                            attempt()
                        except shm.Forked:
                            pass
                        else:
                            raise AssertionError("a forked child wrote")
                    writer.close()
                    status = 0
                finally:
                    os._exit(status)
            assert os.waitpid(pid, 0)[1] == 0
            assert writer.writer_alive and writer.version == number
            still()
        writer.unlink()
    return f"{COUNT} forked children: {3 * COUNT} writes refused, the parent wrote on {COUNT} times"


def orphans() -> str:
    """A child that outlives its parent does not hold the parent's lock."""
    for _ in range(COUNT):
        read, write = os.pipe()
        parent = os.fork()
        if parent == 0:
            writer = torture.page.create(PATH, exist_ok=True)
            writer.write(record_of("page", 1))
            if os.fork() == 0:
                # Its hook has let go of the lock by now; before that the
                # kernel takes the two for one writer.
                os.write(write, str(os.getpid()).encode())
                time.sleep(60)
            os._exit(0)
        os.waitpid(parent, 0)
        child = int(os.read(read, 20))
        os.close(read)
        os.close(write)
        os.kill(child, 0)
        torture.page.create(PATH, exist_ok=True).close()
        os.kill(child, signal.SIGKILL)
        still()
    shm.unlink(PATH)
    return f"{COUNT} writers died before their children: the lock was free {COUNT} times"


def spawned(path: str, number: int) -> bool:
    """Runs in a spawned process."""
    with torture.page.attach(Path(path)) as cell:
        return whole(cell) == number


def spawns() -> str:
    """A spawned process gets a name, not a handle."""
    count = max(COUNT // 50, 2)
    with torture.page.create(PATH) as writer:
        context = multiprocessing.get_context("spawn")
        with context.Pool(2) as pool:
            for number in range(1, count + 1):
                writer.write(record_of("page", number))
                assert pool.apply(spawned, (str(PATH), number))
        try:
            multiprocessing.reduction.ForkingPickler.dumps(writer)
        except (TypeError, pickle.PicklingError):
            pass
        else:
            raise AssertionError("a handle was pickled")
        writer.unlink()
    return f"{count} reads by spawned processes, and no handle is pickled"


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
        things: List[Any] = [writer, reader, reader.snapshot(), reader.memory, writer.memory]
        # A cycle, so that some of it is left to the collector.
        things.append(things)
        del writer, reader
        for at in order:
            things[at] = None
            gc.collect(0)
        del things
        gc.collect()
    shm.unlink(PATH)
    assert len(os.listdir("/proc/self/fd")) == before, "a descriptor is left"
    assert str(PATH) not in Path("/proc/self/maps").read_text(), "a mapping is left"
    return f"{COUNT} sets of 5 handles and views forgotten in {min(COUNT, 120)} orders: 0 left open"


def threads() -> str:
    """Threads read and write by one handle; it is closed under them."""
    writes = COUNT * 20
    writer = torture.page.create(PATH)
    errors: List[BaseException] = []
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


def interrupts() -> str:
    """Ctrl-C at any moment of an update publishes all of it or nothing."""
    armed = False

    def interrupt(*_: object) -> None:
        nonlocal armed
        if armed:
            armed = False
            raise KeyboardInterrupt

    noise = random.Random(2)
    old = signal.signal(signal.SIGALRM, interrupt)
    inside = 0
    with torture.page.create(PATH) as writer, torture.page.attach(PATH) as reader:
        number = 0
        for _ in range(COUNT):
            in_block = False
            try:
                armed = True
                signal.setitimer(signal.ITIMER_REAL, noise.uniform(1e-5, 2e-3))
                while True:
                    before = writer.version
                    with writer.update() as record:
                        in_block = True
                        number += 1
                        for at in range(512):
                            record.words[at] = number
                        in_block = False
            except KeyboardInterrupt:
                pass
            assert whole(reader) == whole(writer)
            if in_block:
                inside += 1
                assert reader.version == before, "an update cut off in its block was published"
        # Whatever the last one left, the next write is whole.
        writer.write(record_of("page", 7))
        assert whole(reader) == 7
        writer.unlink()
    signal.signal(signal.SIGALRM, old)
    return f"{COUNT} interrupts, {inside} of them in the block of an update: 0 torn, 0 half published"


def exceptions() -> str:
    """An exception in the block of an update publishes nothing."""
    with torture.page.create(PATH) as writer:
        writer.write(record_of("page", 1))
        for number in range(COUNT):
            kind = (ValueError, KeyboardInterrupt, SystemExit, GeneratorExit)[number % 4]
            try:
                with writer.update() as record:
                    record.words[number % 512] = 2
                    raise kind
            except kind:
                pass
            assert writer.version == 1 and whole(writer) == 1
        with writer.update() as record:
            record.words[:] = [2] * 512
        assert writer.version == 2 and whole(writer) == 2
        writer.unlink()
    return f"{COUNT} exceptions in the block of an update: 0 published"


_SAID = time.monotonic()


def still() -> None:
    """Tells now and then that this is not stuck."""
    global _SAID
    if time.monotonic() - _SAID > 5:
        _SAID = time.monotonic()
        say("still")


def main() -> None:
    for check in (
        exits,
        forks,
        orphans,
        spawns,
        views,
        forgets,
        threads,
        interrupts,
        exceptions,
    ):
        say(check())
        still()
    say("end")


if __name__ == "__main__":
    main()
