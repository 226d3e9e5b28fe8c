"""Rows, cells and tables of the native backend.

The extension has the frequent operations: the fields of a live record, `read`,
`write`, the `refresh` of a snapshot, the copy behind `to_numpy`. Everything else
comes from the functions of the pure backend.
"""

from __future__ import annotations

import ctypes
import enum
import functools
import os
import sys
from typing import Any, Callable, ClassVar, Generic, TypeVar

from . import _cell, _columns, _latch, _row, _table
from ._errors import NotASegment, SystemFailure
from ._handle import Handle
from ._live import assigner, described, facts_of, free
from ._native import Columns, Fields, LiveRecord, bind, live_type, read_field
from ._row import R
from ._segment import Segment
from ._shape import shape_of

_Row = TypeVar("_Row")
_Key = TypeVar("_Key")
#: Bytes of a cache line.
_LINE = 64
_NUMBERS = {
    **dict.fromkeys("BHILQ", "u"),
    **dict.fromkeys("bhilq", "i"),
    **dict.fromkeys("fd", "f"),
}


class Row(LiveRecord, Generic[R]):
    __slots__ = ()
    __doc__ = _row.Row.__doc__

    _record: type[R]
    _fields: ClassVar[Fields]
    _names: ClassVar[tuple[str, ...]]

    def snapshot(self) -> Any:
        header = self._segment.header
        follows = header.copies == 2 and header.copy_distance == header.record_size
        return _snapshot_of(self._record, follows)(self)

    snapshot.__doc__ = _row.Row.snapshot.__doc__

    @property
    def age(self) -> float | None:
        """Seconds since the record was written; ``None`` when it never was.

        Exact to the kernel's tick, some milliseconds. Also ``None`` when the
        writer, in Rust, leaves stamps out.
        """
        stamp = self._stamp
        # A stamp stays when a segment ends; that is told by its version.
        _ = self.version
        return _row.age_of(self._segment, stamp)

    # What the extension leaves to Python: any value that a record takes.
    _write: Any = _row.Row.write
    _check_record: Any = _row.Row._check_record
    update: Any = _row.Row.update
    warm: Any = _row.Row.warm
    keep_warm: Any = _row.Row.keep_warm
    __repr__: Any = _row.Row.__repr__
    __reduce_ex__: Any = _row.Row.__reduce_ex__

    def _filled(self, record: type[R]) -> Any:
        return self.read()


class Cell(Row[R], Handle):  # type: ignore[override]  # the extension sets `_segment`, once
    __slots__ = ()
    __doc__ = _cell.Cell.__doc__

    def to_numpy(self) -> Any:
        """The whole record as a structured array without dimensions."""
        return _columns.record(self._record, bytearray(self.read()))

    _record_class: Any = _cell.Cell._record_class
    __repr__: Any = _cell.Cell.__repr__


class Table(_table.Table[R, _Row, _Key]):
    __slots__ = ()
    __doc__ = _table.Table.__doc__

    def __init__(self, segment: Segment, record: type[R], key: str | None) -> None:
        super().__init__(segment, record, key)
        self._kind = live_class(Row, record)

    def to_numpy(self, out: Any = None) -> Any:
        """Every row, each whole, as one structured array: new, or ``out``.

        The rows are read one after the other, so two rows may come from two
        moments. Numbers are as they are stored, in steps of a scale.
        Other threads run while a large table is copied.
        """
        columns: Any = self._columns
        if columns is None:
            self._segment.check_open()
            dtype = _columns.dtype_of(self._kind._record)
            columns = Columns(self._segment, self._kind._fields, _columns.numpy(), dtype)
            self._columns = columns
        return columns.read(out)


def open_cell(record: Any, segment: Segment) -> Any:
    """A handle on a mapped cell."""
    return live_class(Cell, record)(segment, 0)


@functools.cache
def live_class(base: type[Any], record: Any) -> Any:
    """The subclass of ``base`` (a row or a cell) that has the fields of ``record``."""
    fields = _fields_of(record)
    name = f"{record.__module__}.{record.__name__}{base.__name__}"
    made: Any = live_type(
        name, base, Fields(record, record.SIZE, [*fields.values()], *_runs(record))
    )
    made.__doc__, made._record = base.__doc__, record
    made._names = tuple(sys.intern(name) for name, _ in fields)
    facts = facts_of(record)
    for number, (field, name_in) in enumerate(fields):
        # For `help`, for names that no bytecode spells, and for assignments
        # that the extension leaves to Python.
        get = functools.partial(read_field, number)
        doc = described(facts[name_in], name_in)
        setattr(made, field, property(get, assigner(name_in), doc=doc))
    return made


def _runs(record: Any) -> tuple[list[Any], list[Any]]:
    """The bytes that are bools, and those that are nothing."""
    shape = shape_of(record)
    bools = [slice(at, at + 1, 1) for at in shape.bools] + list(shape.bool_runs)
    gaps = [run for run, _ in shape.gaps]
    return (
        [(run.start, run.stop, run.step or 1) for run in bools],
        [(run.start, run.stop, run.step or 1) for run in gaps],
    )


def _fields_of(record: type[Any]) -> dict[tuple[str, str], Any]:
    """What the extension is told of each field, by its name here and in the record."""
    facts = facts_of(record)
    found: dict[tuple[str, str], Any] = {}

    def add(name: str, kind: str, place: Any, make: Any, limits: Any) -> None:
        own = free(name)
        # A record takes its fields by their own names alone.
        limits = limits if own == name else False
        found[own, name] = (own, kind, place.offset, place.size, make, limits)

    for name, kind in record._fields_:
        if not name.startswith("_"):
            place = getattr(record, name)
            add(name, *_stored(kind, facts[name], name, place))
    for name, member in vars(record).items():
        if isinstance(member, property) and member.fget is not None and name in facts:
            place = getattr(record, facts[name].stored)
            add(name, *_typed(record, name, member.fget, facts[name], place))
    return found


def _stored(kind: Any, field: Any, name: str, place: Any) -> tuple[str, Any, Any, Any]:
    code = getattr(kind, "_type_", None)
    if code is ctypes.c_char:
        return "chars", place, None, False
    if not isinstance(code, str):
        return "block", place, kind, False
    if field.type == "bool":
        return "bool_raw", place, None, None
    limits = field.range if field.attribute == name else None
    return f"{_NUMBERS[code]}{8 * place.size}", place, None, limits


def _typed(
    record: Any, name: str, get: Callable[[Any], Any], field: Any, place: Any
) -> tuple[str, Any, Any, Any]:
    """For a property: what the extension makes of it itself, or the function."""
    if not field.dims and field.scale is None and field.sentinel is None:
        kind = field.type.partition(":")[0]
        if kind == "bool":
            return "bool", place, None, None
        if kind == "str":
            return "text", place, None, None
        if kind == "bytes":
            return "bytes", place, None, False
        member = getattr(record(), name) if ":" not in field.type else None
        if isinstance(member, enum.Enum) and isinstance(member, int):
            code = _NUMBERS[dict(record._fields_)[field.stored]._type_]
            return f"{code}{8 * place.size}", place, type(member), None
    return "call", place, get, False


@functools.cache
def _snapshot_of(record: Any, follows: bool) -> Callable[[Any], Any]:
    """What makes snapshots of live records; ``follows``: in two copies, one behind the other."""

    # A name that nobody knows. What has a slot of the same name could be made a
    # snapshot by its `__class__`, with anything in the slot.
    name = f"_{os.urandom(16).hex()}"

    class Snapshot(record):  # type: ignore[misc]
        __slots__ = (name,)

        def __reduce__(self) -> Any:
            # A copy of it is bound to nothing.
            return record.from_buffer_copy, (bytes(self),)

    Snapshot.__name__ = Snapshot.__qualname__ = record.__name__
    Snapshot.__module__ = record.__module__
    Snapshot.__doc__ = record.__doc__
    slot: Any = vars(Snapshot)[name]
    # `refresh` trusts what is in the slot, so nobody else gets at it.
    delattr(Snapshot, name)
    del Snapshot.__slots__
    bind(Snapshot, slot, follows and not shape_of(record).has_bools)
    size = ctypes.sizeof(record)

    def snapshot(row: Any) -> Any:
        # In a buffer of its own, as ctypes never moves what it does not own,
        # and from a cache line's start on: a copy that crosses a page takes
        # twice as long.
        room = bytearray(size + _LINE - 1)
        start = ctypes.addressof(ctypes.c_char.from_buffer(room))
        made: Any = Snapshot.from_buffer(room, -start % _LINE)
        slot.__set__(made, row)
        made.refresh()
        return made

    return snapshot


def unread(segment: Segment, tries: int, sequence: int) -> Exception:
    """For the extension: the error of a record that could not be read."""
    try:
        segment.check_open()
    except ValueError as error:
        return error
    if not tries:
        return _latch.retired(segment)
    return _latch.stalled(segment, tries, sequence)


def unmapped(why: str, system: bool) -> Exception:
    """For the extension: the error of a file that it does not map."""
    return SystemFailure(why) if system else NotASegment(why)
