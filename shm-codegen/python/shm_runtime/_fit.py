"""Two layouts held against each other: may a reader see the one as the other?

The rules are numbered in ``docs/layout-evolution.md``.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any, NamedTuple

from ._descriptor import Descriptor, FieldText, NumbersText, StructText, TypeText, parse_layout
from ._spec import Spec
from ._view import Each, Fill, Patch, View

#: By the schema's name of a number; times are numbers of 64 bits.
_CODES = {
    **{f"u{8 * size}": code for size, code in zip((1, 2, 4, 8), "BHIQ")},
    **{f"i{8 * size}": code for size, code in zip((1, 2, 4, 8), "bhiq")},
    "f32": "f",
    "f64": "d",
}


class Fit(NamedTuple):
    """What a comparison found."""

    #: Right if nothing breaks.
    view: View
    #: What keeps a reader from attaching, a sentence each.
    breaking: tuple[str, ...]
    #: What does not.
    harmless: tuple[str, ...]


def compare(spec: Spec, found: Descriptor, record_size: int) -> Fit | None:
    """Holds a record against the one that a descriptor tells of.

    ``None`` when that cannot be, because one of the two makes no sense.
    """
    facts = spec.facts
    here, there = parse_layout(facts.LAYOUT), found.types
    ours, theirs = here.get(facts.FINGERPRINT), there.get(found.record)
    if not isinstance(ours, StructText) or not isinstance(theirs, StructText):
        return None
    if theirs.size != record_size:
        return None
    comparison = _Comparison(here, found)
    if ours.name != theirs.name:
        comparison.breaking.append(
            f"the record is `{ours.name}` here and `{theirs.name}` in the segment"
        )
    patches = comparison.types(spec.record, ours, theirs, inner=False)
    known = {field.name for field in theirs.fields}
    lacks = frozenset(field.name for field in ours.fields if field.name not in known)
    if spec.key in lacks:
        comparison.breaking.append(f"`{ours.name}.{spec.key}` is not in the segment")
    view = View(min(ours.size, theirs.size), ours.size, patches, lacks)
    return Fit(view, *map(tuple, (comparison.breaking, comparison.harmless)))


class _Comparison:
    """Two records' layouts, ours and the segment's."""

    def __init__(self, here: dict[str, TypeText], found: Descriptor) -> None:
        self._here = here
        self._there = found.types
        self._origin = found.origin
        #: Types that were compared, however often they are held.
        self._done: dict[tuple[str, str], tuple[Patch, ...]] = {}
        self._absent: dict[str, tuple[Patch, ...]] = {}
        self.breaking: list[str] = []
        self.harmless: list[str] = []

    def _differ(self, breaks: bool, sentence: str) -> None:
        (self.breaking if breaks else self.harmless).append(sentence)

    def types(
        self, record: type[Any], ours: TypeText, theirs: TypeText, inner: bool
    ) -> tuple[Patch, ...]:
        """Goes as deep as our types are nested, whatever the segment says."""
        patches: tuple[Patch, ...] = ()
        breaks = True
        if isinstance(ours, StructText) and isinstance(theirs, StructText):
            patches = self._fields(record, ours, theirs)
            breaks = inner and ours.size != theirs.size
        elif isinstance(ours, NumbersText) and isinstance(theirs, NumbersText):
            self._numbers(ours, theirs)
        if ours.shown != theirs.shown:
            self._differ(
                breaks, f"`{ours.name}` is {ours.shown} here and {theirs.shown} in the segment"
            )
        return patches

    def _fields(self, record: type[Any], ours: StructText, theirs: StructText) -> tuple[Patch, ...]:
        # Versions count the schema that a type comes from; the segment tells
        # of its own alone.
        package, own = _schema_of(record)
        version = self._origin[1] if self._origin and self._origin[0] == package else None
        there = {field.name: field for field in theirs.fields}
        patches: list[Patch] = []
        for field in ours.fields:
            other = there.pop(field.name, None)
            if other is not None:
                self._field(record, ours.name, field, other, patches)
                continue
            since = _fact(record, field.name).since or 0
            is_new = since > 0 and (version is None or since > version)
            is_free = all(
                other.end <= field.offset or field.end <= other.offset for other in theirs.fields
            )
            self._differ(
                not (is_new and is_free), f"`{ours.name}.{field.name}` is not in the segment"
            )
            patches.append(Fill(field.offset, bytes(field.size)))
            self._sentinels(record, field, patches)
        for extra in there.values():
            is_newer = version is None or version > own
            self._differ(not is_newer, f"`{ours.name}.{extra.name}` is in the segment and not here")
            patches.extend(_hidden(ours, extra))
        return tuple(patches)

    def _field(
        self,
        record: type[Any],
        of: str,
        mine: FieldText,
        its: FieldText,
        patches: list[Patch],
    ) -> None:
        name = f"`{of}.{mine.name}`"
        if mine.offset != its.offset:
            self.breaking.append(
                f"{name} is at byte {mine.offset} here and at byte {its.offset} in the segment"
            )
        if (mine.type, mine.dims, mine.size) == (its.type, its.dims, its.size):
            return
        ours, theirs = mine.named, its.named
        found = None
        if (
            ours is not None
            and theirs is not None
            and ours[:2] == theirs[:2]
            and mine.dims == its.dims
            and ours[2] != theirs[2]
        ):
            found = self._there.get(theirs[2])
        if ours is None or theirs is None or found is None:
            self.breaking.append(f"{name} is `{mine.shown}` here and `{its.shown}` in the segment")
            return
        pair = ours[2], theirs[2]
        inner = self._done.get(pair)
        if inner is None:
            part = _part(record, mine.name)
            inner = self.types(part, self._here[ours[2]], found, inner=True)
            self._done[pair] = inner
        patches.extend(_each(mine, inner))

    def _numbers(self, ours: NumbersText, theirs: NumbersText) -> None:
        """Compares the values of two enums or the bits of two sets of flags."""
        for value, number in ours.values.items():
            other = theirs.values.get(value)
            if other is None:
                # A number with two names would be taken for another value.
                taken = number in theirs.values.values()
                self._differ(taken, f"`{ours.name}.{value}` is not in the segment")
            elif other != number:
                self.breaking.append(
                    f"`{ours.name}.{value}` is {number} here and {other} in the segment"
                )
        for value, number in theirs.values.items():
            if value not in ours.values:
                taken = number in ours.values.values()
                self._differ(taken, f"`{ours.name}.{value}` is in the segment and not here")

    def _sentinels(self, record: type[Any], field: FieldText, patches: list[Patch]) -> None:
        """The sentinel of a field that the segment lacks, or those of the struct in it."""
        named = field.named
        if named is None or named[0] != "struct":
            sentinel = _fact(record, field.name).sentinel
            if sentinel is not None:
                value = struct.pack("<" + _CODES.get(field.type, "q"), sentinel)
                patches.append(Fill(field.offset, value * field.elements))
            return
        inner = self._absent.get(named[2])
        if inner is None:
            part, text = _part(record, field.name), self._here[named[2]]
            found: list[Patch] = []
            for held in text.fields if isinstance(text, StructText) else ():
                self._sentinels(part, held, found)
            inner = self._absent[named[2]] = tuple(found)
        patches.extend(_each(field, inner))


def _each(field: FieldText, patches: tuple[Patch, ...]) -> tuple[Patch, ...]:
    """Patches in each element of a field."""
    count = field.elements
    return (Each(field.offset, count, field.size // count, patches),) if patches else ()


def _hidden(ours: StructText, extra: FieldText) -> list[Patch]:
    """Zeros over what a field that we do not know has of the bytes between our own."""
    gaps: list[Patch] = []
    at, end = extra.offset, min(extra.end, ours.size)
    for field in ours.fields:
        if at < field.offset and at < end:
            gaps.append(Fill(at, bytes(min(field.offset, end) - at)))
        at = max(at, field.end)
    if at < end:
        gaps.append(Fill(at, bytes(end - at)))
    return gaps


def _schema_of(record: type[Any]) -> tuple[str, int]:
    """The package that a generated class comes from, and its version."""
    made: tuple[str, int] = getattr(record, "_schema", ("", 0))
    return made


def _fact(record: type[Any], field: str) -> Any:
    """What the schema says of a field."""
    return record.FIELDS[field]


def _part(record: type[Any], field: str) -> type[Any]:
    """The class of the struct, or of the number, that a field holds."""
    kind: Any = dict(record._fields_)[_fact(record, field).stored]
    while issubclass(kind, ctypes.Array):
        kind = kind._type_
    made: type[Any] = kind
    return made
