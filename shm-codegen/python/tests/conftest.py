"""Generated modules in a folder of their own, and names that nobody else has."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
#: Schemas of these tests alone.
SCHEMAS = Path(__file__).parent / "schemas"
#: A wait of this many seconds is a failure; nothing here takes a tenth of it.
WATCHDOG_S = 60


def codegen(*arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs the generator: `$SHM_CODEGEN`, or through cargo."""
    given = os.environ.get("SHM_CODEGEN")
    command = [given] if given else shlex.split("cargo run -q -p shm-codegen --")
    done = subprocess.run(
        [*command, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert not check or done.returncode == 0, done.stderr
    return done


_FOLDER = tempfile.TemporaryDirectory(prefix="shm-bindings-")


def pytest_configure() -> None:
    """Generates the modules before any test file imports them."""
    schemas = [ROOT / "schemas" / f"{name}.yaml" for name in ("market", "every_type")]
    schemas += sorted(SCHEMAS.glob("*.yaml"))
    codegen("gen", *schemas, "--python", _FOLDER.name, "--standalone")
    sys.path.insert(0, _FOLDER.name)


def run(*command: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end and gives what it printed."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [str(part) for part in command],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        **options,
    )


def pytest_unconfigure() -> None:
    """Removes them."""
    _FOLDER.cleanup()


@pytest.fixture(scope="session")
def bindings() -> Path:
    """The folder with the modules of our schemas and the runtime."""
    return Path(_FOLDER.name)


def words_of(row: Any) -> memoryview:
    """The words of a row as they lie in the segment: the sequence, the stamp, the copies."""
    segment = row._segment
    first = (segment.header.records_offset + row.index * segment.header.stride) // 8
    words: memoryview = segment.words[first : first + segment.header.stride // 8]
    return words


@pytest.fixture
def name() -> Iterator[str]:
    """A segment's name that no other test has; what is left of it is removed."""
    name = f"shm-test-{uuid.uuid4().hex[:12]}"
    yield name
    for left in Path("/dev/shm").glob(f"{name}*"):
        left.unlink()


@pytest.fixture
def child(bindings: Path) -> Iterator[object]:
    """Starts Python programs that are ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(bindings)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(WATCHDOG_S)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Tells `cargo xtask test` what was skipped, and why."""
    log = os.environ.get("SHM_SKIPS")
    if report.skipped and log and isinstance(report.longrepr, tuple):
        with open(log, "a", encoding="utf-8") as skips:
            skips.write(f"{report.nodeid}: {report.longrepr[2]}\n")
