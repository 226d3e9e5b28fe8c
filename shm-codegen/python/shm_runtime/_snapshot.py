"""A private copy of a record, bound to where it came from."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

from ._latch import RETIRED, is_whole
from ._shape import shape_of

_ALL = slice(None)


@functools.cache
def snapshot_class(record: type[ctypes.Structure], copies: int) -> Any:
    """The subclass of ``record`` that can be taken again."""
    shape = shape_of(record)
    has_bools = shape.has_bools
    size = ctypes.sizeof(record)
    mask = 2 * copies - 2 | RETIRED

    class Snapshot(record):  # type: ignore[misc, valid-type]
        __slots__ = ("_row", "_target")

        @classmethod
        def _of(cls, row: Any) -> Any:
            # A buffer of our own, so that its one view can be made here.
            room = bytearray(size)
            made = cls.from_buffer(room)
            made._row = row
            made._target = memoryview(room)
            row._copies()
            made.refresh()
            return made

        def refresh(self) -> None:
            """Takes the record again. After an error every byte of it is 0."""
            row, target = self._row, self._target
            try:
                seq = row._seq
                first = seq[0]
                target[_ALL] = row._all_copies[first & mask]
                # `is_whole`, the common case written out.
                if seq[0] == first or is_whole(first, seq[0], copies):
                    if has_bools:
                        shape.normalise(target)
                    return
                row._segment.retries += 1
            except (IndexError, ValueError):
                # Retired, or closed: which, `_data` will say.
                pass
            try:
                target[_ALL] = row._data()
            except BaseException:
                target[_ALL] = bytes(size)
                raise

        def __reduce__(self) -> Any:
            # A copy of it is bound to nothing.
            return record.from_buffer_copy, (bytes(self),)

    Snapshot.__name__ = Snapshot.__qualname__ = record.__name__
    Snapshot.__module__ = record.__module__
    Snapshot.__doc__ = record.__doc__
    return Snapshot
