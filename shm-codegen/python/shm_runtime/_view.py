"""How a reader sees records of another layout than its own.

All that the two layouts have in common lies at the same place, so a record is
copied as it lies, and then what the reader should not see as it lies is written
over: fields that the segment's writer does not know, and bytes that the reader
does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Union


class Fill(NamedTuple):
    """Bytes of a struct, counted from its start."""

    at: int
    data: bytes


class Each(NamedTuple):
    """Patches in each element of an array."""

    at: int
    elements: int
    #: From one element to the next.
    step: int
    patches: tuple[Patch, ...]


Patch = Union[Fill, Each]


class View(NamedTuple):
    """How a reader sees records of another layout."""

    #: Bytes that both records have, from their start.
    shared: int
    #: Of the reader's record.
    size: int
    #: What is written over the copy, in this order.
    patches: tuple[Patch, ...]
    #: Fields of the record that the segment lacks.
    lacks: frozenset[str]

    def complete(self, data: bytearray) -> None:
        """Makes the bytes that both have what the reader sees of the record."""
        data.extend(bytes(self.size - len(data)))
        _apply(self.patches, data, 0)


def _apply(patches: Iterable[Patch], data: bytearray, start: int) -> None:
    for patch in patches:
        at = start + patch.at
        if isinstance(patch, Fill):
            data[at : at + len(patch.data)] = patch.data
        else:
            for first in range(at, at + patch.elements * patch.step, patch.step):
                _apply(patch.patches, data, first)
