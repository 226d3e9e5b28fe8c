"""The ways to get at a number in shared memory, each as a statement.

All of them read one 64-bit float. What shares no memory of its own lies in
memory that a child would inherit, as `multiprocessing` has it.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import multiprocessing
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from multiprocessing import shared_memory, sharedctypes
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import shm_runtime
from shm_runtime.bench import records

GETTER = """
double get_a(const void *record) { return *(const volatile double *)record; }
"""
CYTHON = """
# cython: language_level=3
cdef class Record:
    cdef volatile double *a_at
    def __init__(self, size_t address):
        self.a_at = <volatile double *>address
    @property
    def a(self):
        return self.a_at[0]
"""


class Way(NamedTuple):
    """A way to get at a value."""

    name: str
    statement: str
    #: Whether it is this project's.
    ours: bool = False


class Ways:
    """Everything that the statements need, for as long as the block."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="shm-slow-get-"))
        self.left_out: list[str] = []
        self.names: dict[str, Any] = {}
        self.list: list[Way] = []
        self._shared = shared_memory.SharedMemory(create=True, size=4096)
        self._open: list[Any] = []
        self._ctypes()
        self._getter()
        self._numpy()
        self._cython()
        self._ours()

    def __enter__(self) -> Ways:  # noqa: PYI034 - `typing.Self` is of 3.11
        return self

    def __exit__(self, *_: object) -> None:
        for handle in self._open:
            handle.unlink()
            handle.close()
        self.names.clear()
        self._shared.unlink()
        shutil.rmtree(self.folder)

    def _add(self, way: Way, **names: Any) -> None:
        self.list.append(way)
        self.names.update(names)

    def _ctypes(self) -> None:
        sixteen, _ = records()
        kind: Any = type(ctypes.Structure)
        plain = kind("Plain", (ctypes.Structure,), {"_fields_": sixteen._fields_})
        self._add(Way("ctypes `RawValue(struct).a`", "raw.a"), raw=sharedctypes.RawValue(plain))
        self._add(Way("ctypes `RawArray[3]`", "array[3]"), array=sharedctypes.RawArray("d", 8))
        locked = multiprocessing.Value("d", 1.5)
        self._add(Way("`multiprocessing.Value.value`", "locked.value"), locked=locked)

    def _getter(self) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            self.left_out.append("a C getter: there is no `cc`")
            return
        source, library = self.folder / "getter.c", self.folder / "getter.so"
        source.write_text(GETTER)
        build = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source)]
        subprocess.run(build, check=True)
        get_a: Any = ctypes.CDLL(str(library)).get_a
        get_a.restype, get_a.argtypes = ctypes.c_double, [ctypes.c_void_p]
        address = ctypes.addressof(self.names["raw"])
        self._add(Way("C getter by `ctypes.CDLL`", "get_a(address)"), get_a=get_a, address=address)

    def _numpy(self) -> None:
        try:
            np: Any = importlib.import_module("numpy")
        except ImportError:
            self.left_out.append("numpy: it is not installed")
            return
        _, line = records()
        column = np.ndarray((8,), "f8", self._shared.buf)
        record = np.ndarray((8,), line.dtype(), self._shared.buf)
        self._add(Way("numpy `column[3]` over SharedMemory", "column[3]"), column=column)
        self._add(Way("numpy `records[3]['a']`", "rows[3]['a']"), rows=record)

    def _cython(self) -> None:
        if importlib.util.find_spec("Cython") is None:
            self.left_out.append("Cython: it is not installed")
            return
        include = sysconfig.get_paths()["include"]
        compiler = shutil.which("cc")
        if compiler is None or not Path(include, "Python.h").exists():
            self.left_out.append("Cython: there is no `cc`, or no `Python.h`")
            return
        source, library = self.folder / "figure.pyx", self.folder / "figure.so"
        source.write_text(CYTHON)
        subprocess.run([sys.executable, "-m", "cython", str(source)], check=True)
        build = [compiler, "-O2", "-shared", "-fPIC", f"-I{include}", "-o", str(library)]
        subprocess.run([*build, str(source.with_suffix(".c"))], check=True)
        record = _imported("figure", library).Record(ctypes.addressof(self.names["raw"]))
        self._add(Way("Cython property", "figure.a"), figure=record)

    def _ours(self) -> None:
        if shm_runtime.BACKEND == "native":
            self._backend(shm_runtime, "native")
        else:
            self.left_out.append("the native backend: the wheel is not installed")
        self._backend(pure(), "pure")

    def _backend(self, package: Any, which: str) -> None:
        sixteen, _ = records()
        row = package.CellSpec(sixteen).create(f"shm-slow-get-{os.getpid()}-{which}")
        self._open.append(row)
        row.write(a=1.5)
        self._add(Way(f"{which} `row.a`", f"{which}.a", ours=True), **{which: row})
        snapshot = f"{which}_snapshot"
        self._add(
            Way(f"{which} `snapshot.refresh()`, 16 fields", f"{snapshot}.refresh()", ours=True),
            **{snapshot: row.snapshot()},
        )


def pure() -> ModuleType:
    """The pure backend, beside the native one in this process."""
    here: ModuleType = shm_runtime
    if shm_runtime.BACKEND == "pure":
        return here
    before = os.environ.get("SHM_RUNTIME_BACKEND")
    os.environ["SHM_RUNTIME_BACKEND"] = "pure"
    try:
        return _imported("shm_runtime_pure", Path(str(here.__file__)))
    finally:
        del os.environ["SHM_RUNTIME_BACKEND"]
        if before is not None:
            os.environ["SHM_RUNTIME_BACKEND"] = before


def _imported(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        name, file, submodule_search_locations=[str(file.parent)]
    )
    loader = None if spec is None else spec.loader
    if spec is None or loader is None:
        raise ImportError(f"cannot import `{file}`")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module
