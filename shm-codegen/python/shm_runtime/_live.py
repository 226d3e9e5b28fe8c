"""Classes whose properties read the fields of a record in shared memory."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, Callable, NamedTuple

from . import _latch
from ._check import align_up
from ._latch import COPIES_AT, RETIRED, is_whole
from ._shape import Shape, bools_of

#: Names of rows and cells that a field cannot have; it gets an underscore.
TAKEN = frozenset(
    [
        "age",
        "close",
        "closed",
        "index",
        "memory",
        "name",
        "read",
        "retries",
        "snapshot",
        "to_numpy",
        "unlink",
        "update",
        "version",
        "write",
        "writer_alive",
    ]
)


class Scalar(NamedTuple):
    """A number: read straight out of a typed view."""

    offset: int
    size: int
    code: str

    def view(self, row: Any) -> memoryview:
        """The number in each copy, as elements 0, 1, ... of one view."""
        header = row._segment.header
        step = align_up(header.record_size, 8)
        first = header.records_offset + row.index * header.stride + COPIES_AT + self.offset
        # A packed number need not lie at a multiple of its size; a view that
        # begins there can be cast all the same.
        data: Any = row._segment.bytes
        run = data[first : first + (header.copies - 1) * step + self.size]
        view: memoryview = run.cast(self.code)[:: step // self.size]
        return view


class Block(NamedTuple):
    """Anything else: its bytes, and what is made of them."""

    offset: int
    size: int
    make: Callable[[memoryview], Any]

    def view(self, row: Any) -> tuple[memoryview, ...]:
        """The bytes in each copy."""
        runs: tuple[memoryview, ...] = row._runs(self.offset, self.size)
        return runs


@functools.cache
def live_class(base: type[Any], record: type[ctypes.Structure], copies: int) -> type[Any]:
    """The subclass of ``base`` (a row or a cell) that has the fields of ``record``."""
    fields: list[Any] = []
    members: dict[str, Any] = {}
    for name, kind in record._fields_:  # type: ignore[misc]
        if name.startswith("_"):
            continue
        place = getattr(record, name)
        field = _field(record, kind, place.offset, place.size)
        if isinstance(field, Scalar):
            getter = _scalar_getter(len(fields), copies)
        else:
            getter = _block_getter(len(fields), field.make)
        members[free(name)] = property(getter, _refuse(name))
        fields.append(field)
    for name, member in vars(record).items():
        if isinstance(member, property) and member.fget is not None:
            # It reads the raw field by its name, and the row has that too.
            members[free(name)] = property(member.fget, _refuse(name), doc=member.__doc__)
    members.update(__slots__=(), __doc__=base.__doc__, __module__=record.__module__)
    members.update(_record=record, _fields=tuple(fields))
    return type(f"{record.__name__}{base.__name__}", (base,), members)


def free(name: str) -> str:
    """What a field of that name is called on a row or cell."""
    return f"{name}_" if name in TAKEN else name


def _field(record: type[ctypes.Structure], kind: Any, offset: int, size: int) -> Scalar | Block:
    code = getattr(kind, "_type_", None)
    if isinstance(code, str):
        return Scalar(offset, size, code)
    if code is ctypes.c_char:
        return Block(offset, size, _text)
    bools = bools_of(record, offset, size)
    if not bools:
        return Block(offset, size, kind.from_buffer_copy)
    shape = Shape(bools, ())

    def make(view: memoryview) -> Any:
        data = bytearray(view)
        shape.normalise(memoryview(data))
        return kind.from_buffer_copy(data)

    return Block(offset, size, make)


def _text(view: memoryview) -> bytes:
    # As ctypes gives an array of chars: up to the first NUL.
    return view.tobytes().partition(b"\0")[0]


def _scalar_getter(number: int, copies: int) -> Callable[[Any], Any]:
    mask = copies - 1

    def get(row: Any) -> Any:
        try:
            seq = row._seq
            first = seq[0]
            value = row._cells[number][first >> 1 & mask]
            # `is_whole`, the common case written out: a call costs as much as
            # all the rest.
            if seq[0] == first < RETIRED or is_whole(first, seq[0], copies):
                return value
            row._segment.retries += 1
        except (TypeError, ValueError):
            # The field was not read before, or the segment is closed.
            pass
        return _latch.read(row, lambda copy: row._cell(number)[copy])

    return get


def _block_getter(number: int, make: Callable[[memoryview], Any]) -> Callable[[Any], Any]:
    def get(row: Any) -> Any:
        return _latch.read(row, lambda copy: make(row._cell(number)[copy]))

    return get


def _refuse(name: str) -> Callable[[Any, Any], None]:
    def refuse(row: Any, value: Any) -> None:
        raise AttributeError(
            f"`{name}` of a live record cannot be set by itself; "
            f"hint: `write({name}=...)`, or several at once in `with row.update() as record:`"
        )

    return refuse
