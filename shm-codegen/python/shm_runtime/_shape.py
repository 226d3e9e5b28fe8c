"""What is to be known of a record's bytes: where the bools and the gaps lie."""

from __future__ import annotations

import ctypes
import functools
from typing import Any, NamedTuple

from ._descriptor import FieldText, StructText, TypeText, parse_layout
from ._errors import NotASegment

#: What a bool's byte means.
_TRUTH = bytes([0]) + bytes([1]) * 255


class Shape(NamedTuple):
    """Runs of a record's bytes, as slices of it."""

    has_bools: bool
    #: Places of single bools: read as 0 or 1, whatever was written.
    bools: tuple[int, ...]
    #: The same of arrays of bools.
    bool_runs: tuple[slice, ...]
    #: Padding and reserved room: written as zeros.
    gaps: tuple[tuple[slice, bytes], ...]

    def normalise(self, record: bytearray | memoryview) -> None:
        """Makes each bool's byte 0 or 1."""
        for at in self.bools:
            # Not `min`: a call costs more than all the rest of a read.
            if record[at] > 1:  # noqa: PLR1730
                record[at] = 1
        for run in self.bool_runs:
            record[run] = bytes(record[run]).translate(_TRUTH)

    def scrub(self, record: bytearray) -> None:
        """Writes zeros over the gaps."""
        for run, zeros in self.gaps:
            record[run] = zeros

    def within(self, offset: int, size: int) -> Shape:
        """The bools of one field, counted from its start."""
        bools = tuple(at - offset for at in self.bools if offset <= at < offset + size)
        runs = tuple(
            slice(run.start - offset, run.stop - offset, run.step)
            for run in self.bool_runs
            if offset <= run.start and run.stop <= offset + size
        )
        return Shape(bool(bools or runs), bools, runs, ())


@functools.cache
def shape_of(record: type[ctypes.Structure]) -> Shape:
    """Of a generated record class."""
    facts: Any = record
    types = parse_layout(facts.LAYOUT)
    own = types.get(facts.FINGERPRINT)
    if not isinstance(own, StructText):
        raise NotASegment(
            f"class `{record.__name__}` does not hold its own layout; hint: generate it again"
        )
    bools, gaps = _runs(own, types)
    zeros = tuple((run, bytes(_length(run))) for run in gaps)
    singles = tuple(run.start for run in bools if _length(run) == 1)
    runs = tuple(run for run in bools if _length(run) > 1)
    return Shape(bool(bools), singles, runs, zeros)


def _length(run: slice) -> int:
    return len(range(run.start, run.stop, run.step))


def _runs(struct: StructText, types: dict[str, TypeText]) -> tuple[list[slice], list[slice]]:
    bools: list[slice] = []
    gaps: list[slice] = []
    end = 0
    for field in struct.fields:
        if field.offset > end:
            gaps.append(slice(end, field.offset, 1))
        end = field.offset + field.size
        if field.type == "bool":
            bools.append(slice(field.offset, end, 1))
            continue
        inner = types.get(str(field.held))
        if isinstance(inner, StructText):
            for runs, found in zip((bools, gaps), _runs(inner, types)):
                for run in found:
                    runs.extend(_repeated(run, field, inner.size))
    if end < struct.size:
        gaps.append(slice(end, struct.size, 1))
    return bools, gaps


def _repeated(run: slice, field: FieldText, step: int) -> list[slice]:
    """A run of one element in each element of the field, in as few slices as can be."""
    count = field.size // step
    length = run.stop - run.start
    first = field.offset + run.start
    if run.step == 1 and length < count:
        last = (count - 1) * step + 1
        return [slice(at, at + last, step) for at in range(first, first + length)]
    return [slice(at, at + length, run.step) for at in range(first, first + count * step, step)]
