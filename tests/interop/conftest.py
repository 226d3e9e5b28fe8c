"""Generated modules and Rust programs for the tests that cross languages."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(os.environ.get("SHM_PROGRAMS", ROOT / "target" / "release"))
#: A program that hangs is a failure; nothing here takes a tenth of this.
WATCHDOG_S = 120
#: The Python implementations: where the wheel is asked for, both of them.
BACKENDS = ["native", "pure"] if os.environ.get("SHM_RUNTIME_BACKEND") == "native" else ["pure"]


@pytest.fixture(scope="session", autouse=True)
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the generated modules and the runtime beside them."""
    folder = tmp_path_factory.mktemp("bindings")
    schemas = [str(ROOT / "schemas" / name) for name in ("market.yaml", "every_type.yaml")]
    subprocess.run(
        [str(PROGRAMS / "shm-codegen"), "gen", *schemas, "--python", str(folder), "--standalone"],
        check=True,
        timeout=WATCHDOG_S,
    )
    os.environ["PYTHONPATH"] = str(folder)
    for path in (ROOT / "examples" / "market", Path(__file__).parent, folder):
        sys.path.insert(0, str(path))
    return folder


@pytest.fixture
def prefix() -> Iterator[str]:
    """A name that no other test uses; what is left under it is removed."""
    name = f"interop-{uuid.uuid4().hex[:12]}"
    yield name
    for left in Path("/dev/shm").glob(f"{name}*"):
        left.unlink()


def interop(*arguments: str) -> str:
    """Runs the Rust side to its end and returns what it printed."""
    done = subprocess.run(
        [str(PROGRAMS / "shm-interop"), *arguments],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(program: str, name: str, backend: str, *more: str) -> str:
    """Runs a Python program over one backend, and returns what it printed."""
    path = os.pathsep.join([os.environ["PYTHONPATH"], str(Path(__file__).parent)])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, name, *more],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
        env={**os.environ, "PYTHONPATH": path, "SHM_RUNTIME_BACKEND": backend},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Tells `cargo xtask test` what was skipped, and why."""
    log = os.environ.get("SHM_SKIPS")
    if report.skipped and log and isinstance(report.longrepr, tuple):
        with open(log, "a", encoding="utf-8") as skips:
            skips.write(f"{report.nodeid}: {report.longrepr[2]}\n")
