"""What every check of `lives.py` starts from."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from role import number_of, say

PATH = Path(sys.argv[1])
COUNT = int(sys.argv[2])

_said = time.monotonic()


def still() -> None:
    """Tells now and then that this is not stuck."""
    global _said
    if time.monotonic() - _said > 5:
        _said = time.monotonic()
        say("still")


def whole(cell: Any) -> int:
    """The number of the published record, which must not be torn."""
    number = number_of(cell.read())
    assert number >= 0, "torn"
    return number
