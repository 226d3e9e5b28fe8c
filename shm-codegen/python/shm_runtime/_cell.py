"""A segment of one record."""

from __future__ import annotations

from typing import Any

from . import _columns
from ._handle import Handle
from ._live import live_class
from ._row import R, Row, full_name, state_of
from ._segment import Segment


class Cell(Handle, Row[R]):
    """One record that several processes share.

    The fields of the record are properties: each reads its field by itself.
    One whose name is already used here, such as ``version``, gets an underscore.
    """

    __slots__ = ()

    def to_numpy(self) -> Any:
        """The whole record as a structured array without dimensions."""
        return _columns.record(self._record, self._data())

    def _record_class(self) -> Any:
        return self._record

    def __repr__(self) -> str:
        state = "" if self._segment.closed else f", {state_of(self)}"
        return _shown(self, f"cell of {full_name(self._record)}{state}")


def open_cell(record: Any, segment: Segment) -> Any:
    """A handle on a mapped cell."""
    return live_class(Cell, record, segment.header.copies)(segment, 0)


def _shown(handle: Handle, what: str) -> str:
    segment = handle._segment
    state = "closed" if segment.closed else "writer" if segment.lock.held else "reader"
    return f"<{state} of {segment.place.name!r}, a {what}>"
