"""Segments as a schema declares them: what a generated module hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from . import _create, _translated
from ._backend import BACKEND
from ._check import COPIES, POSSIBLE_COPIES
from ._place import Name
from ._row import R
from ._segment import Segment
from ._spec import CELL, NO_SCHEMA, ORDERS, ROWS, TABLE, Schema, Spec

if TYPE_CHECKING or BACKEND == "pure":
    from ._cell import Cell, open_cell
    from ._table import Table
else:
    from ._fast import Cell, Table, open_cell


class CellSpec(Generic[R]):
    """A cell that can be created and attached to."""

    __slots__ = ("_spec",)

    def __init__(
        self,
        record: type[R],
        segment: str = "-",
        schema: Schema = NO_SCHEMA,
        *,
        copies: int = COPIES,
    ) -> None:
        self._spec = Spec(record, CELL, 1, None, segment, schema, _possible(copies), ROWS)

    def create(
        self,
        name: Name | None = None,
        *,
        mode: int = 0o600,
        exist_ok: bool = False,
        replace: bool = False,
        prefault: bool = False,
    ) -> Cell[R]:
        """Becomes the cell's writer.

        With ``prefault`` every page is mapped at once, so no first touch is a
        page fault. Opening then takes longer, by the size of the segment.
        """
        made = _create.create(self._spec, _named(self._spec, name), mode, exist_ok, replace)
        if prefault:
            made.prefault()
        return open_cell(self._spec.record, made)  # type: ignore[no-any-return]

    def attach(
        self, name: Name | None = None, *, wait: float | None = None, prefault: bool = False
    ) -> Cell[R]:
        """Becomes a reader of the cell, after at most ``wait`` seconds.

        With ``prefault`` every page is mapped at once, as in `create`, and the
        first read costs no page fault.
        """
        found = _create.attach(self._spec, _named(self._spec, name), wait)
        if prefault:
            found.prefault()
        return _cell(self._spec, found)  # type: ignore[no-any-return]


class TableSpec(Generic[R]):
    """A table that can be created and attached to."""

    __slots__ = ("_spec",)

    def __init__(
        self,
        record: type[R],
        rows: int,
        key: str | None = None,
        segment: str = "-",
        schema: Schema = NO_SCHEMA,
        *,
        copies: int = COPIES,
        order: str = ORDERS[ROWS],
    ) -> None:
        if rows < 1:
            raise ValueError(f"a table has at least 1 row, found {rows}")
        self._spec = Spec(
            record, TABLE, rows, key, segment, schema, _possible(copies), _order(order)
        )

    def create(
        self,
        name: Name | None = None,
        *,
        mode: int = 0o600,
        exist_ok: bool = False,
        replace: bool = False,
        prefault: bool = False,
    ) -> Table[R, Any, Any]:
        """Becomes the table's writer.

        With ``prefault`` every page is mapped at once, so no first touch is a
        page fault. Opening then takes longer, by the size of the segment.
        """
        made = _create.create(self._spec, _named(self._spec, name), mode, exist_ok, replace)
        if prefault:
            made.prefault()
        return Table(made, self._spec.record, self._spec.key)  # type: ignore[arg-type]

    def attach(
        self, name: Name | None = None, *, wait: float | None = None, prefault: bool = False
    ) -> Table[R, Any, Any]:
        """Becomes a reader of the table, after at most ``wait`` seconds.

        With ``prefault`` every page is mapped at once, as in `create`, and the
        first read of a row costs no page fault.
        """
        found = _create.attach(self._spec, _named(self._spec, name), wait)
        if prefault:
            found.prefault()
        return _table(self._spec, found)  # type: ignore[no-any-return]


def _possible(copies: int) -> int:
    if copies not in POSSIBLE_COPIES:
        raise ValueError(f"a segment keeps 2, 4 or 8 copies of a record, found {copies}")
    return copies


def _order(name: str) -> int:
    for order, known in ORDERS.items():
        if name == known:
            return order
    raise ValueError(f"records lie in `rows` or in `arrays`, found {name!r}")


def _cell(spec: Spec, found: Segment) -> Any:
    if found.view is None:
        return open_cell(spec.record, found)
    return _translated.open_cell(spec.record, found, found.view)


def _table(spec: Spec, found: Segment) -> Any:
    if found.view is None:
        return Table(found, spec.record, spec.key)
    return _translated.Table(found, spec.record, spec.key, found.view)


def _named(spec: Spec, name: Name | None) -> Name:
    if name is not None:
        return name
    if spec.segment == "-":
        raise TypeError("a segment that no schema declares needs a name")
    return spec.default_name
