"""The program that measures reads after a pause, over the wheel."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import WATCHDOG_S

FOLDER = Path(__file__).resolve().parents[2] / "bench/slow_get"


def slow_get(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(FOLDER), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=WATCHDOG_S,
    )


@pytest.mark.parametrize("part", ["complaint", "ways", "helps", "latency", "attach"])
def test_each_part_prints_its_table(part: str, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    done = slow_get("--part", part, "--rounds", 2, "--pause", 1, "--json", results)
    assert done.returncode == 0, done.stderr
    assert "\n## " in done.stdout
    saved: dict[str, Any] = json.loads(results.read_text())
    assert set(saved) == {"machine", part}


def test_a_part_that_is_not_there_is_refused() -> None:
    done = slow_get("--part", "nothing")
    assert done.returncode == 2 and "no part nothing; there are complaint" in done.stderr


def test_it_says_what_it_means() -> None:
    pytest.importorskip("mypy")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent",
         "--ignore-missing-imports", "."],
        cwd=FOLDER, capture_output=True, text=True, timeout=WATCHDOG_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
