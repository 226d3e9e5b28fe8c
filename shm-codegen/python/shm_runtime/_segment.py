"""A mapped segment. Knows no sequence."""

from __future__ import annotations

import mmap
import os
import threading
import weakref
from typing import Any, NoReturn, Protocol, SupportsIndex

from ._backend import native
from ._errors import Closed, Forked, ReadOnly, from_os, told
from ._lock import Lock
from ._place import Place, close
from ._view import View
from .segment_header import SegmentHeader

_WORD = 8
#: ``MADV_POPULATE_READ``, for which `mmap` has no name.
_POPULATE_READ = 22
_RETIRED = SegmentHeader.OFFSETS["retired"] // _WORD
_WRITER_PID = SegmentHeader.OFFSETS["writer_pid"] // _WORD
_WRITER_START = SegmentHeader.OFFSETS["writer_start"] // _WORD


class Holder(Protocol):
    """Something that keeps views of the mapping."""

    def _release(self) -> None: ...


class Bound:
    """What looks into a segment that this process has open."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        # For `pickle` and `copy`. Without it `copy.copy` makes a second handle
        # on one mapping, and `pickle` complains of a class.
        raise TypeError(
            f"{self!r} belongs to this process and cannot be pickled or copied; hint: attach by "
            "name in the other process; what `read()` and `snapshot()` give can be pickled"
        )


class Segment:
    """The mapping, the lock, and what has to go before the mapping can."""

    __slots__ = (
        "_closed",
        "_holders",
        "_lent",
        "_map",
        "bytes",
        "clock",
        "copies",
        "guard",
        "header",
        "lock",
        "native",
        "place",
        "publishing",
        "retries",
        "view",
        "words",
    )

    def __init__(
        self, place: Place, header: SegmentHeader, fd: int, lock: Lock, write: bool
    ) -> None:
        self.place = place
        self.header = header
        self.copies = header.copies
        #: The ``clockid_t`` of the stamps.
        self.clock = header.clock_id
        self.lock = lock
        #: How its records are seen, where their layout is another version's.
        self.view: View | None = None
        #: Reads that had to be made again.
        self.retries = 0
        #: One thread writes at a time.
        self.guard = threading.RLock()
        #: Whether a write is under way; seen again by a signal handler.
        self.publishing = False
        self._closed = False
        self._map = map_file(place, fd, header.total_size, write)
        self.bytes = memoryview(self._map)
        #: Signed; see `_latch`.
        self.words = self.bytes[: header.total_size // _WORD * _WORD].cast("q")
        #: The same as the extension maps it; ``None`` without one.
        self.native: Any = None if native is None else native.Records(fd, place.path, write)
        self._lent: mmap.mmap | None = None
        self._holders: weakref.WeakSet[Any] = weakref.WeakSet()

    @property
    def closed(self) -> bool:
        """Whether it was closed in this process."""
        return self._closed

    def hold(self, holder: Holder) -> None:
        """``holder`` lets its views go when the segment is closed."""
        self._holders.add(holder)

    def lend(self) -> memoryview:
        """The segment's bytes, read-only, for others to keep.

        From a mapping of its own, so that whether they still keep it can be
        learnt before anything else is torn down.
        """
        self.check_open()
        if self._lent is None:
            with told("open", self.place.path):
                fd = self.lock.reopen()
            try:
                self._lent = map_file(self.place, fd, self.header.total_size, write=False)
            finally:
                close(fd)
        return memoryview(self._lent)

    def prefault(self) -> None:
        """Maps every page now and not at its first touch."""
        if self.native is not None:
            self.native.prefault()
            return
        try:
            self._map.madvise(_POPULATE_READ)
        except OSError:
            # Linux before 5.14 does not know it. A look at each page does the
            # same, more slowly.
            self.bytes[:: mmap.PAGESIZE].tobytes()

    def check_open(self) -> None:
        """Raises when the segment was closed."""
        if self.closed:
            raise Closed(f"segment `{self.place.name}` was closed; hint: attach to it again")

    def check_writer(self) -> None:
        """Raises unless this process is the writer."""
        if self.lock.held:
            return
        self.check_open()
        name = self.place.name
        if self.lock.forked:
            raise Forked(
                f"a forked child cannot write segment `{name}`: the right to write stays with the "
                "process that took it; hint: let the child `create(exist_ok=True)` after its parent closed"
            )
        raise ReadOnly(f"segment `{name}` is attached for reading; hint: a writer calls `create`")

    @property
    def retired(self) -> bool:
        """Whether it was unlinked or replaced."""
        return bool(self.words[_RETIRED])

    def retire(self, retired: bool = True) -> None:
        """Notes in the header that this is the end, or takes that back."""
        self.words[_RETIRED] = int(retired)

    def sign(self) -> None:
        """Notes in the header who the writer is."""
        self.words[_WRITER_PID] = os.getpid()
        self.words[_WRITER_START] = start_ticks()

    def close(self) -> None:
        """Unmaps, and gives the lock up.

        Raises `BufferError` when somebody keeps a view that was lent; then
        nothing has changed.
        """
        if self._lent is not None:
            try:
                self._lent.close()
            except BufferError:
                raise BufferError(
                    f"segment `{self.place.name}` has views that are still in use; "
                    "hint: delete what came from `memory` and from `numpy.frombuffer` of it"
                ) from None
            self._lent = None
        self._closed = True
        for holder in list(self._holders):
            holder._release()
        if self.native is not None:
            self.native.close()
        self.words.release()
        self.bytes.release()
        self.lock.close()
        try:
            self._map.close()
        except BufferError:
            # Another thread is in the middle of a read: the mapping goes when
            # that thread lets go of its view.
            pass


def map_file(place: Place, fd: int, size: int, write: bool) -> mmap.mmap:
    """A shared mapping; a reader's cannot be written through."""
    protection = mmap.PROT_READ | (mmap.PROT_WRITE if write else 0)
    try:
        return mmap.mmap(fd, size, mmap.MAP_SHARED, protection)
    except OSError as error:
        raise from_os(error, "map", place.path) from error


def start_ticks() -> int:
    """When this process started, in clock ticks since boot; 0 when that cannot be known."""
    try:
        with open("/proc/self/stat", "rb") as file:
            # The command's name, in brackets, may hold blanks and brackets.
            return int(file.read().rpartition(b")")[2].split()[19])
    except OSError:
        # Without /proc the pid has to do; it serves messages only.
        return 0
