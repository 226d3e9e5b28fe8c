"""One record of a segment, live."""

from __future__ import annotations

import ctypes
import time
from types import TracebackType
from typing import Any, Callable, ClassVar, Generic, TypeVar

from . import _latch
from ._errors import Error, Retired, SystemFailure
from ._latch import RETIRED
from ._segment import Bound, Segment
from ._shape import Shape
from ._snapshot import snapshot_class
from ._warm import KeepWarm, warm

R = TypeVar("R", bound=ctypes.Structure)


def cells_of(number: int) -> str:
    """The slot for the views of a field."""
    return f"_cells_{number}"


def full_name(record: Any) -> str:
    """`market.Quote`: a record and its package, or its module if it is of no schema."""
    package, _ = getattr(record, "_schema", (record.__module__, 0))
    return f"{package}.{record.__name__}"


def age_of(segment: Any, stamp: int) -> float | None:
    """Seconds since ``stamp``, which is 0 where there is none."""
    if not stamp:
        return None
    try:
        return max(time.clock_gettime_ns(segment.clock) - stamp, 0) / 1e9
    except OSError as error:
        raise SystemFailure(
            f"segment `{segment.place.name}` counts by unknown clock {segment.clock}"
        ) from error


def state_of(row: Any) -> str:
    """`version 5`; or why there is none to be told, which is not an error of who asks."""
    if row._segment.closed:
        return "closed"
    try:
        return f"version {row.version}"
    except Retired:
        return "retired"
    except (Error, ValueError):
        # Closed by another thread, or its words are no record's any more.
        return "unreadable"


class Row(Bound, Generic[R]):
    """A record that another process may write at any moment.

    The fields of the record are properties. Each is read by itself, as whole
    as the record was when it was read; two fields may come from two versions.
    Use `read` and `snapshot` for fields that belong together.

    In the writer ``row.last = 101.25`` is ``row.write(last=101.25)``: it
    publishes the record with that one field changed, or raises what `write`
    raises and publishes nothing. Write fields that belong together with one
    `write` or `update`. A field that is a record or an array is returned as a
    copy, so assign it as a whole.

    A field whose name is already used here, such as ``version``, gets an underscore:
    ``version_``.
    """

    __slots__ = ("__weakref__", "_all_copies", "_index", "_segment", "_seq")

    _record: type[R]
    _shape: ClassVar[Shape]
    _size: ClassVar[int]
    #: What of a sequence word is the index of a copy.
    _mask: ClassVar[int]
    #: Puts a record's bytes into a buffer.
    _fill: ClassVar[Any]
    #: What its fields are called here.
    _names: ClassVar[tuple[str, ...]]
    #: For each field, how its bytes in the segment are looked at; the views are
    #: in slots of the class that has the fields.
    _fields: ClassVar[tuple[Any, ...]]

    def __init__(self, segment: Segment, index: int) -> None:
        self._segment = segment
        self._index = index
        header = segment.header
        at = (header.records_offset + index * header.stride) // 8
        self._seq = segment.words[at : at + 2]
        self._all_copies: tuple[Any, ...] | None = None
        segment.hold(self)

    @property
    def index(self) -> int:
        """The row's number; 0 for a cell."""
        return self._index

    def read(self, out: R | None = None) -> R:
        """The whole record: a new one, or ``out`` filled in.

        After an error ``out`` is as it was or all zeros, never half a record.

        Raises `Retired` when the segment was unlinked or replaced, `Stalled`
        when every one of many tries met a writer, `Closed` after `close`,
        `TypeError` when ``out`` is another record's.
        """
        if out is None:
            return self._filled(self._record)
        self._check_record(out)
        # Only whole bytes reach `out`: after an error it is as it was.
        self._fill(out, 0, self._data())
        return out

    def snapshot(self) -> Any:
        """A private copy of the record, bound to this row.

        ``refresh()`` reads the record again; after an error every byte is 0. In
        the writer ``write()`` publishes the copy as it then is. Both are the
        cheapest ways to read and write a whole record.
        """
        return snapshot_class(self._record, self._segment.copies)._of(self)

    def write(self, record: R | None = None, /, **fields: Any) -> None:
        """Publishes ``record``, or what stands there, with ``fields`` changed.

        Raises `ReadOnly` in a reader, `Forked` in a child of the writer,
        `Retired` after `unlink`, and for a value what the record's own
        attribute raises: `OverflowError`, `ValueError` or `TypeError`,
        `AttributeError` for a name that is no field. Then nothing is published.
        """
        self._segment.check_writer()
        if record is not None:
            self._check_record(record)
        if fields:
            record = (
                self._filled(self._record)
                if record is None
                else self._record.from_buffer_copy(record)
            )
            for name, value in fields.items():
                setattr(record, name, value)
        elif record is None:
            raise TypeError("nothing to write; hint: give a record, or fields by name")
        self._publish(record)

    def update(self) -> Update[R]:
        """A block that changes the record: ``with row.update() as record: ...``.

        The changes are published whole at the end of the block, and not at
        all when it ends by an exception.
        """
        self._segment.check_writer()
        return Update(self)

    def warm(self, *fields: str) -> None:
        """Reads ``fields``, or the whole record and every field, and discards them.

        A read after a pause waits for memory; a read just after this does not.
        """
        warm(self, fields)

    def keep_warm(self, *fields: str, every: float = 0.001) -> KeepWarm:
        """Calls `warm` every ``every`` seconds from a thread, while the result is kept.

        How much it helps depends on the machine; the result says what it costs.
        """
        return KeepWarm(self, fields, every)

    @property
    def version(self) -> int:
        """How often the record was written; 0 when never."""
        return _latch.read(self, lambda _: int(self._seq[0]) >> 1 & (RETIRED >> 1) - 1)

    @property
    def age(self) -> float | None:
        """Seconds since the record was written; ``None`` when it never was.

        Exact to the kernel's tick, some milliseconds. Also ``None`` when the
        writer, in Rust, leaves stamps out.
        """
        return age_of(self._segment, _latch.read(self, lambda _: int(self._seq[1])))

    def __repr__(self) -> str:
        where = f"row {self.index} of {self._segment.place.name!r}"
        return f"<live {full_name(self._record)}, {where}, {state_of(self)}>"

    def _check_record(self, record: object) -> None:
        if not isinstance(record, self._record):
            raise TypeError(
                f"expected a `{self._record.__name__}`, found a `{type(record).__name__}`"
            )

    def _publish(self, record: R) -> None:
        data = bytearray(record)
        self._shape.scrub(data)
        _latch.publish(self, data)

    def _copies(self) -> tuple[Any, ...]:
        if self._all_copies is None:
            self._all_copies = self._runs(0, self._size)
        return self._all_copies

    def _runs(self, offset: int, size: int) -> tuple[Any, ...]:
        """The same bytes of each copy, indexed by the sequence word."""
        header, data = self._segment.header, self._segment.bytes
        step = header.copy_distance
        first = header.copies_offset + self.index * header.copy_stride + offset
        starts = range(first, first + header.copies * step, step)
        return tuple(view for at in starts for view in (data[at : at + size], None))

    def _cell(self, number: int) -> Any:
        """The views of one field, made when it is first read."""
        slot = cells_of(number)
        cell = getattr(self, slot, None)
        if cell is None:
            self._segment.check_open()
            cell = self._fields[number].views(self)
            setattr(self, slot, cell)
        return cell

    def _data(self) -> bytearray:
        """The published record's bytes."""
        data: bytearray = self._taken(bytearray)
        if self._shape.has_bools:
            self._shape.normalise(data)
        return data

    def _filled(self, record: type[R]) -> R:
        if self._shape.has_bools:
            return record.from_buffer_copy(self._data())
        made: R = self._taken(record.from_buffer_copy)
        return made

    def _taken(self, make: Callable[[memoryview], Any]) -> Any:
        """What ``make`` makes of the published copy."""
        try:
            seq = self._seq
            first = seq[0]
            value = make(self._copies()[first & self._mask])
            # As in a live field: the common case without a call.
            if first >= 0 and seq[0] == first:
                return value
            self._segment.retries += first >= 0
        except ValueError:
            # Closed; it will say so.
            pass
        return self._again(make)

    # Not in `_taken`: what a lambda there shares with it would be slower to reach.
    def _again(self, make: Callable[[memoryview], Any]) -> Any:
        copies = self._copies()
        return _latch.read(self, lambda at: make(copies[at]))

    def _release(self) -> None:
        self._seq.release()
        slots = map(cells_of, range(len(self._fields)))
        for views in (self._all_copies, *(getattr(self, slot, None) for slot in slots)):
            for view in views or ():
                if view is not None:
                    view.release()


class Update(Generic[R]):
    """A private copy of a record that is published when its block ends well."""

    __slots__ = ("_draft", "_row")

    def __init__(self, row: Row[R]) -> None:
        self._row = row
        self._draft: R | None = None

    def __enter__(self) -> R:
        self._draft = self._row.read()
        return self._draft

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        draft, self._draft = self._draft, None
        if kind is None and draft is not None:
            self._row._publish(draft)
