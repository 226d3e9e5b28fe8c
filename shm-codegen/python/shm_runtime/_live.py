"""Classes whose properties are the fields of a record in shared memory."""

from __future__ import annotations

import ctypes
import functools
import struct
import sys
from typing import Any, Callable, NamedTuple

from . import _latch
from ._latch import is_whole, numbered
from ._row import cells_of
from ._shape import shape_of

#: Names of rows and cells that a field cannot have; it gets an underscore.
TAKEN = frozenset(
    [
        "age",
        "close",
        "closed",
        "has",
        "index",
        "keep_warm",
        "linked",
        "memory",
        "name",
        "read",
        "retries",
        "snapshot",
        "to_numpy",
        "unlink",
        "update",
        "version",
        "warm",
        "write",
        "writer_alive",
    ]
)


class Scalar(NamedTuple):
    """A number: read straight out of a typed view."""

    offset: int
    size: int
    code: str

    def views(self, row: Any) -> tuple[Any, ...]:
        """The number in each copy, each the one element of a view."""
        # A packed number need not lie at a multiple of its size; a view that
        # begins there can be cast all the same.
        runs = row._runs(self.offset, self.size)
        return tuple(run if run is None else run.cast(self.code) for run in runs)


class Block(NamedTuple):
    """Anything else: its bytes, and what is made of them."""

    offset: int
    size: int
    make: Callable[[memoryview], Any]

    def views(self, row: Any) -> tuple[Any, ...]:
        """The bytes in each copy."""
        runs: tuple[Any, ...] = row._runs(self.offset, self.size)
        return runs


@functools.cache
def live_class(base: type[Any], record: type[ctypes.Structure], copies: int) -> type[Any]:
    """The subclass of ``base`` (a row or a cell) that has the fields of ``record``."""
    fields: list[Any] = []
    members: dict[str, Any] = {}
    facts = facts_of(record)
    for name, kind in record._fields_:  # type: ignore[misc]
        if name.startswith("_"):
            continue
        place = getattr(record, name)
        field = _field(record, kind, place.offset, place.size)
        if isinstance(field, Scalar):
            getter = _scalar_getter(len(fields), copies)
        else:
            getter = _block_getter(len(fields), copies, field.make)
        members[free(name)] = property(getter, assigner(name), doc=described(facts[name], name))
        fields.append(field)
    for name, member in vars(record).items():
        if isinstance(member, property) and member.fget is not None:
            # It reads the raw field by its name, and the row has that too.
            doc = described(facts[name], name) if name in facts else member.__doc__
            members[free(name)] = property(member.fget, assigner(name), doc=doc)
    names = tuple(map(sys.intern, members))
    slots = tuple(map(cells_of, range(len(fields))))
    members.update(__slots__=slots, __doc__=base.__doc__, __module__=record.__module__)
    members.update(_record=record, _size=ctypes.sizeof(record), _shape=shape_of(record))
    members.update(_fields=tuple(fields), _names=names, _mask=2 * copies - 2)
    members["_fill"] = struct.Struct(f"{ctypes.sizeof(record)}s").pack_into
    return type(f"{record.__name__}{base.__name__}", (base,), members)


def free(name: str) -> str:
    """What a field of that name is called on a row or cell."""
    return f"{name}_" if name in TAKEN else name


def facts_of(record: Any) -> dict[str, Any]:
    """What the schema says of each field, by both of its names."""
    facts = {}
    for field in record.FIELDS.values():
        facts[field.stored] = facts[field.attribute] = field
    return facts


def described(field: Any, name: str) -> str:
    """What `help` says of a live field."""
    parts = [field.doc or f"The field `{field.attribute}`."]
    stored = name == field.stored
    if name != field.attribute:
        parts.append(f"As it is stored, a `{field.type}`.")
    if field.unit is not None:
        steps = f"steps of {field.scale} " if stored and field.scale is not None else ""
        parts.append(f"In {steps}{field.unit}.")
    if field.range is not None and name == field.attribute:
        low, high = field.range
        parts.append(f"From {low} to {high}.")
    return " ".join(parts)


def _field(record: type[ctypes.Structure], kind: Any, offset: int, size: int) -> Scalar | Block:
    code = getattr(kind, "_type_", None)
    if isinstance(code, str):
        return Scalar(offset, size, code)
    if code is ctypes.c_char:
        return Block(offset, size, _text)
    shape = shape_of(record).within(offset, size)
    if not shape.has_bools:
        return Block(offset, size, kind.from_buffer_copy)

    def make(view: memoryview) -> Any:
        data = bytearray(view)
        shape.normalise(data)
        return kind.from_buffer_copy(data)

    return Block(offset, size, make)


def _text(view: memoryview) -> bytes:
    # As ctypes gives an array of chars: up to the first NUL.
    return view.tobytes().partition(b"\0")[0]


#: How a field is read; `numbered` makes a function of it.
_GETTER = """
def get(row):
    try:
        seq = row._seq
        first = seq[0]
        value = {value}
        # `is_whole`, the common case written out: a call costs as much as all
        # the rest.
        if first >= 0 and (seq[0] == first or is_whole(first, seq[0], {copies})):
            return value
        row._segment.retries += first >= 0
    except (AttributeError, ValueError):
        # Not read before, or closed: which, it will say.
        pass
    return again(row)
"""


def _scalar_getter(number: int, copies: int) -> Callable[[Any], Any]:
    def again(row: Any) -> Any:
        return _latch.read(row, lambda at: row._cell(number)[at][0])

    value = f"row.{cells_of(number)}[first & {2 * copies - 2}][0]"
    names = {"is_whole": is_whole, "again": again}
    get: Callable[[Any], Any] = numbered(_GETTER, names, value=value, copies=copies)
    return get


def _block_getter(
    number: int, copies: int, make: Callable[[memoryview], Any]
) -> Callable[[Any], Any]:
    def again(row: Any) -> Any:
        return _latch.read(row, lambda at: make(row._cell(number)[at]))

    value = f"make(row.{cells_of(number)}[first & {2 * copies - 2}])"
    names = {"is_whole": is_whole, "again": again, "make": make}
    get: Callable[[Any], Any] = numbered(_GETTER, names, value=value, copies=copies)
    return get


def assigner(name: str) -> Callable[[Any, Any], None]:
    """What publishes a row with the record's field ``name`` changed."""

    def assign(row: Any, value: Any) -> None:
        row.write(**{name: value})

    return assign
