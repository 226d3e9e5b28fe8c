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


def from_os(error: OSError, doing: str, path: str) -> Error:
    """The error for a system call that failed while ``doing`` with ``path``."""
    said = f"cannot {doing} `{path}`: {(error.strerror or str(error)).lower()}"
    made: Error
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        made = PermissionDenied(f"{said}; hint: ask its owner for access, or see `mode=`")
    elif error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        made = NoSpace(f"{said}; hint: free some memory, or enlarge the file system")
    elif error.errno == errno.ENOENT:
        made = NotFound(f"{said}; hint: start the writer first, or attach with `wait=`")
    elif error.errno in (errno.ELOOP, errno.ENXIO):
        made = NotASegment(f"{said}; hint: a segment is a regular file, never a link")
    elif error.errno in (errno.EOPNOTSUPP, errno.EISDIR):
        made = SystemFailure(f"{said}; hint: the file system must know O_TMPFILE, as tmpfs does")
    else:
        made = SystemFailure(said)
    if isinstance(made, OSError):
        made.errno = error.errno
    return made
