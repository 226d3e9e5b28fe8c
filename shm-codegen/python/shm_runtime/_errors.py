"""What can go wrong, as a small tree under one base class.

Each message names the thing in backticks, says what was found and what was
expected, and ends with ``hint:`` and the remedy where there is one.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator


class Error(Exception):
    """The base of all exceptions that this package defines."""


class BadName(Error, ValueError):
    """A name that cannot be a segment's."""


class NotFound(Error, FileNotFoundError):
    """No segment has that name."""


class AlreadyExists(Error, FileExistsError):
    """A segment already has that name."""


class PermissionDenied(Error, PermissionError):
    """The system does not let this user open or create the segment."""


class NoSpace(Error, OSError):
    """There is no room for the whole segment."""


class SystemFailure(Error, OSError):
    """A system call failed in a way that has no class of its own here."""


class NotASegment(Error, ValueError):
    """The file of that name is not a segment, or a damaged one."""


class TooSmall(Error, ValueError):
    """Memory of another program ends before its last record does."""


class NotValid(Error):
    """A record of another program is marked as not valid."""


class UnknownVersion(Error):
    """The segment was made by a version of the runtime that this one does not know."""


class LayoutMismatch(Error):
    """The segment's records have another layout than the class."""

    #: What differs, a sentence each; may be empty when it cannot be told.
    differences: tuple[str, ...]

    def __init__(self, message: str, differences: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.differences = differences


class WriterBusy(Error):
    """Another writer holds the segment."""

    #: The writer's process, when it could be learnt.
    pid: int | None

    def __init__(self, message: str, pid: int | None = None) -> None:
        super().__init__(message)
        self.pid = pid


class Retired(Error):
    """The segment was unlinked or replaced while this process used it."""


class Stalled(Error):
    """No try within the bound found a whole record."""

    #: How often it was tried.
    tries: int

    def __init__(self, message: str, tries: int = 0) -> None:
        super().__init__(message)
        self.tries = tries


class ReadOnly(Error):
    """A reader was asked to write."""


class Forked(Error):
    """A forked child was asked to write; only its parent may."""


class Reentered(Error):
    """A signal handler tried to write to a segment whose write it had interrupted."""


class Closed(Error, ValueError):
    """The segment was closed in this process."""


class NoSuchRow(Error, IndexError):
    """The table has no row of that number."""


class NoSuchKey(Error, KeyError):
    """No row of the table has that key."""

    # KeyError would show the message in quotes.
    __str__ = Exception.__str__


@contextlib.contextmanager
def told(doing: str, path: str) -> Iterator[None]:
    """Gives a system call that fails while ``doing`` with ``path`` an error of ours."""
    try:
        yield
    except Error:
        raise
    except OSError as error:
        raise from_os(error, doing, path) from error


def from_os(error: OSError, doing: str, path: str, hint: str = "") -> Error:
    """The error for a system call that failed while ``doing`` with ``path``.

    With a ``hint`` of the caller's, or the usual one.
    """
    said = f"cannot {doing} `{path}`: {(error.strerror or str(error)).lower()}"
    kind, usual = _KINDS.get(error.errno or 0, (SystemFailure, ""))
    hint = hint or usual
    made = kind(f"{said}; hint: {hint}" if hint else said)
    if isinstance(made, OSError):
        made.errno = error.errno
    return made


_ASK = "ask its owner for access, or see `mode=`"
_FREE = "free some memory, or enlarge the file system"
_PLAIN = "a segment is a regular file, never a link"
_UNNAMED = "the file system must know O_TMPFILE, as tmpfs does"
_CLOSE = "close what is not needed, or raise the limit (`ulimit -n`)"

#: What each number of an error means here, and what to do about it.
_KINDS: dict[int, tuple[type[Error], str]] = {
    errno.EACCES: (PermissionDenied, _ASK),
    errno.EPERM: (PermissionDenied, _ASK),
    errno.EROFS: (PermissionDenied, "mount it writable; readers need no more than this"),
    errno.ENOSPC: (NoSpace, _FREE),
    errno.EDQUOT: (NoSpace, _FREE),
    errno.EFBIG: (NoSpace, "raise the limit on the size of files (`ulimit -f`)"),
    errno.ENOENT: (NotFound, "start the writer first, or attach with `wait=`"),
    errno.ELOOP: (NotASegment, _PLAIN),
    errno.ENXIO: (NotASegment, _PLAIN),
    errno.EOPNOTSUPP: (SystemFailure, _UNNAMED),
    errno.EISDIR: (SystemFailure, _UNNAMED),
    errno.EMFILE: (SystemFailure, _CLOSE),
    errno.ENFILE: (SystemFailure, _CLOSE),
    errno.ENOMEM: (SystemFailure, "free some memory, or raise the limit (`ulimit -v`)"),
}
