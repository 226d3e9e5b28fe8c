"""A private copy of a record, bound to where it came from."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

from ._latch import is_whole
from ._shape import shape_of

_ALL = slice(None)


@functools.cache
def snapshot_class(record: type[ctypes.Structure], copies: int) -> Any:
    """The subclass of ``record`` that can be taken again."""
    shape = shape_of(record)
    has_bools, bools, runs = shape.has_bools, shape.bools, shape.bool_runs
    size = ctypes.sizeof(record)
    mask = 2 * copies - 2

    class Snapshot(record):  # type: ignore[misc, valid-type]
        __slots__ = ("_copies", "_row", "_seq", "_target")

        @classmethod
        def _of(cls, row: Any) -> Any:
            # A buffer of our own, so that its one view can be made here.
            room = bytearray(size)
            made = cls.from_buffer(room)
            # Past the record's own check: reserved room may have such a name.
            put = object.__setattr__
            put(made, "_row", row)
            put(made, "_seq", row._seq)
            put(made, "_copies", row._copies())
            put(made, "_target", memoryview(room))
            made.refresh()
            return made

        def refresh(self) -> None:
            """Takes the record again. After an error every byte of it is 0."""
            target = self._target
            try:
                seq = self._seq
                first = seq[0]
                target[_ALL] = self._copies[first & mask]
                # `is_whole`, the common case written out.
                if first >= 0 and (seq[0] == first or is_whole(first, seq[0], copies)):
                    if has_bools:
                        # `shape.normalise`, for the same reason.
                        for at in bools:
                            if target[at] > 1:  # noqa: PLR1730
                                target[at] = 1
                        if runs:
                            shape.normalise(target)
                    return
                self._row._segment.retries += first >= 0
            except ValueError:
                # Closed; `_data` will say so.
                pass
            row = self._row
            try:
                target[_ALL] = row._data()
            except BaseException:
                target[_ALL] = bytes(size)
                raise

        def write(self) -> None:
            """Publishes this copy as the record that its row holds next."""
            self._row.write(self)

        def __reduce__(self) -> Any:
            # A copy of it is bound to nothing.
            return record.from_buffer_copy, (bytes(self),)

    Snapshot.__name__ = Snapshot.__qualname__ = record.__name__
    Snapshot.__module__ = record.__module__
    Snapshot.__doc__ = record.__doc__
    return Snapshot
