"""Records in shared memory: one writer, any number of readers, nothing torn.

A generated module is the usual way in::

    import market

    with market.quotes.attach(wait=2.0) as quotes:
        print(quotes[17].read())

This is the pure-Python backend. It runs on Linux on x86-64, needs nothing
but the standard library, and speaks to the Rust runtime byte for byte.
"""

from __future__ import annotations

import platform
import sys

if sys.platform != "linux" or platform.machine() not in ("x86_64", "AMD64"):
    raise ImportError(
        "the pure-Python backend of shm_runtime relies on the memory order of x86-64 and on Linux, "
        f"found {platform.machine()} and {sys.platform}; hint: install the `shm_runtime` wheel there"
    )

from ._cell import Cell
from ._create import unlink
from ._errors import (
    AlreadyExists,
    BadName,
    Closed,
    Error,
    Forked,
    LayoutMismatch,
    NoSpace,
    NoSuchKey,
    NoSuchRow,
    NotASegment,
    NotFound,
    PermissionDenied,
    ReadOnly,
    Reentered,
    Retired,
    Stalled,
    SystemFailure,
    UnknownVersion,
    WriterBusy,
)
from ._open import CellSpec, TableSpec
from ._row import Row, Update
from ._spec import Schema
from ._table import Table

#: Which implementation this is: ``pure``, or ``native`` for the wheel.
BACKEND = "pure"

__all__ = [
    "BACKEND",
    "AlreadyExists",
    "BadName",
    "Cell",
    "CellSpec",
    "Closed",
    "Error",
    "Forked",
    "LayoutMismatch",
    "NoSpace",
    "NoSuchKey",
    "NoSuchRow",
    "NotASegment",
    "NotFound",
    "PermissionDenied",
    "ReadOnly",
    "Reentered",
    "Retired",
    "Row",
    "Schema",
    "Stalled",
    "SystemFailure",
    "Table",
    "TableSpec",
    "UnknownVersion",
    "Update",
    "WriterBusy",
    "unlink",
]
