"""What is hot, in Rust. Not for programs: `shm_runtime` is."""

from typing import Any, final

from typing_extensions import Self, disjoint_base

__all__ = [
    "VERSION",
    "Columns",
    "Fields",
    "LiveRecord",
    "Records",
    "bind",
    "live_type",
    "read_field",
]

VERSION: str

@disjoint_base
class LiveRecord:
    """A live record, before it has fields."""

    def __new__(cls, segment: Any, index: int, /) -> Self: ...
    @property
    def index(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def _segment(self) -> Any: ...
    @property
    def _stamp(self) -> int: ...
    def read(self, out: Any = None) -> Any: ...
    def write(self, record: Any = None, /, **fields: Any) -> None: ...
    def _publish(self, record: Any, /) -> None: ...

@final
class Fields:
    """What is known of a record type."""

    def __new__(
        cls,
        record: type[Any],
        size: int,
        fields: list[Any],
        bools: list[tuple[int, int, int]],
        gaps: list[tuple[int, int, int]],
    ) -> Fields: ...

@final
class Records:
    """A mapped segment."""

    def __new__(cls, fd: int, path: str, write: bool) -> Records: ...
    def close(self) -> None: ...
    def take(self, segment: Any, row: int, size: int) -> tuple[bytes, int]: ...
    def prefault(self) -> None: ...

@final
class Columns:
    """What takes every row of a table at once."""

    def __new__(cls, segment: Any, fields: Fields, numpy: Any, dtype: Any) -> Columns: ...
    def read(self, out: Any) -> Any: ...

def bind(class_: type[Any], slot: Any, is_plain: bool) -> None: ...
def live_type(name: str, base: type[Any], fields: Fields) -> type[Any]: ...
def read_field(field: int, row: Any) -> Any: ...
