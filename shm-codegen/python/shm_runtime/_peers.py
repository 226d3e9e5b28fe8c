"""The other ways to share a record, for the benchmark to stand beside.

All of them but `Hand` read what a writer may be in the middle of writing: they
show what a read costs that promises nothing.
"""

from __future__ import annotations

import ctypes
import importlib
import multiprocessing
import shutil
import sys
import tempfile
from multiprocessing import sharedctypes
from pathlib import Path
from typing import Any, NamedTuple

#: Of the record that everything is measured with.
FIELDS = "abcdefghijklmnop"


class Case(NamedTuple):
    """A way to get at a value."""

    name: str
    statement: str
    #: How often in one timing; an empty interval is timed as often.
    times: int = 2000


class Hand:
    """The latch read by the fastest Python there is: nothing but the protocol.

    Views and slice are made beforehand, and what is not the common case is
    left out: no end of the segment, no retries, no bools, no errors.
    """

    __slots__ = ("_cells", "_copies", "_seq", "_target")

    def __init__(self, row: Any, target: Any) -> None:
        words, header = row._segment.words, row._segment.header
        first = header.records_offset // 8
        step = header.record_size // 8
        starts = [
            (header.copies_offset + n * header.copy_distance) // 8 for n in range(header.copies)
        ]
        view = memoryview(words.obj).cast("B")
        doubles = view.cast("d")
        #: Where the sequence word counts in twos, so do these.
        self._cells = [c for at in starts for c in (doubles[at : at + 1], None)]
        self._copies = [c for at in starts for c in (view[8 * at : 8 * (at + step)], None)]
        self._seq = words[first : first + 1]
        self._target = memoryview(target).cast("B")

    @property
    def a(self) -> Any:
        """One field."""
        seq = self._seq
        first = seq[0]
        value = self._cells[first & 2][0]
        if seq[0] == first:
            return value
        raise RuntimeError("a writer came in between")

    def refresh(self, _all: slice = slice(None)) -> None:
        """The whole record."""
        seq = self._seq
        first = seq[0]
        self._target[_all] = self._copies[first & 2]
        if seq[0] != first:
            raise RuntimeError("a writer came in between")

    def release(self) -> None:
        """Lets the segment be closed."""
        for view in (*self._cells, *self._copies, self._seq, self._target):
            if view is not None:
                view.release()


CASES = [
    Case("ctypes RawValue.a", "raw.a"),
    Case("ctypes RawArray[0]", "array[0]"),
    Case("multiprocessing.Value.value", "locked.value"),
    Case("ctypes, 16 fields", "; ".join(f"raw.{name}" for name in FIELDS), 500),
    Case("ctypes from_buffer_copy", "Plain.from_buffer_copy(buffer)"),
    Case("ctypes RawValue.a = 1.5", "raw.a = 1.5"),
    Case("pure Python by hand, a field", "hand.a"),
    Case("pure Python by hand, a record", "hand.refresh()"),
]


def plain(fields: Any) -> tuple[list[Case], dict[str, Any]]:
    """What comes with Python."""
    meta: Any = type(ctypes.Structure)
    kind = meta("Plain", (ctypes.Structure,), {"_fields_": fields})
    return CASES, {
        "Plain": kind,
        "raw": sharedctypes.RawValue(kind),
        "array": sharedctypes.RawArray("d", 16),
        "locked": multiprocessing.Value("d", 1.5),
        "buffer": bytearray(ctypes.sizeof(kind)),
    }


def with_numpy(dtype: Any, rows: int) -> tuple[list[Case], dict[str, Any]]:
    """What is done with numpy; nothing where it is not installed."""
    np = _imported("numpy")
    if np is None:
        return [], {}
    kept = np.empty(rows, dtype())
    size = kept.nbytes
    names = {
        "rows": kept,
        "kept": kept[0],
        "column": kept["a"],
        "copyto": np.copyto,
        "here": np.zeros(size, "u1"),
        "there": np.zeros(size, "u1"),
    }
    return [
        Case("table.to_numpy(out=rows)", "table.to_numpy(out=rows)", 50),
        Case("table.to_numpy()", "table.to_numpy()", 50),
        Case("numpy copy of as many bytes", "copyto(there, here)", 50),
        Case("numpy kept record['a']", "kept['a']"),
        Case("numpy kept column[0]", "column[0]"),
    ], names


def with_cffi() -> tuple[list[Case], dict[str, Any]]:
    """A struct that cffi has no compiler for; nothing where it is not installed."""
    cffi = _imported("cffi")
    if cffi is None:
        return [], {}
    ffi = cffi.FFI()
    members = [f"{'double' if n % 8 < 4 else 'uint64_t'} {name};" for n, name in enumerate(FIELDS)]
    ffi.cdef(f"struct sixteen {{ {' '.join(members)} }};")
    return [
        Case("cffi struct.a", "struct.a"),
        Case("cffi struct.a = 1.5", "struct.a = 1.5"),
    ], {"struct": ffi.new("struct sixteen *")}


def with_cython() -> tuple[list[Case], dict[str, Any]]:
    """A property that looks at a sequence word, compiled now; nothing without Cython."""
    pyximport = _imported("pyximport")
    if pyximport is None:
        return [], {}
    folder = tempfile.mkdtemp(prefix="shm-bench-")
    try:
        Path(folder, "shm_bench_compiled.pyx").write_text(_CYTHON)
        _, importer = pyximport.install(build_dir=folder, language_level=3)
        sys.path.insert(0, folder)
        compiled = importlib.import_module("shm_bench_compiled")
        sys.path.remove(folder)
        pyximport.uninstall(None, importer)
    except Exception as error:  # noqa: BLE001 - whatever a compiler that is not there says
        print(f"Cython cannot compile here, so its case is left out: {error!r}")
        return [], {}
    finally:
        shutil.rmtree(folder)
    return [Case("Cython property, checked", "compiled.a")], {"compiled": compiled.Latched()}


_CYTHON = """
cdef class Latched:
    cdef unsigned long long words[18]

    @property
    def a(self):
        cdef volatile unsigned long long *words = self.words
        cdef unsigned long long first = words[0]
        cdef double value = (<volatile double *>words)[2 + 8 * (first & 1)]
        if words[0] == first:
            return value
        raise RuntimeError("a writer came in between")
"""


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: its cases are left out")
        return None
