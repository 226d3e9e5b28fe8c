"""The protocol by which one writer and any number of readers share a record.

A row holds a sequence word and several copies of the record::

    seq = 2n       version n is published, its bytes are in copy n % N
    seq = 2n + 1   the same, and version n + 1 is being written to its copy

Where copies are kept in a tuple, the word itself is the index: copy n % N
stands at ``word & (2 * N - 2)``, and nothing between. Words are looked at as
signed numbers, so that the word of a retired segment is below zero: CPython
compares and masks a small number far faster than one of 64 bits.

A reader takes the bytes between two looks at the word and keeps them if the
writer cannot have come round to their copy; otherwise it tries again. It never
waits for a writer, living or dead.

CPython adds no fences and `memoryview` none either: what is here holds where
the processor keeps loads in order and stores in order, which x86-64 does. The
package refuses to be imported elsewhere.
"""

from __future__ import annotations

import time
from typing import Any, Callable, Protocol, TypeVar

from ._errors import Reentered, Retired, Stalled
from ._segment import Segment

#: In the sequence word of every row of a segment that was unlinked or replaced.
RETIRED = 1 << 63
#: Reads of one record before it is given up. With a writer that never rests,
#: one in a few fails; so many in a row are the sign of a broken word.
TRIES = 1_000_000

_ALL = slice(None)
_WORD = 1 << 64
_T = TypeVar("_T")


class Latched(Protocol):
    """A row as the protocol sees it."""

    _segment: Segment
    #: Two words: the sequence, and the stamp of the last write.
    _seq: memoryview

    def _copies(self) -> Any: ...


def is_whole(first: int, second: int, copies: int) -> bool:
    """Whether what was read between two looks at the word is one version.

    The copy that was read is that of version n; version n + copies is the
    first to use it again, and it begins at ``2 * (n + copies) - 1``.
    """
    return first >= 0 and (second - (first & ~1)) % _WORD < 2 * copies - 1


def numbered(text: str, names: dict[str, Any], **numbers: int | str) -> Any:
    """The function that a text of ours defines, with numbers where a closure would have variables.

    Python 3.9 takes a longer way to call a closure, a tenth of a read.
    """
    scope = {"__name__": __name__, **names}
    exec(text.format(**numbers), scope)  # noqa: S102
    return scope.popitem()[1]


def read(row: Latched, take: Callable[[int], _T]) -> _T:
    """What ``take`` makes of the published copy, given its index, once it is whole."""
    segment = row._segment
    try:
        seq = row._seq
        copies = segment.copies
        for _ in range(TRIES):
            first = seq[0]
            if first < 0:
                raise retired(segment)
            value = take(first & 2 * copies - 2)
            if is_whole(first, seq[0], copies):
                return value
            segment.retries += 1
    except ValueError:
        # A view that was released says so by ValueError.
        segment.check_open()
        raise
    raise stalled(segment, TRIES, seq[0])


def publish(row: Latched, data: bytes | bytearray) -> None:
    """Makes ``data`` the row's next version.

    An exception between the stores (Ctrl-C) leaves the word odd, which readers
    take as it is meant: the old version stands. The next write repairs it.
    """
    segment = row._segment
    segment.check_writer()
    with segment.guard:
        if segment.publishing:
            raise Reentered("a signal handler cannot write while it interrupts a write")
        segment.publishing = True
        try:
            seq = row._seq
            first = seq[0]
            if first < 0:
                raise retired(segment)
            following = (first | 1) + 1
            seq[0] = following - 1
            row._copies()[following & 2 * segment.copies - 2][_ALL] = data
            seq[1] = time.clock_gettime_ns(segment.clock)
            seq[0] = following
        finally:
            segment.publishing = False


def retire_rows(segment: Segment, retired: bool = True) -> None:
    """Tells every reader, at its next read, that the segment is at its end, or takes that back."""
    header, words = segment.header, segment.words
    first, step = header.records_offset // 8, header.stride // 8
    for at in range(first, first + header.rows * step, step):
        words[at] = words[at] | -RETIRED if retired else words[at] & ~-RETIRED


def retired(segment: Segment) -> Retired:
    """The error of a read after the end."""
    return Retired(
        f"segment `{segment.place.name}` was unlinked or replaced; hint: close it and attach again"
    )


def stalled(segment: Segment, tries: int, sequence: int) -> Stalled:
    """The error of a read that met a writer in each of its tries."""
    return Stalled(
        f"no whole record of segment `{segment.place.name}` in {tries} tries "
        f"(sequence {sequence}); "
        "hint: its writer does not keep to the protocol, or never pauses",
        tries,
    )
