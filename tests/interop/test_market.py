"""The market example: every writer with every reader, and one killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import BACKENDS, PROGRAMS, ROOT, WATCHDOG_S

EXAMPLE = ROOT / "examples" / "market"


def _python(program: str) -> dict[str, list[str]]:
    """A program of the example under each backend."""
    command = [sys.executable, str(EXAMPLE / program)]
    return {
        backend: ["env", f"SHM_RUNTIME_BACKEND={backend}", *command] for backend in BACKENDS
    }


WRITERS = {"rust": [str(PROGRAMS / "market-writer")], **_python("writer.py")}
READERS = {"rust": [str(PROGRAMS / "market-reader")], **_python("reader.py")}


def start(command: list[str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def ended(process: subprocess.Popen[str]) -> str:
    try:
        output, _ = process.communicate(timeout=WATCHDOG_S)
    finally:
        process.kill()
    assert process.returncode == 0, output
    return output


def count(output: str, what: str) -> int:
    line = next(line for line in output.splitlines() if line.startswith(what))
    return int(line.split()[1])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_every_writer_with_every_reader(writer: str, reader: str, prefix: str) -> None:
    feed = start(WRITERS[writer], "--prefix", prefix, "--rate", "20000")
    try:
        output = ended(start(READERS[reader], "--prefix", prefix, "--seconds", "2"))
    finally:
        feed.send_signal(signal.SIGINT)
    ended(feed)
    assert count(output, "torn") == 0
    assert count(output, "reads") > 1_000
    assert not list(Path("/dev/shm").glob(f"{prefix}*")), "the writer left its segments"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("writer", WRITERS)
def test_killed_writers_leave_whole_records(writer: str, reader: str, prefix: str) -> None:
    """Ten writers killed one after the other; each continues the table."""
    watcher = start(READERS[reader], "--prefix", prefix, "--seconds", "6", "--wait", "60")
    for seed in range(10):
        feed = start(WRITERS[writer], "--prefix", prefix, "--rate", "50000", "--seed", str(seed))
        assert feed.stdout is not None
        assert feed.stdout.readline().startswith("writing")
        time.sleep(0.05 + seed * 0.007)
        feed.kill()
        feed.wait(WATCHDOG_S)
        feed.stdout.close()
    output = ended(watcher)
    assert count(output, "torn") == 0
    assert count(output, "reads") > 1_000


def test_both_languages_compute_the_same_market(prefix: str) -> None:
    """The same seed gives the same records; only the times differ."""
    import market
    from model import Market

    feed = start(
        WRITERS["rust"], "--prefix", prefix, "--seed", "7", "--rate", "0", "--seconds", "0.1", "--keep"
    )
    ended(feed)
    model = Market(market.INSTRUMENTS, 7)
    with market.quotes.attach(f"{prefix}.quotes") as quotes:
        for number in range(len(model)):
            found = quotes[number].read()
            expected = model.step(number, found.feed_time_raw)
            assert found == expected


def test_a_reader_of_a_stopped_writer_goes_on(prefix: str) -> None:
    feed = start(WRITERS["rust"], "--prefix", prefix)
    assert feed.stdout is not None
    feed.stdout.readline()
    try:
        os.kill(feed.pid, signal.SIGSTOP)
        output = ended(start(READERS[BACKENDS[0]], "--prefix", prefix, "--seconds", "1"))
    finally:
        os.kill(feed.pid, signal.SIGCONT)
        feed.send_signal(signal.SIGINT)
    ended(feed)
    assert count(output, "torn") == 0
    assert "alive" in output
