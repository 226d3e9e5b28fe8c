"""A private copy of a record, bound to where it came from."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

from ._latch import is_whole, numbered
from ._shape import shape_of

#: How a snapshot is taken again; `numbered` makes a function of it.
_REFRESH = """
def refresh(self):
    \"\"\"Takes the record again. After an error every byte of it is 0.\"\"\"
    target = self._target
    try:
        seq = self._seq
        first = seq[0]
        target[every] = self._copies[first & {mask}]
        # `is_whole`, the common case written out.
        if first >= 0 and (seq[0] == first or is_whole(first, seq[0], {copies})):
            {then}
            return
        self._row._segment.retries += first >= 0
    except ValueError:
        # Closed; `_data` will say so.
        pass
    again(self)
"""
#: What is then left to do: `Shape.normalise`, for the same reason.
_NORMALISE = """
            for at in bools:
                if target[at] > 1:
                    target[at] = 1
            if runs:
                normalise(target)
"""


@functools.cache
def snapshot_class(record: type[ctypes.Structure], copies: int) -> Any:
    """The subclass of ``record`` that can be taken again."""
    shape = shape_of(record)
    size = ctypes.sizeof(record)

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

        refresh: Any = None

        def write(self) -> None:
            """Publishes this copy as the record that its row holds next."""
            self._row.write(self)

        def __reduce__(self) -> Any:
            # A copy of it is bound to nothing.
            return record.from_buffer_copy, (bytes(self),)

    def again(snapshot: Any) -> None:
        target = snapshot._target
        try:
            target[:] = snapshot._row._data()
        except BaseException:
            target[:] = bytes(size)
            raise

    names = {"every": slice(None), "is_whole": is_whole, "again": again}
    names.update(bools=shape.bools, runs=shape.bool_runs, normalise=shape.normalise)
    then = _NORMALISE if shape.has_bools else ""
    Snapshot.refresh = numbered(_REFRESH, names, mask=2 * copies - 2, copies=copies, then=then)
    Snapshot.__name__ = Snapshot.__qualname__ = record.__name__
    Snapshot.__module__ = record.__module__
    Snapshot.__doc__ = record.__doc__
    return Snapshot
