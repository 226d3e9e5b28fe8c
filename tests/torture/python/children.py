"""Children: forked, spawned, and left behind."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import time
from pathlib import Path

import torture
from life import COUNT, PATH, still, whole
from role import record_of

import shm_runtime as shm


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
