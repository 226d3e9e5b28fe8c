"""Ends of readers: whatever way they go, nobody else notices."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from typing import Any, Callable

import torture
from life import COUNT, PATH, still, whole
from role import record_of

import shm_runtime as shm


def endings() -> list[tuple[str, int, Callable[[], Any]]]:
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
