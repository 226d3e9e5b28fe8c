"""The layout of records as text, and what is read from it.

A descriptor comes from another process, and a reader of another layout goes by
it: it is taken as a whole or not at all. The Rust runtime reads the same
language, no more and no less.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple, Union

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
# A number of more digits is not ours.
_NUMBER = "[0-9]{1,18}"
_FIELD = re.compile(
    rf"({_NAME}) ([A-Za-z0-9_:]+)(?: \[({_NUMBER}(?:,{_NUMBER}){{0,3}})\])?"
    rf" @({_NUMBER}) \+({_NUMBER})"
)
_STRUCT = re.compile(f"struct ({_NAME}) ({_NUMBER}) ({_NUMBER})")
_NUMBERS = re.compile(f"(enum|flags) ({_NAME}) ([^ ]*)")
_VALUE = re.compile(f"({_NAME})=(.*)", re.DOTALL)
_FINGERPRINT = re.compile("[0-9a-f]{64}")
_VERSION = re.compile(_NUMBER)
#: What could steer a terminal, as words of the text go into messages.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class FieldText(NamedTuple):
    """A field's line."""

    name: str
    #: Of one element: ``f64``, ``str:16``, ``struct:Level:<fingerprint>``.
    type: str
    dims: tuple[int, ...]
    offset: int
    #: Of all elements.
    size: int

    @property
    def end(self) -> int:
        """The byte behind it."""
        return self.offset + self.size

    @property
    def elements(self) -> int:
        """How many it has."""
        count = 1
        for dim in self.dims:
            count *= dim
        return count

    @property
    def named(self) -> tuple[str, str, str] | None:
        """Kind, name and fingerprint of the named type it holds."""
        kind, _, rest = self.type.partition(":")
        name, _, fingerprint = rest.partition(":")
        if kind not in ("struct", "enum", "flags") or not _FINGERPRINT.fullmatch(fingerprint):
            return None
        return kind, name, fingerprint

    @property
    def held(self) -> str | None:
        """The fingerprint of the named type it holds."""
        named = self.named
        return None if named is None else named[2]

    @property
    def shown(self) -> str:
        """The type as the schema spells it: ``Level[5]``."""
        named = self.named
        plain = self.type if named is None else named[1]
        return plain + (f"[{','.join(map(str, self.dims))}]" if self.dims else "")


class StructText(NamedTuple):
    """A struct's own text."""

    name: str
    size: int
    align: int
    #: In the order of their bytes, each behind the one before it and in the
    #: struct, no two of one name.
    fields: tuple[FieldText, ...]

    @property
    def shown(self) -> str:
        """What it is, for messages."""
        return f"{self.size} bytes (align {self.align})"


class NumbersText(NamedTuple):
    """An enum's or flags' own text."""

    kind: str
    name: str
    repr: str
    #: Names, no two alike, and their numbers.
    values: dict[str, str]

    @property
    def shown(self) -> str:
        """What it is, for messages."""
        return f"{self.kind} {self.repr}"


TypeText = Union[StructText, NumbersText]


class Descriptor(NamedTuple):
    """What a segment says of itself."""

    #: ``market v3``; empty when the segment comes from no schema.
    schema: str
    #: The schema's package and version.
    origin: tuple[str, int] | None
    #: The segment's name in its schema; ``-`` without one.
    segment: str
    #: The record's fingerprint.
    record: str
    types: dict[str, TypeText]


def parse(text: str) -> Descriptor | None:
    """Reads a descriptor; ``None`` when it is not one."""
    if not text.endswith("\n") or _CONTROL.search(text):
        return None
    head, *layout = text[:-1].split("\n\n")
    lines = [line.split(" ") for line in head.split("\n")]
    if len(lines) != 4 or lines[0] != ["shm-descriptor/1"]:
        return None
    schema, segment, record = lines[1:]
    if [line[:1] for line in lines[1:]] != [["schema"], ["segment"], ["record"]]:
        return None
    if len(schema) != 4 or len(segment) < 3 or len(record) != 3:
        return None
    if not _VERSION.fullmatch(schema[2]) or not _FINGERPRINT.fullmatch(record[2]):
        return None
    types = _types(layout)
    if types is None:
        return None
    origin = None if schema[1] == "-" else (schema[1], int(schema[2]))
    return Descriptor(
        "" if origin is None else f"{origin[0]} v{origin[1]}", origin, segment[1], record[2], types
    )


def parse_layout(text: str) -> dict[str, TypeText]:
    """The types of a record's layout text, by fingerprint; none when it is not one."""
    return _types(text.rstrip("\n").split("\n\n")) or {}


def _types(texts: list[str]) -> dict[str, TypeText] | None:
    types = {}
    for text in texts:
        found = _parse_type(text)
        if found is None:
            return None
        # Each text ends its last line, which the split has taken.
        types[hashlib.sha256(f"{text}\n".encode()).hexdigest()] = found
    return types


def _parse_type(text: str) -> TypeText | None:
    algorithm, *lines = text.rstrip("\n").split("\n")
    if algorithm != "shm-layout/1" or not lines:
        return None
    head = _STRUCT.fullmatch(lines[0])
    if head is not None:
        return _parse_struct(head[1], int(head[2]), int(head[3]), lines[1:])
    head = _NUMBERS.fullmatch(lines[0])
    return None if head is None else _parse_numbers(head[1], head[2], head[3], lines[1:])


def _parse_struct(name: str, size: int, align: int, lines: list[str]) -> StructText | None:
    fields = []
    end = 0
    for line in lines:
        found = _FIELD.fullmatch(line)
        if found is None:
            return None
        dims = tuple(int(n) for n in found[3].split(",")) if found[3] else ()
        field = FieldText(found[1], found[2], dims, int(found[4]), int(found[5]))
        if field.offset < end or field.size == 0:
            return None
        end = field.end
        fields.append(field)
    if end > size or len({field.name for field in fields}) < len(fields):
        return None
    return StructText(name, size, align, tuple(fields))


def _parse_numbers(kind: str, name: str, stored: str, lines: list[str]) -> NumbersText | None:
    found = [_VALUE.fullmatch(line) for line in lines]
    values = {value[1]: value[2] for value in found if value is not None}
    return NumbersText(kind, name, stored, values) if len(values) == len(lines) else None
