"""What `create` and `attach` take, and refuse."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import market
import pytest

import shm_runtime as shm

SHARED = Path("/dev/shm")


@pytest.mark.parametrize(
    ("mode", "found", "hint"),
    [
        (640, "found 640 (0o1200)", "; hint: write `0o640`"),
        (0o4600, "found 2432 (0o4600)", ""),
        (-1, "found -1 (-0o1)", ""),
    ],
)
def test_a_mode_that_no_file_should_have_is_refused(
    name: str, mode: int, found: str, hint: str
) -> None:
    said = re.escape(f"`mode` takes 0 to 0o777, {found}{hint}") + "$"
    for spec in (market.leader, market.quotes):
        with pytest.raises(ValueError, match=said):
            spec.create(name, mode=mode)
    assert not (SHARED / name).exists()


def test_a_mode_is_a_number(name: str) -> None:
    wrong: Any = "0o640"
    with pytest.raises(TypeError, match="`mode` takes a number such as 0o640, found '0o640'"):
        market.leader.create(name, mode=wrong)


def test_a_wait_that_is_no_time_is_refused(name: str) -> None:
    wrong: Any = "5"
    with pytest.raises(TypeError, match="`wait` takes seconds, found '5'"):
        market.leader.attach(name, wait=wrong)
    for seconds in (-1.0, float("nan")):
        with pytest.raises(ValueError, match=f"`wait` takes seconds from 0 on, found {seconds}"):
            market.leader.attach(name, wait=seconds)
    with pytest.raises(shm.NotFound, match="after 0.01 s"):
        market.leader.attach(name, wait=Fraction(1, 100))  # type: ignore[arg-type]
