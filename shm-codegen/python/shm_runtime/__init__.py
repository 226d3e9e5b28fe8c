"""Records in shared memory: one writer, any number of readers, nothing torn.

A generated module is the usual way in::

    import market

    with market.quotes.attach(wait=2.0) as quotes:
        print(quotes[17].read())

The pure-Python backend runs on Linux on x86-64, needs only the standard library,
and shares segments with the Rust runtime byte for byte. The wheel of this package
has a native backend, which does the same and is faster. `BACKEND` says which one
is in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._backend import BACKEND
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
    NotValid,
    PermissionDenied,
    ReadOnly,
    Reentered,
    Retired,
    Stalled,
    SystemFailure,
    TooSmall,
    UnknownVersion,
    WriterBusy,
)
from ._foreign import (
    ForeignCell,
    ForeignCellSpec,
    ForeignRow,
    ForeignTable,
    ForeignTableSpec,
)
from ._latency import IdleState, LowLatency, low_latency
from ._open import CellSpec, TableSpec
from ._row import Update
from ._spec import Schema
from ._warm import KeepWarm

if TYPE_CHECKING or BACKEND == "pure":
    from ._cell import Cell
    from ._row import Row
    from ._table import Table
else:
    from ._fast import Cell, Row, Table

__all__ = [
    "BACKEND",
    "AlreadyExists",
    "BadName",
    "Cell",
    "CellSpec",
    "Closed",
    "Error",
    "ForeignCell",
    "ForeignCellSpec",
    "ForeignRow",
    "ForeignTable",
    "ForeignTableSpec",
    "Forked",
    "IdleState",
    "KeepWarm",
    "LayoutMismatch",
    "LowLatency",
    "NoSpace",
    "NoSuchKey",
    "NoSuchRow",
    "NotASegment",
    "NotFound",
    "NotValid",
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
    "TooSmall",
    "UnknownVersion",
    "Update",
    "WriterBusy",
    "low_latency",
    "unlink",
]
