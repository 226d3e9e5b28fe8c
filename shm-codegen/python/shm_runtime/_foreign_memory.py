"""Memory that another program makes, mapped for reading."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import stat
import time
from typing import Any, Union

from ._create import seconds_of
from ._errors import Closed, NotASegment, NotFound, TooSmall, from_os

#: A path, or the key of a System V segment.
Place = Union[str, "os.PathLike[str]", int]

#: How often memory that is not there yet is looked for, in seconds.
_PAUSE = 0.002
# O_NONBLOCK: opening a FIFO that nobody writes would wait for ever.
_SAFELY = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY

_IPC_STAT = 2
_SHM_RDONLY = 0o10000
#: Where `struct shmid_ds` of Linux has the size, on 64-bit machines, and more
#: than it takes.
_SEGSZ_AT, _SHMID_DS = 48, 256


class Memory:
    """The mapping of some bytes, and what counts its use."""

    __slots__ = ("_owner", "bytes", "closed", "place", "retries")

    def __init__(self, place: Place, size: int) -> None:
        #: For messages.
        self.place = named(place)
        #: Reads that had to be made again.
        self.retries = 0
        self.closed = False
        # Of a System V segment the view owns itself.
        self._owner: Any = None
        if isinstance(place, int):
            self.bytes = _attach(place, self.place, size)
        else:
            self._owner = _map(os.fspath(place), size)
            self.bytes = memoryview(self._owner)

    def check_open(self) -> None:
        """Raises when it was closed."""
        if self.closed:
            raise Closed(f"`{self.place}` was closed; hint: attach to it again")

    def close(self) -> None:
        """Unmaps it, once the last view of it is gone."""
        self.closed = True
        self.bytes.release()
        try:
            if self._owner is not None:
                self._owner.close()
        except BufferError:
            # Another thread is in the middle of a read: the mapping goes when
            # that thread lets go of its view.
            pass


def named(place: Place) -> str:
    """A place in words."""
    if isinstance(place, int):
        return f"System V segment {place:#x}"
    return os.fspath(place)


def open_memory(place: Place, size: int, wait: float | None) -> Memory:
    """The first ``size`` bytes there, after at most ``wait`` seconds."""
    deadline = time.monotonic() + seconds_of(wait)
    while True:
        try:
            return Memory(place, size)
        except (NotFound, TooSmall):
            # Programs make a file first and give it its size then.
            left = deadline - time.monotonic()
            if left <= 0:
                raise
        time.sleep(min(left, _PAUSE))


def _map(path: str, size: int) -> mmap.mmap:
    try:
        # Links are followed: nothing is written.
        fd = os.open(path, _SAFELY)
    except OSError as error:
        raise from_os(error, "open", path) from error
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise NotASegment(f"`{path}` is not a regular file")
        _check_size(path, os.fstat(fd).st_size, size)
        try:
            made = mmap.mmap(fd, size, mmap.MAP_SHARED, mmap.PROT_READ)
        except (OSError, ValueError) as error:
            # What `mmap` says of a file that was cut at this moment.
            _check_size(path, os.fstat(fd).st_size, size)
            if isinstance(error, ValueError):
                raise
            raise from_os(error, "map", path) from error
        # Again: it may have been cut in between.
        _check_size(path, os.fstat(fd).st_size, size)
        return made
    finally:
        os.close(fd)


def _check_size(place: str, found: int, expected: int) -> None:
    if found < expected:
        raise TooSmall(
            f"`{place}` has {found} bytes, expected at least {expected}; hint: the program has "
            "not made it yet (give it time with `wait=`), or its struct is another than the schema's"
        )


def _detach(attached: Any) -> None:
    _libc().shmdt(ctypes.c_void_p(ctypes.addressof(attached)))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _attach(key: int, place: str, size: int) -> memoryview:
    def failed(doing: str) -> Exception:
        number = ctypes.get_errno()
        if number == errno.ENOENT:
            return NotFound(f"no {place}; hint: start its program first, or attach with `wait=`")
        return from_os(OSError(number, os.strerror(number)), doing, place)

    if not 0 < key < 1 << 32:
        raise ValueError(f"a System V key is 1 to 0xffffffff, found {key}")
    libc = _libc()
    # No size and no flag: the segment is looked up and never made.
    found = libc.shmget(ctypes.c_int(ctypes.c_int32(key).value), ctypes.c_size_t(0), 0)
    if found == -1:
        raise failed("look up")
    about = (ctypes.c_char * _SHMID_DS)()
    if libc.shmctl(found, _IPC_STAT, about) == -1:
        raise failed("look at")
    _check_size(place, ctypes.c_size_t.from_buffer(about, _SEGSZ_AT).value, size)
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(found, None, _SHM_RDONLY)
    if address is None or address == ctypes.c_void_p(-1).value:
        raise failed("attach")
    # The last view of it takes it away: a thread that still reads keeps it.
    array: Any = ctypes.c_char * size
    kind: Any = type("_Attached", (array,), {"__del__": _detach})
    return memoryview(kind.from_address(address)).cast("B").toreadonly()
