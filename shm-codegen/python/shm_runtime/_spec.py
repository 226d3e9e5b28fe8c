"""What a program expects of a segment."""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

CELL = 1
TABLE = 2
#: By the header's ``kind``.
KINDS = {CELL: "cell", TABLE: "table"}
ROWS = 1
ARRAYS = 2
#: By the header's ``order``.
ORDERS = {ROWS: "rows", ARRAYS: "arrays"}


class Schema(NamedTuple):
    """The schema that a segment comes from."""

    package: str
    version: int
    fingerprint: str


NO_SCHEMA = Schema("-", 0, "0" * 64)


class Spec(NamedTuple):
    """A segment as a schema declares it."""

    record: type[ctypes.Structure]
    kind: int
    rows: int
    key: str | None
    #: The segment's name in the schema; ``-`` without one.
    segment: str
    schema: Schema
    #: Copies of each record in a new segment; one that is there has its own.
    copies: int
    #: How the records of a new segment lie, by the header's ``order``; of one
    #: that is there its header says it.
    order: int

    @property
    def facts(self) -> Any:
        """The record's class, for what generated classes say of themselves."""
        return self.record

    @property
    def default_name(self) -> str:
        """``<package>.<segment>``."""
        return f"{self.schema.package}.{self.segment}"

    def descriptor(self) -> str:
        """The text that goes into the segment, so that others can read it."""
        shape = "cell" if self.kind == CELL else f"table {self.rows}"
        if self.key is not None:
            shape += f" key {self.key}"
        record = self.facts
        # As the schema spells it: a class may be called `from_`.
        name = record.LAYOUT.rpartition("\nstruct ")[2].partition(" ")[0]
        return (
            "shm-descriptor/1\n"
            f"schema {self.schema.package} {self.schema.version} {self.schema.fingerprint}\n"
            f"segment {self.segment} {shape}\n"
            f"record {name} {record.FINGERPRINT}\n"
            f"\n{record.LAYOUT}"
        )
