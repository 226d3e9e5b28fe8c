"""What the Python roles share: their half of ``src/role.rs``."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import torture

import shm_runtime as shm

RECORDS = {"line": torture.Line, "page": torture.Page, "block": torture.Block}
CELLS = {
    "line": torture.line,
    "page": torture.page,
    "block": torture.block,
    "motley": torture.motley,
}
TABLES = {"line": torture.lines, "page": torture.pages}
SEGMENTS = {**CELLS, "motleys": torture.motleys}

#: In this order: the first that fits names the error.
_WORDS = (
    (shm.BadName, "bad-name"),
    (shm.NotFound, "not-found"),
    (shm.AlreadyExists, "already-exists"),
    (shm.PermissionDenied, "permission"),
    (shm.NoSpace, "no-space"),
    (shm.NotASegment, "not-a-segment"),
    (shm.UnknownVersion, "unknown-version"),
    (shm.LayoutMismatch, "layout-mismatch"),
    (shm.WriterBusy, "busy"),
    (shm.Retired, "retired"),
    (shm.Stalled, "stalled"),
    (shm.Closed, "closed"),
    (shm.ReadOnly, "read-only"),
    (shm.SystemFailure, "io"),
)


def place(spelled: str) -> str | Path:
    """``name:HEX`` or ``path:HEX``: whatever the bytes are, it is one word."""
    kind, _, digits = spelled.partition(":")
    text = os.fsdecode(bytes.fromhex(digits))
    return Path(text) if kind == "path" else text


def word(error: BaseException) -> str:
    """What both languages call this error."""
    for kind, name in _WORDS:
        if isinstance(error, kind):
            return name
    return f"{type(error).__name__}: {error}".replace("\n", " ")


def record_of(which: str, number: int) -> Any:
    """A record whose words are all ``number``."""
    size = RECORDS[which].SIZE
    return RECORDS[which].from_buffer_copy(struct.pack("<Q", number) * (size // 8))


def number_of(record: Any) -> int:
    """The number that a record is made of; -1 when it is torn."""
    data = bytes(memoryview(record).cast("B"))
    whole = data == data[:8] * (len(data) // 8)
    return int.from_bytes(data[:8], "little") if whole else -1


def say(*words: object) -> None:
    """One line, at once, and by one system call, so that lines never mix."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())
