"""A segment of numbered records."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from ._cell import _shown
from ._columns import Columns
from ._errors import NoSuchKey, NoSuchRow
from ._handle import Handle
from ._live import free, live_class
from ._row import R, Row, full_name
from ._segment import Segment

_Row = TypeVar("_Row")
_Key = TypeVar("_Key")

#: Rows that a table keeps alive for their next use, though nobody holds them.
_KEPT = 4096


class Table(Handle, Generic[R, _Row, _Key]):
    """Numbered records that several processes share.

    ``table[17]`` is a live row, and ``table["ABC"]`` is the row with that key.
    If the key is a whole number, an enum or flags, use `by_key`, because in
    brackets a number is a row's number. If the key has a scale or a sentinel,
    use `by_key` too: its keys are the numbers as they are stored, which are
    exact.
    """

    __slots__ = ("_columns", "_found", "_key", "_kind", "_recent", "_rows", "_segment")

    def __init__(self, segment: Segment, record: type[R], key: str | None) -> None:
        self._segment = segment
        self._kind = live_class(Row, record, segment.header.copies)
        facts: Any = record
        self._key = None if key is None else _attribute(facts.FIELDS[key])
        self._rows: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self._recent: OrderedDict[int, Any] = OrderedDict()
        #: Where each key was seen last.
        self._found: dict[Any, int] = {}
        self._columns: Columns | None = None

    def __len__(self) -> int:
        return int(self._segment.header.rows)

    def __iter__(self) -> Iterator[_Row]:
        return map(self.row, range(len(self)))

    def __getitem__(self, which: int | _Key) -> _Row:
        """By number, counted from the end when negative, or by key."""
        asked: Any = which
        if hasattr(asked, "__index__"):
            return self.row(operator.index(asked))
        if isinstance(asked, slice):
            raise TypeError(
                f"table `{self.name}` has no slices; hint: `to_numpy()` copies all rows, and what "
                "that gives has slices"
            )
        return self.by_key(asked)

    def __contains__(self, key: object) -> bool:
        """Whether a row has that key now, as `by_key` finds it."""
        # A table without a key says so, and not that nothing is in it.
        self._key_name()
        wanted: Any = key
        try:
            self.by_key(wanted)
        except NoSuchKey:
            return False
        return True

    def row(self, number: int) -> _Row:
        """The live row of that number; counted from the end when negative."""
        recent: _Row | None = self._recent.get(number)
        if recent is not None:
            return recent
        rows = len(self)
        if not -rows <= number < rows:
            raise NoSuchRow(
                f"table `{self.name}` has no row {number}; its rows are 0 to {rows - 1}"
            )
        number %= rows
        made: _Row = self._made(number)
        return made

    def by_key(self, key: _Key) -> _Row:
        """A live row that has that key now; rows never written have none.

        Looks first where the key was seen last, then at every row.
        """
        name = self._key_name()
        number = self._found.get(key)
        if number is None or _key_of(self.row(number), name) != key:
            self._found = self._scan(name)
            number = self._found.get(key)
        if number is None:
            raise NoSuchKey(f"no row of table `{self.name}` has {name} {key!r}")
        return self.row(number)

    def to_numpy(self, out: Any = None) -> Any:
        """Every row, each whole, as one structured array: new, or ``out``.

        The rows are read one after the other, so two rows may come from two
        moments. Numbers are as they are stored, in steps of a scale.
        """
        if self._columns is None:
            self._segment.check_open()
            self._columns = Columns(self._segment, self._kind._record)
        return self._columns.read(out)

    def _record_class(self) -> Any:
        return self._kind._record

    def _made(self, number: int) -> Any:
        row = self._rows.get(number)
        if row is None:
            self._segment.check_open()
            row = self._rows[number] = self._kind(self._segment, number)
        self._recent[number] = row
        if len(self._recent) > _KEPT:
            self._recent.popitem(last=False)
        return row

    def _key_name(self) -> str:
        if self._key is None:
            raise NoSuchKey(
                f"table `{self.name}` has no key; hint: name one in the schema, `key: ...`"
            )
        return self._key

    def _scan(self, name: str) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for number in range(len(self)):
            key = _key_of(self.row(number), name)
            if key is not None:
                found.setdefault(key, number)
        return found

    def __repr__(self) -> str:
        return _shown(self, f"table of {len(self)} {full_name(self._kind._record)}")


def _attribute(field: Any) -> str:
    """What a live row calls a key."""
    if field.scale is not None or field.sentinel is not None:
        return str(field.stored)
    return free(field.attribute)


def _key_of(row: Any, name: str) -> Any:
    """The row's key; ``None`` when it was never written or cannot be one."""
    try:
        return getattr(row, name) if row.version else None
    except (UnicodeDecodeError, OverflowError):
        return None
