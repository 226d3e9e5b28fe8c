"""Records that need no generator, and names that nobody else has."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("SHM_RUNTIME_BACKEND", "native")

#: A wait of this many seconds is a failure.
WATCHDOG_S = 300


@pytest.fixture
def name() -> Iterator[str]:
    """A segment's name that no other test has; what is left of it is removed."""
    name = f"shm-test-{uuid.uuid4().hex[:12]}"
    yield name
    for left in Path("/dev/shm").glob(f"{name}*"):
        left.unlink()


def run(program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a Python program to its end."""
    return subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        env={**os.environ, **environment},
    )


def pytest_runtest_logreport(report: Any) -> None:
    """Tells `cargo xtask test` what was skipped, and why."""
    log = os.environ.get("SHM_SKIPS")
    if report.skipped and log and isinstance(report.longrepr, tuple):
        with open(log, "a", encoding="utf-8") as skips:
            skips.write(f"{report.nodeid}: {report.longrepr[2]}\n")
