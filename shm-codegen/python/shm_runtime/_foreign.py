"""Records in memory that another program makes.

Such memory has no header, no latch and one copy of each record. The schema says
where it lies, and how its program tells a whole record from a torn one. It is
mapped read-only and never written. What only a header could say is missing: a
record's version and age, and whether its writer lives.

Python code reads it under both backends. CPython adds no fences, so a rule holds
only where the processor keeps loads in order, as x86-64 does. Elsewhere only
memory without a rule can be attached to. `docs/foreign.md` says why the rules are
right, and what they assume of the program.
"""

from __future__ import annotations

import ctypes
import functools
import platform
import time
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Generic, TypeVar
from weakref import WeakSet

from . import _columns
from ._errors import NoSuchKey, NoSuchRow, NotValid, Stalled, SystemFailure
from ._foreign_memory import Memory, Place, named, open_memory
from ._live import Scalar, _field, free
from ._row import R, full_name
from ._segment import Bound
from ._shape import shape_of

_Row = TypeVar("_Row")
_Self = TypeVar("_Self", bound="_Handle")

#: Tries without a pause: longer than most writes take.
SPINS = 1_000
#: Tries after that, each with a pause before it: a writer that was interrupted
#: in the middle of a write comes back within some of them.
NAPS = 2_000
#: The pause in seconds. With what the kernel adds, all take a third of one.
NAP = 0.0001

#: A rule, and the fields that it looks at.
Sync = tuple[str, ...]
_ALL = slice(None)
#: What no take gives: the numbers say that the record was changing.
_MET = object()

#: What a segment of ours has, and why this has not.
_ABSENT = {
    "age": "its program keeps no stamps that are known",
    "create": "it is made by its program",
    "linked": "it is removed by its program",
    "memory": "what would be read of it might be torn",
    "unlink": "it is removed by its program",
    "update": "it is only read",
    "version": "its program counts no versions that are known",
    "write": "it is only read",
    "writer_alive": "its program takes no lock",
}


class _Absent(Bound):
    __slots__ = ()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            why = _ABSENT.get(name)
            if why is None:
                raise AttributeError(f"`{type(self).__name__}` has no attribute `{name}`")
            raise AttributeError(f"memory of another program has no `{name}`: {why}")


class _Handle(_Absent):
    """Open memory. Use it in a ``with`` block, or call `close`."""

    __slots__ = ()

    _memory: Memory

    @property
    def name(self) -> str:
        """Where the memory lies."""
        return self._memory.place

    @property
    def closed(self) -> bool:
        """Whether it was closed in this process."""
        return self._memory.closed

    @property
    def retries(self) -> int:
        """How often a read of this handle had to retry."""
        return self._memory.retries

    def close(self) -> None:
        """Unmaps the memory. Removes nothing."""
        if not self._memory.closed:
            self._let_go()
            self._memory.close()

    def _let_go(self) -> None:
        raise NotImplementedError

    def __enter__(self: _Self) -> _Self:  # noqa: PYI019 - `typing.Self` is of 3.11
        self._memory.check_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class ForeignRow(_Absent, Generic[R]):
    """A record that another program may write at any moment.

    Each field is read by itself, as whole as the record was; two fields may
    come from two writes. Use `read` and `snapshot` for fields that belong
    together. A field whose name is used in a row or cell of ours gets an
    underscore here too.
    """

    __slots__ = ("__weakref__", "_at", "_bytes", "_memory", "_numbers", "_try", "index")

    _record: type[R]
    _size: int

    def __init__(self, memory: Memory, sync: Sync, start: int, index: int) -> None:
        #: The row's number; 0 for a cell.
        self.index = index
        self._memory = memory
        self._at = start
        record: Any = self._record
        self._bytes = memory.bytes[start : start + self._size]
        places = (_place(record, name) for name in sync[1:])
        self._numbers = tuple(_number(self._bytes[at : at + size]) for at, size in places)
        self._try = _TRIES[sync[0]]

    def read(self, out: R | None = None) -> R:
        """The whole record: a new one, or ``out`` filled in."""
        data = self._data()
        if out is None:
            return self._record.from_buffer_copy(data)
        if not isinstance(out, self._record):
            raise TypeError(f"expected a `{self._record.__name__}`, found a `{type(out).__name__}`")
        # Only whole bytes reach `out`: after an error it is as it was.
        memoryview(out).cast("B")[_ALL] = data
        return out

    def snapshot(self) -> Any:
        """A private copy of the record, with ``refresh()`` to take it again."""
        return _snapshot_class(self._record)._of(self)

    def __repr__(self) -> str:
        where = f"row {self.index} of {self._memory.place!r}"
        state = ", closed" if self._memory.closed else ""
        return f"<foreign {full_name(self._record)}, {where}{state}>"

    def _data(self) -> bytearray:
        data: bytearray = self._taken(lambda: bytearray(self._bytes))
        shape = shape_of(self._record)
        if shape.has_bools:
            shape.normalise(data)
        return data

    def _part(self, offset: int, size: int, make: Callable[[memoryview], Any]) -> Any:
        return self._taken(lambda: make(self._bytes[offset : offset + size]))

    def _taken(self, take: Callable[[], Any]) -> Any:
        """What ``take`` makes of the record, once it is whole."""
        self._memory.check_open()
        # Held here: `close` in another thread drops the row's own.
        attempt, numbers = self._try, self._numbers
        before = met = None
        for tries in range(1, SPINS + NAPS + 1):
            value, met = attempt(numbers, take)
            if value is not _MET:
                return value
            self._memory.retries += 1
            if tries >= SPINS:
                if met is None:
                    raise self._not_valid()
                if tries < SPINS + NAPS:
                    before = met
                    time.sleep(NAP)
        raise self._stalled(met, met == before)

    def _not_valid(self) -> NotValid:
        return NotValid(
            f"no valid record at row {self.index} of `{self._memory.place}`: its mark is 0; "
            "hint: its program has written none, or another reader took it and cleared the "
            "mark; try again later"
        )

    def _stalled(self, met: Any, still: bool) -> Stalled:
        opened, closed = met
        tries = SPINS + NAPS
        where = f"no whole record in {tries} tries at row {self.index} of `{self._memory.place}`"
        if still:
            why = (
                f"its numbers stayed at {opened} and {closed}, so its program stands in the "
                "middle of a write; hint: it was stopped or killed there, and the record can be "
                "read again once it was written again"
            )
        else:
            why = (
                f"its program wrote during each, in the last between {opened} and {closed}; "
                "hint: there is one copy of it, which is never left alone for long enough"
            )
        return Stalled(f"{where}: {why}", tries)

    def _release(self) -> None:
        for view in (*self._numbers, self._bytes):
            view.release()


class ForeignCell(_Handle, ForeignRow[R]):
    """One record of another program."""

    __slots__ = ()

    def to_numpy(self) -> Any:
        """The whole record as a structured array without dimensions."""
        return _columns.record(self._record, self._data())

    def _let_go(self) -> None:
        self._release()


class ForeignTable(_Handle, Generic[R, _Row]):
    """Numbered records of another program; ``table[17]`` is a live row."""

    __slots__ = ("_at", "_kind", "_made", "_memory", "_rows", "_stride", "_sync")

    def __init__(
        self, memory: Memory, record: type[R], sync: Sync, at: int, stride: int, rows: int
    ) -> None:
        self._memory = memory
        self._kind = _live_class(ForeignRow, record)
        self._sync = sync
        self._at, self._stride, self._rows = at, stride, rows
        self._made: WeakSet[Any] = WeakSet()

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[_Row]:
        return map(self.row, range(self._rows))

    def __getitem__(self, number: int) -> _Row:
        return self.row(number)

    def __contains__(self, key: object) -> bool:
        """Refused, as by a table of ours that has no key."""
        raise NoSuchKey(
            f"table `{self.name}` has no key; hint: rows of another program are found by number, "
            "`table[17]`"
        )

    def row(self, number: int) -> _Row:
        """The live row of that number; counted from the end when negative."""
        self._memory.check_open()
        rows = self._rows
        if not -rows <= number < rows:
            raise NoSuchRow(f"`{self.name}` has no row {number}; its rows are 0 to {rows - 1}")
        number %= rows
        row: Any = self._kind(self._memory, self._sync, self._at + number * self._stride, number)
        self._made.add(row)
        made: _Row = row
        return made

    def to_numpy(self, out: Any = None) -> Any:
        """Every row, each whole, as one structured array: new, or ``out``.

        The rows are read one after the other, so two rows may come from two
        moments. Numbers are as they are stored, in steps of a scale.
        """
        np = _columns.numpy()
        dtype = _columns.dtype_of(self._kind._record)
        if out is not None and (out.dtype != dtype or out.shape != (self._rows,)):
            raise TypeError(f"expected an array of {self._rows} records of this dtype")
        data = bytearray().join(row._data() for row in self)  # type: ignore[attr-defined]
        read = np.frombuffer(data, dtype=dtype)
        if out is None:
            return read
        out[...] = read
        return out

    def __repr__(self) -> str:
        state = "closed" if self.closed else "reader"
        record = full_name(self._kind._record)
        return f"<{state} of {self.name!r}, a foreign table of {self._rows} {record}>"

    def _let_go(self) -> None:
        for row in list(self._made):
            row._release()


class ForeignCellSpec(Generic[R]):
    """One record of another program that can be attached to."""

    __slots__ = ("_at", "_place", "_record", "_sync")

    def __init__(self, record: type[R], place: Place, at: int = 0, sync: Sync = ("none",)) -> None:
        self._record, self._place, self._at, self._sync = record, place, at, sync

    def attach(self, place: Place | None = None, *, wait: float | None = None) -> ForeignCell[R]:
        """Becomes a reader of the record, after at most ``wait`` seconds."""
        place = self._place if place is None else place
        _check_rule(self._record, self._sync, place, (self._at,))
        memory = open_memory(place, self._at + ctypes.sizeof(self._record), wait)
        return _live_class(ForeignCell, self._record)(memory, self._sync, self._at, 0)  # type: ignore[no-any-return]


class ForeignTableSpec(Generic[R]):
    """Records of another program that can be attached to."""

    __slots__ = ("_at", "_place", "_record", "_rows", "_stride", "_sync")

    def __init__(
        self,
        record: type[R],
        rows: int,
        stride: int,
        place: Place,
        at: int = 0,
        sync: Sync = ("none",),
    ) -> None:
        if rows < 1:
            raise ValueError(f"a table has at least 1 row, found {rows}")
        if stride < ctypes.sizeof(record):
            raise ValueError(
                f"records of {ctypes.sizeof(record)} bytes cannot lie {stride} bytes apart"
            )
        self._record, self._rows, self._stride = record, rows, stride
        self._place, self._at, self._sync = place, at, sync

    def attach(
        self, place: Place | None = None, *, wait: float | None = None
    ) -> ForeignTable[R, Any]:
        """Becomes a reader of the records, after at most ``wait`` seconds."""
        place = self._place if place is None else place
        starts = tuple(self._at + row * self._stride for row in range(min(self._rows, 2)))
        _check_rule(self._record, self._sync, place, starts)
        end = self._at + (self._rows - 1) * self._stride + ctypes.sizeof(self._record)
        memory = open_memory(place, end, wait)
        return ForeignTable(memory, self._record, self._sync, self._at, self._stride, self._rows)


def _check_rule(record: Any, sync: Sync, place: Place, starts: tuple[int, ...]) -> None:
    if sync[0] not in _TRIES:
        raise ValueError(f"there is no rule `{sync[0]}`; the rules are {', '.join(_TRIES)}")
    if sync[0] != "none" and platform.machine() != "x86_64":
        raise SystemFailure(
            f"the records of `{named(place)}` are guarded by a rule, which Python code can keep "
            f"on x86-64 alone, found {platform.machine()}; hint: read them with Rust there"
        )
    for name in sync[1:]:
        offset, size = _place(record, name)
        if size not in (4, 8) or any((start + offset) % size for start in starts):
            raise ValueError(
                f"`{name}` guards the records of `{named(place)}` and is {size} bytes at "
                f"{starts[0] + offset}; expected 4 or 8 bytes at a multiple of them"
            )


def _place(record: Any, name: str) -> tuple[int, int]:
    """Where a field that the schema calls ``name`` lies, and its size."""
    found = getattr(record, record.FIELDS[name].stored)
    return found.offset, found.size


def _number(view: memoryview) -> memoryview:
    # Looked at in one piece: a view's elements are loaded so.
    return view.cast("Q") if len(view) == 8 else view.cast("I")


def _none(numbers: Any, take: Callable[[], Any]) -> tuple[Any, Any]:
    return take(), None


def _odd_while_writing(numbers: Any, take: Callable[[], Any]) -> tuple[Any, Any]:
    (counter,) = numbers
    opened = counter[0]
    if opened & 1:
        return _MET, (opened, opened)
    value = take()
    closed = counter[0]
    return (value, None) if closed == opened else (_MET, (opened, closed))


def _unchanged(numbers: Any, take: Callable[[], Any]) -> tuple[Any, Any]:
    counter, valid = numbers
    opened = counter[0]
    if not valid[0]:
        return _MET, None
    value = take()
    # The mark before the count: a write that ended between the two looks
    # would pass the other way about.
    if not valid[0]:
        return _MET, None
    closed = counter[0]
    return (value, None) if closed == opened else (_MET, (opened, closed))


def _pair(numbers: Any, take: Callable[[], Any]) -> tuple[Any, Any]:
    begin, end = numbers
    opened = end[0]
    value = take()
    closed = begin[0]
    return (value, None) if closed == opened else (_MET, (opened, closed))


#: One try by each rule: what was taken, or `_MET` and what was found, the
#: numbers before and after, or ``None`` for a mark of 0.
_TRIES: dict[str, Callable[[Any, Callable[[], Any]], tuple[Any, Any]]] = {
    "none": _none,
    "odd-while-writing": _odd_while_writing,
    "unchanged": _unchanged,
    "pair": _pair,
}


@functools.cache
def _live_class(base: type[Any], record: type[ctypes.Structure]) -> type[Any]:
    """The subclass of ``base`` that has the fields of ``record``."""
    members: dict[str, Any] = {}
    for name, kind in record._fields_:  # type: ignore[misc]
        if name.startswith("_"):
            continue
        place = getattr(record, name)
        field = _field(record, kind, place.offset, place.size)
        make = _scalar(field.code) if isinstance(field, Scalar) else field.make
        members[free(name)] = property(_getter(field.offset, field.size, make), _refuse(name))
    for name, member in vars(record).items():
        if isinstance(member, property) and member.fget is not None:
            # It reads the raw field by its name, and the row has that too.
            members[free(name)] = property(member.fget, _refuse(name), doc=member.__doc__)
    members.update(__slots__=(), __doc__=base.__doc__, __module__=record.__module__)
    members.update(_record=record, _size=ctypes.sizeof(record))
    return type(f"{record.__name__}{base.__name__}", (base,), members)


def _scalar(code: str) -> Callable[[memoryview], Any]:
    return lambda view: view.cast(code)[0]  # type: ignore[call-overload]


def _getter(offset: int, size: int, make: Callable[[memoryview], Any]) -> Callable[[Any], Any]:
    return lambda row: row._part(offset, size, make)


def _refuse(name: str) -> Callable[[Any, Any], None]:
    def refuse(row: Any, value: Any) -> None:
        raise AttributeError(f"`{name}` cannot be set: memory of another program is only read")

    return refuse


@functools.cache
def _snapshot_class(record: type[ctypes.Structure]) -> Any:
    """The subclass of ``record`` that can be taken again."""

    class Snapshot(record):  # type: ignore[misc, valid-type]
        __slots__ = ("_row", "_target")

        @classmethod
        def _of(cls, row: Any) -> Any:
            made = cls.from_buffer(bytearray(ctypes.sizeof(record)))
            # Past the record's own check: reserved room may have such a name.
            put = object.__setattr__
            put(made, "_row", row)
            put(made, "_target", memoryview(made).cast("B"))
            made.refresh()
            return made

        def refresh(self) -> None:
            """Takes the record again. After an error it is as it was."""
            self._target[_ALL] = self._row._data()

        def __reduce__(self) -> Any:
            # A copy of it is bound to nothing.
            return record.from_buffer_copy, (bytes(self),)

    Snapshot.__name__ = Snapshot.__qualname__ = record.__name__
    Snapshot.__module__ = record.__module__
    Snapshot.__doc__ = record.__doc__
    return Snapshot
