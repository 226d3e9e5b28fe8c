"""Where a segment lies: a name, or a path to a plain file."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from typing import Union

from ._errors import BadName, NotASegment, NotFound, from_os

#: A name for ``/dev/shm``, or the path of a plain file.
Name = Union[str, "os.PathLike[str]"]

_SHARED = "/dev/shm"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,199}\Z")
# O_NONBLOCK: opening a FIFO that nobody writes would wait for ever.
_SAFELY = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Place:
    """A file that is a segment or may become one."""

    __slots__ = ("folder", "name", "path")

    def __init__(self, name: Name) -> None:
        if isinstance(name, str):
            if not _NAME.match(name) or ".." in name:
                raise BadName(
                    f"`{name!r}` cannot name a segment; hint: a letter, then at most 199 "
                    "letters, digits, `.`, `_` and `-`, without `..`; give a path as `pathlib.Path`"
                )
            self.path = f"{_SHARED}/{name}"
        else:
            path = os.fspath(name)
            if not isinstance(path, str) or not path or "\0" in path:
                raise BadName(f"`{path!r}` is not a path that can name a segment")
            self.path = os.path.abspath(path)
        #: For messages: as the caller spelled it.
        self.name = str(name)
        self.folder = os.path.dirname(self.path)

    def open(self, write: bool) -> int | None:
        """A descriptor of the regular file here; ``None`` when there is none."""
        try:
            fd = os.open(self.path, (os.O_RDWR if write else os.O_RDONLY) | _SAFELY)
        except FileNotFoundError:
            return None
        except IsADirectoryError:
            raise self._not_a_file() from None
        except OSError as error:
            raise from_os(error, "open", self.path) from error
        try:
            regular = stat.S_ISREG(os.fstat(fd).st_mode)
        except OSError as error:
            close(fd)
            raise from_os(error, "look at", self.path) from error
        if not regular:
            close(fd)
            raise self._not_a_file()
        return fd

    def _not_a_file(self) -> NotASegment:
        return NotASegment(f"`{self.name}` is not a segment: it is not a regular file")

    def open_unnamed(self) -> int:
        """A descriptor of a new file that has no name yet."""
        try:
            return os.open(self.folder, os.O_RDWR | os.O_TMPFILE | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            raise NotFound(f"no folder `{self.folder}`; hint: make it first") from None
        except OSError as error:
            raise from_os(error, "create a segment in", self.folder) from error

    def link(self, fd: int) -> bool:
        """Names the file behind ``fd``; false when the name is taken."""
        try:
            # Given a directory descriptor, Python calls linkat, which can
            # follow the link in /proc; plain link() would link the link.
            os.link(f"/proc/self/fd/{fd}", self.path, src_dir_fd=fd, follow_symlinks=True)
        except FileExistsError:
            return False
        except OSError as error:
            raise from_os(error, "create", self.path) from error
        return True

    def holds(self, fd: int) -> bool:
        """Whether the name still leads to the file behind ``fd``."""
        try:
            here = os.stat(self.path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        there = os.fstat(fd)
        return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)

    def unlink(self) -> None:
        """Takes the name away."""
        try:
            os.unlink(self.path)
        except FileNotFoundError:
            pass
        except PermissionError as error:
            hint = (
                "in a folder such as /dev/shm only the file's owner may, whatever its mode: do it "
                "as that user"
            )
            raise from_os(error, "remove", self.path, hint) from error
        except OSError as error:
            raise from_os(error, "remove", self.path) from error


def close(fd: int) -> None:
    """Closes a descriptor, which is gone whatever the system says of it."""
    with contextlib.suppress(OSError):
        os.close(fd)
