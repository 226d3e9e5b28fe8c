"""Whether a file is a segment, and a segment the one that is expected.

Nothing of the file is used before it was checked, and no sum of its numbers
is trusted before it was computed again.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from ._descriptor import Descriptor, parse
from ._errors import Error, LayoutMismatch, NotASegment, UnknownVersion
from ._fit import compare
from ._mismatch import mismatch
from ._spec import ARRAYS, KINDS, ORDERS, ROWS, TABLE, Spec
from ._view import View
from .segment_header import SegmentHeader

MAGIC = b"\x89SHMSEG\n"
ABI = 3
#: The latch.
PROTOCOL = 1
#: Of each record's stamp: CLOCK_MONOTONIC_COARSE.
CLOCK_ID = 6
#: Copies of each record, where the segment does not ask for more.
COPIES = 2
#: What a reader knows to index: `version & (copies - 1)`.
POSSIBLE_COPIES = (2, 4, 8)
_HEAD = 16
_LINE = 64
#: A longer descriptor is not read. A schema of the greatest length makes one of
#: a few MiB.
_DESCRIPTOR_MAX = 16 << 20


def first_copy(record_size: int) -> int:
    """Where a row's first copy begins: behind the two words of its head.

    At a multiple of the greatest power of two that the size of a copy is a
    multiple of, up to a cache line: so a copy lies on as few lines as can be.
    """
    size = align_up(record_size, 8)
    return min(max(size & -size, 16), _LINE)


class Geometry(NamedTuple):
    """Where everything lies; a function of five numbers."""

    order: int
    record_size: int
    copies: int
    rows: int
    descriptor_size: int

    @property
    def stride(self) -> int:
        """From the sequence word of one row to that of the next."""
        if self.order == ARRAYS:
            return _HEAD
        first = first_copy(self.record_size)
        return align_up(first + self.copies * align_up(self.record_size, 8), _LINE)

    @property
    def records_offset(self) -> int:
        """Of the first row's sequence word."""
        return align_up(SegmentHeader.SIZE + self.descriptor_size, _LINE)

    @property
    def copies_offset(self) -> int:
        """Of the first row's first copy."""
        if self.order == ARRAYS:
            return self.records_offset + align_up(self.rows * _HEAD, _LINE)
        return self.records_offset + first_copy(self.record_size)

    @property
    def copy_stride(self) -> int:
        """From a copy of one row to the same copy of the next."""
        return align_up(self.record_size, 8) if self.order == ARRAYS else self.stride

    @property
    def copy_distance(self) -> int:
        """From one copy of a row to the next copy of it."""
        size = align_up(self.record_size, 8)
        return align_up(self.rows * size, _LINE) if self.order == ARRAYS else size

    @property
    def total_size(self) -> int:
        """Of the segment."""
        if self.order == ARRAYS:
            return self.copies_offset + self.copies * self.copy_distance
        return self.records_offset + self.rows * self.stride


def align_up(size: int, to: int) -> int:
    """The next multiple of ``to``."""
    return -(-size // to) * to


def read_header(fd: int, name: str) -> SegmentHeader:
    """The header of the file behind ``fd``, checked against the file."""

    def refuse(why: str) -> NotASegment:
        return NotASegment(f"`{name}` is not a segment, or a damaged one: {why}")

    size = os.fstat(fd).st_size
    data = os.pread(fd, SegmentHeader.SIZE, 0)
    if len(data) < SegmentHeader.SIZE:
        raise refuse(f"it has {size} bytes and a header alone takes {SegmentHeader.SIZE}")
    header = SegmentHeader.from_buffer_copy(data)
    if header.magic != MAGIC:
        raise refuse(f"it begins with {header.magic!r} and a segment with {MAGIC!r}")
    for what, found, known in (("abi", header.abi, ABI), ("protocol", header.protocol, PROTOCOL)):
        if found != known:
            raise UnknownVersion(
                f"segment `{name}` has {what} {found} and this runtime knows {known}; "
                "hint: use the same version of shm-codegen and shm-runtime everywhere"
            )
    if header.kind_raw not in KINDS:
        raise refuse(f"its kind is {header.kind_raw}")
    possible = ORDERS if header.kind_raw == TABLE else (ROWS,)
    if header.order_raw not in possible:
        raise refuse(f"its order is {header.order_raw}, expected {' or '.join(map(str, possible))}")
    if header.copies not in POSSIBLE_COPIES:
        raise refuse(f"it keeps {header.copies} copies of a record; 2, 4 or 8 are possible")
    if header.record_size == 0 or header.rows == 0:
        raise refuse("it has no records")
    if header.kind_raw != TABLE and header.rows != 1:
        raise refuse(f"it is a cell of {header.rows} rows")
    it = Geometry(
        header.order_raw, header.record_size, header.copies, header.rows, header.descriptor_size
    )
    for what, number, expected in (
        ("header_size", header.header_size, SegmentHeader.SIZE),
        ("clock_id", header.clock_id, CLOCK_ID),
        ("descriptor_offset", header.descriptor_offset, SegmentHeader.SIZE),
        ("stride", header.stride, it.stride),
        ("records_offset", header.records_offset, it.records_offset),
        ("copies_offset", header.copies_offset, it.copies_offset),
        ("copy_stride", header.copy_stride, it.copy_stride),
        ("copy_distance", header.copy_distance, it.copy_distance),
        ("total_size", header.total_size, it.total_size),
    ):
        if number != expected:
            raise refuse(f"its {what} is {number}, expected {expected}")
    if size < it.total_size:
        raise refuse(f"it was cut to {size} of {it.total_size} bytes")
    if size > it.total_size:
        raise refuse(f"it has {size} bytes, expected {it.total_size}")
    return header


def check_layout(spec: Spec, name: str, fd: int, header: SegmentHeader) -> View | None:
    """How a reader sees the segment's records; ``None`` when they are those of ``spec``.

    Raises when they cannot be seen as such.
    """
    facts = spec.facts
    view = None
    if header.record_fingerprint.hex() != facts.FINGERPRINT:
        view, problem = _compared(spec, name, fd, header)
        if view is None:
            raise problem
    if header.kind_raw != spec.kind:
        found, expected = KINDS[header.kind_raw], KINDS[spec.kind]
        raise LayoutMismatch(
            f"layout mismatch: segment `{name}` is a {found}, expected a {expected}"
        )
    if view is None and header.record_size != facts.SIZE:
        raise NotASegment(
            f"`{name}` is a damaged segment: its records take {header.record_size} bytes "
            f"and its fingerprint is of records that take {facts.SIZE}"
        )
    return view


def check_same(spec: Spec, name: str, fd: int, header: SegmentHeader) -> None:
    """Raises unless a writer goes on with the segment.

    With another layout, even one that can be read, it would lose what this
    program does not know.
    """
    if check_layout(spec, name, fd, header) is not None:
        raise _compared(spec, name, fd, header)[1]


def _compared(
    spec: Spec, name: str, fd: int, header: SegmentHeader
) -> tuple[View | None, LayoutMismatch]:
    """How records of another layout are seen, if they can be, and what is said if not."""
    found = _descriptor(fd, header)
    if found is not None and found.record != header.record_fingerprint.hex():
        found = None
    fit = None if found is None else compare(spec, found, header.record_size)
    view = fit.view if fit is not None and not fit.breaking else None
    return view, mismatch(spec, name, found, fit, header.writer_pid)


def check_shape(spec: Spec, name: str, header: SegmentHeader) -> Error | None:
    """Whether the segment has the rows that a writer wants."""
    if header.rows == spec.rows:
        return None
    return LayoutMismatch(
        f"layout mismatch: segment `{name}` has {header.rows} rows, expected {spec.rows}; "
        "hint: create it with `replace=True`"
    )


def _descriptor(fd: int, header: SegmentHeader) -> Descriptor | None:
    size = min(header.descriptor_size, _DESCRIPTOR_MAX)
    try:
        text = os.pread(fd, size, header.descriptor_offset).decode()
        return parse(text)
    except (OSError, ValueError):
        return None
