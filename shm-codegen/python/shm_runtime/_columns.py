"""Records as numpy arrays."""

from __future__ import annotations

import ctypes
import functools
import importlib
from typing import Any

from . import _latch
from ._errors import Stalled
from ._latch import RETIRED, TRIES
from ._segment import Segment
from ._shape import shape_of


def numpy() -> Any:
    """The module, if it is installed; its types are not ours to demand."""
    return importlib.import_module("numpy")


@functools.cache
def dtype_of(record: type[Any]) -> Any:
    """The record's dtype."""
    return record.dtype()


def record(kind: type[ctypes.Structure], data: bytearray) -> Any:
    """One record, without dimensions."""
    return numpy().frombuffer(data, dtype=dtype_of(kind)).reshape(())


def room(kind: type[ctypes.Structure], rows: int, out: Any) -> Any:
    """``out``, or a new array, for so many records."""
    dtype = dtype_of(kind)
    if out is None:
        return numpy().empty(rows, dtype)
    if not isinstance(out, numpy().ndarray) or not (
        out.dtype == dtype and out.shape == (rows,) and out.flags.c_contiguous
    ):
        raise TypeError(f"expected a contiguous array of {rows} records of this dtype")
    return out


class Columns:
    """Every row of a table, seen as arrays over the mapping."""

    __slots__ = ("__weakref__", "_copies", "_numbers", "_record", "_segment", "_seq")

    def __init__(self, segment: Segment, kind: type[ctypes.Structure]) -> None:
        np = numpy()
        header = segment.header
        base = np.frombuffer(segment.bytes, dtype=np.uint8)
        self._segment = segment
        self._record = kind
        self._seq: Any
        self._copies: Any
        self._numbers = np.arange(header.rows)
        self._seq = np.ndarray(
            (header.rows,), np.uint64, base, header.records_offset, (header.stride,)
        )
        self._copies = np.ndarray(
            (header.rows, header.copies),
            np.dtype((np.void, header.record_size)),
            base,
            header.copies_offset,
            (header.copy_stride, header.copy_distance),
        )
        segment.hold(self)

    def read(self, out: Any) -> Any:
        """Each row whole; two rows may come from two moments."""
        np, segment = numpy(), self._segment
        segment.check_open()
        rows = segment.header.rows
        out = room(self._record, rows, out)
        target = out.view(self._copies.dtype)
        left = self._take(target, self._numbers)
        for _ in range(TRIES):
            if not len(left):
                break
            segment.retries += len(left)
            left = self._take(target, left)
        else:
            raise Stalled(
                f"no whole row {left[0]} of `{segment.place.name}` in {TRIES} tries", TRIES
            )
        shape = shape_of(self._record)
        if shape.has_bools:
            raw = out.view(np.uint8).reshape(rows, -1)
            for run in (*shape.bools, *shape.bool_runs):
                np.minimum(raw[:, run], 1, out=raw[:, run])
        return out

    def _take(self, target: Any, rows: Any) -> Any:
        """Copies those rows; gives back those that were not whole."""
        np, copies = numpy(), self._segment.header.copies
        everything = len(rows) == len(self._numbers)
        first = self._seq.copy() if everything else self._seq[rows]
        if (first >= np.uint64(RETIRED)).any():
            raise _latch.retired(self._segment)
        # An index array makes numpy read row after row, copy after copy: each
        # row's bytes after its word, and the second look after all of them.
        which = (first >> np.uint64(1)) & np.uint64(copies - 1)
        taken = self._copies[rows, which.astype(np.intp)]
        second = self._seq if everything else self._seq[rows]
        whole = second - (first & ~np.uint64(1)) < np.uint64(2 * copies - 1)
        if whole.all():
            target[... if everything else rows] = taken
            return rows[:0]
        target[rows[whole]] = taken[whole]
        return rows[~whole]

    def _release(self) -> None:
        self._seq = self._copies = None
