"""What to say of a segment whose layout is another."""

from __future__ import annotations

from collections.abc import Iterator

from ._descriptor import Descriptor, FieldText, StructText, parse_layout
from ._errors import LayoutMismatch
from ._spec import Spec

#: Differences that a message lists before it counts the rest.
_SHOWN = 8
_DEPTH = 32


def mismatch(spec: Spec, name: str, found: Descriptor | None, pid: int) -> LayoutMismatch:
    """The error that names what moved."""
    facts = spec.facts
    differences: tuple[str, ...] = ()
    if found is not None:
        here = parse_layout(facts.LAYOUT)
        pair = here.get(facts.FINGERPRINT), found.structs.get(found.record)
        if pair[0] is not None and pair[1] is not None:
            both = _Comparison(here, found.structs)
            differences = tuple(dict.fromkeys(both.structs(pair[0], pair[1], 0)))
    origin = [f"schema {found.schema}"] if found is not None and found.schema else []
    origin += [f"writer pid {pid}"] if pid else []
    where = f"segment `{name}`" + (f" ({', '.join(origin)})" if origin else "")
    other = f"`{spec.record.__name__}` has another fingerprint in the segment"
    listed = "; ".join(differences[:_SHOWN]) or other
    if len(differences) > _SHOWN:
        listed += f"; and {len(differences) - _SHOWN} more"
    return LayoutMismatch(
        f"layout mismatch: {listed.replace('the segment', where, 1)}; "
        "hint: regenerate both sides from one schema with `shm-codegen gen`",
        differences,
    )


class _Comparison:
    """Two records' layouts, ours and the segment's."""

    def __init__(self, here: dict[str, StructText], there: dict[str, StructText]) -> None:
        self._here = here
        self._there = there

    def structs(self, ours: StructText, theirs: StructText, depth: int) -> Iterator[str]:
        """What differs between two structs, a sentence each."""
        if depth > _DEPTH:
            return
        name = ours.name
        if theirs.name != name:
            yield f"the record is `{name}` here and `{theirs.name}` in the segment"
            return
        there = {field.name: field for field in theirs.fields}
        for field in ours.fields:
            other = there.pop(field.name, None)
            if other is None:
                yield f"`{name}.{field.name}` is not in the segment"
            else:
                yield from self._fields(name, field, other, depth)
        for extra in there:
            yield f"`{name}.{extra}` is in the segment and not here"
        for what, mine, its in (
            ("size", ours.size, theirs.size),
            ("align", ours.align, theirs.align),
        ):
            if mine != its:
                yield f"`{name}` has {what} {mine} here and {its} in the segment"

    def _fields(self, of: str, mine: FieldText, its: FieldText, depth: int) -> Iterator[str]:
        name = f"`{of}.{mine.name}`"
        if mine.offset != its.offset:
            yield f"{name} is at byte {mine.offset} here and at byte {its.offset} in the segment"
        if mine.shown != its.shown:
            yield f"{name} is `{mine.shown}` here and `{its.shown}` in the segment"
        elif mine.held is not None and its.held is not None and mine.held != its.held:
            deeper: list[str] = []
            pair = self._here.get(mine.held), self._there.get(its.held)
            if pair[0] is not None and pair[1] is not None:
                deeper.extend(self.structs(pair[0], pair[1], depth + 1))
            yield from deeper or [f"the values of `{mine.shown}` differ ({name})"]
