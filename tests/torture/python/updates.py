"""Updates that are cut off, by a signal or by an exception."""

from __future__ import annotations

import random
import signal

import torture
from life import COUNT, PATH, still, whole
from role import record_of


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
            still()
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
            still()
        with writer.update() as record:
            record.words[:] = [2] * 512
        assert writer.version == 2 and whole(writer) == 2
        writer.unlink()
    return f"{COUNT} exceptions in the block of an update: 0 published"
