"""What a cell and a table have in common: they are open segments."""

from __future__ import annotations

from types import TracebackType
from typing import Any, TypeVar

from . import _create
from ._segment import Bound, Segment

_Self = TypeVar("_Self", bound="Handle")


class Handle(Bound):
    """An open segment. Use it in a ``with`` block, or call `close`."""

    __slots__ = ()

    _segment: Segment

    @property
    def name(self) -> str:
        """The segment's name, or the path it was opened by."""
        return self._segment.place.name

    def has(self, field: str) -> bool:
        """Whether the segment's writer knows a field of the record.

        A field that an older version does not know reads as its sentinel,
        which is ``None``, or as zeros.
        """
        record: Any = self._record_class()
        if field not in record.FIELDS:
            raise ValueError(f"`{record.__name__}` has no field `{field}`")
        view = self._segment.view
        return view is None or field not in view.lacks

    def _record_class(self) -> Any:
        raise NotImplementedError

    @property
    def closed(self) -> bool:
        """Whether it was closed in this process."""
        return self._segment.closed

    @property
    def writer_alive(self) -> bool:
        """Whether a process holds the right to write.

        The kernel knows: this is false from the moment the writer ends, however
        it ends.
        """
        self._segment.check_open()
        return self._segment.lock.is_taken()

    @property
    def linked(self) -> bool:
        """Whether the segment's file still has a name.

        It has none once it was unlinked, replaced or removed by ``rm``, and
        reads do not notice an ``rm``. Makes one system call, ``fstat``, and takes
        no lock. Ask when you have seen no new version for some time.
        """
        self._segment.check_open()
        return self._segment.lock.is_linked()

    @property
    def retries(self) -> int:
        """How often a read of this handle had to retry."""
        return self._segment.retries

    @property
    def memory(self) -> memoryview:
        """The segment's bytes, read-only and as they change.

        For tools that look at the segment itself. Reads here can be torn: use
        `read`, `snapshot` and `to_numpy` for records.
        """
        return self._segment.lend()

    def close(self) -> None:
        """Unmaps the segment; a writer gives up its lock. Removes nothing.

        Raises `BufferError` when something still refers to `memory`; the
        segment then stays open.
        """
        if not self._segment.closed:
            self._segment.close()

    def unlink(self) -> None:
        """Ends the segment, as its writer: readers get `Retired`."""
        _create.end(self._segment)

    def __enter__(self: _Self) -> _Self:  # noqa: PYI019 - `typing.Self` is of 3.11
        self._segment.check_open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
