"""The writer's lock: who may write, decided by the kernel.

An *open file description* lock over the whole file. It dies with its
descriptor, however the process ends. Unlike ``flock`` it can be asked about
without being taken, so a reader that asks whether the writer lives cannot get
in the way of one that starts. Unlike POSIX record locks it does not vanish
when the process closes some other descriptor of the file.
"""

from __future__ import annotations

import fcntl
import os
import struct
import weakref
from typing import Callable

from ._errors import SystemFailure
from ._place import Place, close

# struct flock: type, whence, start, length (0: to the end), pid.
_FLOCK = struct.Struct("hhqqi4x")
_WHOLE = (os.SEEK_SET, 0, 0, 0)


class Lock:
    """A private descriptor of a segment's file and the lock that hangs on it."""

    __slots__ = ("__weakref__", "_fd", "forked", "held")

    def __init__(self, fd: int) -> None:
        self._fd = fd
        #: Whether this process is the writer.
        self.held = False
        #: Whether it was the writer's right of a parent process.
        self.forked = False
        _LOCKS.add(self)

    @classmethod
    def reopened(cls, fd: int, write: bool) -> Lock:
        """On a descriptor of its own for the file behind ``fd``.

        Of its own, because `mmap` duplicates the descriptor it is given, and a
        lock lives as long as any duplicate does.
        """
        return cls(_reopened(fd, os.O_RDWR if write else os.O_RDONLY))

    def take(self) -> bool:
        """Becomes the writer; false when another is."""
        try:
            fcntl.fcntl(self._fd, fcntl.F_OFD_SETLK, _FLOCK.pack(fcntl.F_WRLCK, *_WHOLE))
        except (BlockingIOError, PermissionError):
            return False
        self.held = True
        return True

    def is_taken(self) -> bool:
        """Whether some process is the writer."""
        if self.held:
            return True
        asked = _FLOCK.pack(fcntl.F_WRLCK, *_WHOLE)
        try:
            answer = fcntl.fcntl(self._fd, fcntl.F_OFD_GETLK, asked)
        except OSError:
            # Nothing that a program could act on; Rust says the same.
            return False
        kind: int = _FLOCK.unpack(answer)[0]
        return kind != fcntl.F_UNLCK

    def reopen(self) -> int:
        """Another descriptor of the file, for reading."""
        return _reopened(self._fd, os.O_RDONLY)

    def is_linked(self) -> bool:
        """Whether the file has any name."""
        return os.fstat(self._fd).st_nlink > 0

    def is_named(self, place: Place) -> bool:
        """Whether the file still has the name of ``place``."""
        return place.holds(self._fd)

    def give_name(self, place: Place) -> bool:
        """Gives the file the name of ``place``; false when that is taken."""
        return place.link(self._fd)

    def close(self) -> None:
        """Gives the lock up."""
        fd, self._fd, self.held = self._fd, -1, False
        if fd >= 0:
            close(fd)

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        if self._fd >= 0:
            close(self._fd)

    def _after_fork(self) -> None:
        if not self.held:
            return
        # The child's descriptor shares the parent's lock and would keep it
        # alive after the parent's death.
        fd = self._fd
        self._fd, self.held, self.forked = -1, False, True
        try:
            self._fd = _reopened(fd, os.O_RDONLY)
        finally:
            close(fd)


def _reopened(fd: int, flags: int) -> int:
    path = f"/proc/self/fd/{fd}"
    try:
        return os.open(path, flags | os.O_CLOEXEC)
    except FileNotFoundError as error:
        # Not the segment: that is open already.
        failed = SystemFailure(f"no `{path}`; hint: mount /proc (`mount -t proc proc /proc`)")
        failed.errno = error.errno
        raise failed from error


_LOCKS: weakref.WeakSet[Lock] = weakref.WeakSet()


def _after_fork() -> None:
    for lock in list(_LOCKS):
        lock._after_fork()


os.register_at_fork(after_in_child=_after_fork)
