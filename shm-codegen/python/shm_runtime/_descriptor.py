"""The layout of records as text, and what is read from it.

A descriptor comes from another process: nothing here trusts it, and what
cannot be read is left out.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_FIELD = re.compile(r"([A-Za-z]\w*) (\S+)(?: \[([0-9,]+)\])? @([0-9]+) \+([0-9]+)\Z", re.ASCII)
_STRUCT = re.compile(r"struct (\w+) ([0-9]+) ([0-9]+)\Z", re.ASCII)


class FieldText(NamedTuple):
    """A field's line."""

    name: str
    #: Of one element: ``f64``, ``str:16``, ``struct:Level:<fingerprint>``.
    type: str
    dims: tuple[int, ...]
    offset: int
    size: int

    @property
    def held(self) -> str | None:
        """The fingerprint of the named type it holds."""
        parts = self.type.split(":")
        return parts[2] if len(parts) == 3 else None

    @property
    def shown(self) -> str:
        """The type as the schema spells it: ``Level[5]``."""
        parts = self.type.split(":")
        plain = parts[1] if len(parts) == 3 else self.type
        return plain + (f"[{','.join(map(str, self.dims))}]" if self.dims else "")


class StructText(NamedTuple):
    """A struct's own text."""

    name: str
    size: int
    align: int
    fields: tuple[FieldText, ...]


class Descriptor(NamedTuple):
    """What a segment says of itself."""

    #: ``market v3``; empty when the segment comes from no schema.
    schema: str
    #: The segment's name in its schema; ``-`` without one.
    segment: str
    record: str
    structs: dict[str, StructText]


def parse(text: str) -> Descriptor | None:
    """Reads a descriptor; ``None`` when it is not one."""
    head, _, layout = text.partition("\n\n")
    lines = [line.split() for line in head.split("\n")]
    if len(lines) != 4 or lines[0] != ["shm-descriptor/1"]:
        return None
    schema, segment, record = lines[1:]
    if [line[:1] for line in lines[1:]] != [["schema"], ["segment"], ["record"]]:
        return None
    if len(schema) != 4 or len(segment) < 3 or len(record) != 3:
        return None
    origin = "" if schema[1] == "-" else f"{schema[1]} v{schema[2]}"
    return Descriptor(origin, segment[1], record[2], parse_layout(layout))


def parse_layout(text: str) -> dict[str, StructText]:
    """The structs of a record's layout text, by fingerprint."""
    structs = {}
    for own in text.split("\n\n"):
        own = own.rstrip("\n") + "\n"
        found = _parse_struct(own)
        if found is not None:
            structs[hashlib.sha256(own.encode()).hexdigest()] = found
    return structs


def _parse_struct(own: str) -> StructText | None:
    algorithm, _, rest = own.partition("\n")
    lines = rest.split("\n")[:-1]
    head = _STRUCT.match(lines[0]) if lines else None
    if algorithm != "shm-layout/1" or head is None:
        return None
    fields = []
    for line in lines[1:]:
        field = _FIELD.match(line)
        if field is None:
            return None
        name, kind, dims, offset, size = field.groups()
        shape = tuple(int(n) for n in dims.split(",") if n) if dims else ()
        fields.append(FieldText(name, kind, shape, int(offset), int(size)))
    return StructText(head[1], int(head[2]), int(head[3]), tuple(fields))
