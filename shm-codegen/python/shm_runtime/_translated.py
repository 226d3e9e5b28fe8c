"""Live records of a segment whose layout is another version's.

Every read copies the whole record as it lies, then turns the copy into what this
version sees of it. That costs more than reading a segment of the same layout, which
pays nothing for this.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from typing import Any, ClassVar

from . import _cell, _columns, _row, _table
from ._backend import native
from ._handle import Handle
from ._live import assigner, described, facts_of, free
from ._row import R
from ._segment import Segment
from ._shape import shape_of
from ._view import View


class Row(_row.Row[R]):
    """A record of another version that another process may write at any moment.

    As with `shm_runtime.Row`, each field is read by itself. What the writer
    does not know is its sentinel, which is ``None`` there, or zeros.
    """

    __slots__ = ()

    _view: ClassVar[View]

    def snapshot(self) -> Any:
        """A private copy of the record, with ``refresh()`` to take it again."""
        return _snapshot_class(self._record)._of(self)

    def _data(self) -> bytearray:
        data = self._shared()
        self._view.complete(data)
        if self._shape.has_bools:
            self._shape.normalise(data)
        return data

    def _shared(self) -> bytearray:
        """What the segment has of the record."""
        if native is None:
            shared: bytearray = self._taken(bytearray)
            return shared
        segment = self._segment
        segment.check_open()
        taken, retries = segment.native.take(segment, self.index, self._size)
        segment.retries += retries
        return bytearray(taken)

    def _filled(self, record: type[R]) -> R:
        return record.from_buffer_copy(self._data())


class Cell(Row[R], Handle):
    """One record of another version that several processes share."""

    __slots__ = ()

    to_numpy: Any = _cell.Cell.to_numpy
    _record_class: Any = _cell.Cell._record_class
    __repr__: Any = _cell.Cell.__repr__


class Table(_table.Table[R, Any, Any]):
    """Numbered records of another version that several processes share."""

    __slots__ = ()

    def __init__(self, segment: Segment, record: type[R], key: str | None, view: View) -> None:
        super().__init__(segment, record, key)
        self._kind = _live_class(Row, record, segment.header.copies, view)

    def to_numpy(self, out: Any = None) -> Any:
        """Every row, each whole, as one structured array: new, or ``out``.

        The rows are read one after the other, so two rows may come from two
        moments. Numbers are as they are stored, in steps of a scale.
        """
        self._segment.check_open()
        made = _columns.room(self._kind._record, len(self), out)
        raw = made.view((_columns.numpy().void, made.dtype.itemsize))
        for number in range(len(self)):
            row: Any = self.row(number)
            raw[number] = bytes(row._data())
        return made


def open_cell(record: Any, segment: Segment, view: View) -> Any:
    """A handle on a mapped cell."""
    return _live_class(Cell, record, segment.header.copies, view)(segment, 0)


@functools.lru_cache(maxsize=256)
def _live_class(base: type[Any], record: Any, copies: int, view: View) -> type[Any]:
    """The subclass of ``base`` that has the fields of ``record``."""
    stored = [name for name, _ in record._fields_ if not name.startswith("_")]
    typed = [name for name, member in vars(record).items() if _is_field(member)]
    facts = facts_of(record)
    members: dict[str, Any] = {}
    for name in (*stored, *typed):
        doc = described(facts[name], name) if name in facts else None
        members[free(name)] = property(_getter(name), assigner(name), doc=doc)
    names = tuple(members)
    size = ctypes.sizeof(record)
    members.update(__slots__=(), __doc__=base.__doc__, __module__=record.__module__)
    members.update(_record=record, _size=view.shared, _shape=shape_of(record), _view=view)
    members.update(_fields=(), _names=names, _mask=2 * copies - 2)
    members["_fill"] = struct.Struct(f"{size}s").pack_into
    return type(f"{record.__name__}{base.__name__}", (base,), members)


def _is_field(member: object) -> bool:
    return isinstance(member, property) and member.fget is not None


def _getter(name: str) -> Any:
    def get(row: Any) -> Any:
        return getattr(row._filled(row._record), name)

    return get


@functools.cache
def _snapshot_class(record: Any) -> Any:
    """The subclass of ``record`` that can be taken again."""
    size = ctypes.sizeof(record)

    class Snapshot(record):  # type: ignore[misc]
        __slots__ = ("_room", "_row")

        @classmethod
        def _of(cls, row: Any) -> Any:
            room = bytearray(size)
            made = cls.from_buffer(room)
            # Past the record's own check: reserved room may have such a name.
            object.__setattr__(made, "_row", row)
            object.__setattr__(made, "_room", memoryview(room))
            made.refresh()
            return made

        def refresh(self) -> None:
            """Takes the record again. After an error every byte of it is 0."""
            try:
                self._room[:] = self._row._data()
            except BaseException:
                self._room[:] = bytes(size)
                raise

        def write(self) -> None:
            """Refused: another version's segment is read alone."""
            self._row.write(self)

        def __reduce__(self) -> Any:
            # A copy of it is bound to nothing.
            return record.from_buffer_copy, (bytes(self),)

    Snapshot.__name__ = Snapshot.__qualname__ = record.__name__
    Snapshot.__module__ = record.__module__
    Snapshot.__doc__ = record.__doc__
    return Snapshot
