"""What is the native backend's alone: its types, its memory, its installation."""

from __future__ import annotations

import ctypes
import gc
import inspect
import json
import os
import pickle
import resource
import sys
import weakref
from pathlib import Path
from typing import Any

import pytest
from conftest import run

import shm_runtime as shm
from shm_runtime import _native
from shm_runtime.bench import _record, records

SIXTEEN, LINE = records()
PURE = Path(__file__).resolve().parents[2] / "shm-codegen/python"


@pytest.fixture
def cell(name: str) -> Any:
    with shm.CellSpec(SIXTEEN).create(name) as writer:
        writer.write(SIXTEEN(a=1.5, e=7))
        yield writer


def test_the_backend_is_the_one_that_was_asked_for() -> None:
    assert shm.BACKEND == "native"
    program = "import shm_runtime; print(shm_runtime.BACKEND)"
    assert run(program, SHM_RUNTIME_BACKEND="pure").stdout == "pure\n"
    assert run(program, SHM_RUNTIME_BACKEND="").stdout == "native\n"
    assert "is `native` or `pure`, found `fast`" in run(program, SHM_RUNTIME_BACKEND="fast").stderr


def test_a_descriptor_that_cannot_be_copied_is_an_error_of_ours(cell: Any, name: str) -> None:
    path = f"/dev/shm/{name}"
    fd = os.open(path, os.O_RDONLY)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        # No descriptor is free below it.
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
        with pytest.raises(shm.SystemFailure, match=f"cannot map `{path}`"):
            _native.Records(fd, path, False)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.close(fd)


@pytest.mark.parametrize("copies, order", [(2, "rows"), (4, "rows"), (2, "arrays")])
@pytest.mark.parametrize("words", [*range(1, 18), 40])
def test_a_record_of_every_size_is_written_and_taken_whole(
    name: str, words: int, copies: int, order: str
) -> None:
    fields = [(f"f{n}", ("u64", ctypes.c_uint64)) for n in range(words)]
    record = _record("Block", fields)
    with shm.TableSpec(record, 3, copies=copies, order=order).create(name) as table:
        row = table[1]
        snapshot, changed = row.snapshot(), row.snapshot()
        for version in range(1, 10, 2):
            numbers = [version << 32 | n for n in range(words)]
            row.write(record(*numbers))
            snapshot.refresh()
            assert [getattr(snapshot, field) for field, _ in fields] == numbers
            assert [getattr(row, field) for field, _ in fields] == numbers

            changed.refresh()
            setattr(changed, fields[-1][0], version)
            changed.write()
            assert bytes(row.read())[:-8] == bytes(snapshot)[:-8]
            assert getattr(row, fields[-1][0]) == version
            assert row.version == version + 1
        assert not any(bytes(table[0].read()) + bytes(table[2].read()))
        table.unlink()
        with pytest.raises(shm.Retired):
            snapshot.refresh()
        assert bytes(snapshot) == bytes(8 * words)
        with pytest.raises(shm.Retired):
            row.write(record())
    for write in (lambda: row.write(record()), snapshot.write, lambda: row._publish(record())):
        with pytest.raises(shm.Closed):
            write()
    with pytest.raises(shm.Closed):
        row.write(f0=1)
    with pytest.raises(shm.Closed):
        row.f0 = 1


def test_a_copy_beside_a_module_takes_the_extension_of_the_wheel() -> None:
    program = "import shm_runtime; print(shm_runtime.BACKEND, shm_runtime.__file__)"
    done = run(program, SHM_RUNTIME_BACKEND="", PYTHONPATH=str(PURE))
    assert done.stdout == f"native {PURE}/shm_runtime/__init__.py\n", done.stderr
    program = "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
    done = run(program + "import shm_runtime", PYTHONPATH=str(PURE))
    assert "asks for the native backend: it is not installed; hint: install" in done.stderr


def test_an_extension_of_another_version_is_left_alone(tmp_path: Path) -> None:
    package = tmp_path / "shm_runtime"
    package.mkdir()
    for file in (PURE / "shm_runtime").glob("*.py"):
        text = file.read_text()
        (package / file.name).write_text(text.replace('VERSION = "0', 'VERSION = "99.0'))
    done = run("import shm_runtime", PYTHONPATH=str(tmp_path))
    assert "and this package of 99.0" in done.stderr
    done = run(
        "import shm_runtime; print(shm_runtime.BACKEND)",
        PYTHONPATH=str(tmp_path),
        SHM_RUNTIME_BACKEND="",
    )
    assert done.stdout == "pure\n", done.stderr


@pytest.mark.parametrize(("here", "there"), [("native", "pure"), ("pure", "native")])
def test_what_one_backend_writes_the_other_reads(name: str, here: str, there: str) -> None:
    writer = """
import sys, shm_runtime
from shm_runtime.bench import _record, records
cell = shm_runtime.CellSpec(records()[0]).create(sys.argv[1])
for n in range(1, 1001):
    cell.write(a=n / 2, e=n, i=-n)
    with cell.update() as record:
        record.p = record.e
print(shm_runtime.BACKEND, cell.version)
"""
    reader = """
import sys, shm_runtime
from shm_runtime.bench import _record, records
cell = shm_runtime.CellSpec(records()[0]).attach(sys.argv[1])
snapshot = cell.snapshot()
snapshot.refresh()
assert snapshot == cell.read() == cell.read(out=type(cell.read())())
print(shm_runtime.BACKEND, cell.version, cell.a, cell.e, cell.i, snapshot.p, cell.writer_alive)
"""
    done = run(writer, name, SHM_RUNTIME_BACKEND=here)
    assert done.stdout == f"{here} 2000\n", done.stderr
    done = run(reader, name, SHM_RUNTIME_BACKEND=there)
    assert done.stdout == f"{there} 2000 500.0 1000 -1000.0 1000 False\n", done.stderr


def test_a_field_is_found_by_any_string_of_its_name(cell: Any) -> None:
    spelled = "".join(["a"])  # noqa: FLY002 - made anew, not interned
    assert getattr(cell, spelled) == getattr(cell, sys.intern("a")) == 1.5
    assert getattr(cell, "ver" + "sion"[:4]) == 1
    assert not hasattr(cell, "q") and "a" in dir(cell)
    setattr(cell, spelled, 2.5)
    assert cell.a == 2.5 and cell.version == 2
    for name in ("version", "index", "read", "q"):
        with pytest.raises(AttributeError):
            setattr(cell, name, 1)


def test_methods_look_like_those_of_the_interpreter(cell: Any) -> None:
    assert cell.read.__name__ == "read" and cell.read.__self__ is cell
    assert "whole record" in (inspect.getdoc(cell.read) or "")
    assert str(inspect.signature(cell.read)) == "(out=None)"
    assert str(inspect.signature(cell.write)) == "(record=None, /, **fields)"
    assert repr(cell.write).startswith("<built-in method write")
    for bad in ({"inn": 1}, {"out": None, "more": 1}):
        with pytest.raises(TypeError, match="read"):
            cell.read(**bad)
    kept = cell.read
    assert kept is cell.read and kept is not cell.write
    by_name = {"out": None}
    assert kept(*[], **by_name).e == 7 and kept() == cell.read()


def test_a_method_keeps_its_record_and_nothing_else_does(name: str) -> None:
    row = shm.TableSpec(LINE, 1).create(name)[0]
    gone, held = weakref.ref(row), sys.getrefcount(row)
    kept = [row.read, row.read, row.write]
    assert sys.getrefcount(row) == held
    del row
    gc.collect()
    kept.pop()
    row = gone()
    # One by the method.
    assert row is not None and sys.getrefcount(row) == held + 1
    # Those that it makes now are others.
    assert row.read == kept[0] and row.read is not kept[0] and kept[0]().e == 0
    del row
    gc.collect()
    assert gone() is not None
    kept.clear()
    assert gone() is None


def test_a_method_keeps_its_record_from_the_collector(name: str) -> None:
    class Holder:
        """A cycle, and a finaliser that takes a method out of it."""

        def __init__(self, cell: Any) -> None:
            self.me, self.cell = self, cell

        def __del__(self) -> None:
            kept.append(self.cell.write)  # noqa: F821 - ruff takes a later `del` for one before

    kept: list[Any] = []
    holder = Holder(shm.CellSpec(SIXTEEN).create(name))
    read, made = holder.cell.read, sys.getrefcount(holder.cell)
    del holder
    gc.collect()
    kept[0](a=1.5)
    cell = read.__self__
    assert read().a == cell.a == 1.5 and kept[0].__self__ is cell
    # By the two methods; by the holder before.
    assert sys.getrefcount(cell) == made + 2
    # One through the method itself.
    cycle = [read, kept[0]]
    cycle.append(cycle)
    gone = weakref.ref(cell)
    cell.unlink()
    del read, kept, cycle, cell
    gc.collect()
    assert gone() is None


def test_help_says_the_same_of_both_backends() -> None:
    from shm_runtime import _row

    for method in ("read", "write", "snapshot"):
        native, pure = getattr(shm.Row, method), getattr(_row.Row, method)
        assert inspect.getdoc(native) == inspect.getdoc(pure), method


def test_a_record_outlives_its_handle_and_no_longer(name: str) -> None:
    row = shm.TableSpec(LINE, 3).create(name)[2]
    gc.collect()
    row.write(a=2.5)
    assert row.a == 2.5 and row._segment.native is not None
    segment, gone = row._segment, weakref.ref(row)
    del row
    assert gone() is None and sys.getrefcount(segment) == 2


def test_a_live_record_is_one_object_a_row(name: str) -> None:
    with shm.TableSpec(LINE, 3).create(name) as table:
        row = table[1]
        assert type(row)(table._segment, 1) is row
        with pytest.raises(IndexError):
            type(row)(table._segment, 3)
        with pytest.raises(TypeError):
            type(row)(table._segment, 1, index=2)


def test_a_snapshot_hides_where_it_came_from(cell: Any) -> None:
    snapshot = cell.snapshot()
    assert not hasattr(snapshot, "_row")
    with pytest.raises(AttributeError):
        snapshot._row = 5
    with pytest.raises(ValueError, match="is bound to no row"):
        type(snapshot)().refresh()
    with pytest.raises(ValueError, match="is bound to no row"):
        type(snapshot)().write()
    assert type(pickle.loads(pickle.dumps(bytes(snapshot)))) is bytes


def test_what_only_says_that_it_is_a_live_record_is_refused(cell: Any) -> None:
    field = type(cell).__dict__["a"]

    class Liar:
        __class__ = property(lambda self: type(cell))  # type: ignore[assignment]

    # A proxy says so too: `isinstance` believes it.
    for other in (weakref.proxy(cell), Liar()):
        assert isinstance(other, _native.LiveRecord)
        with pytest.raises(TypeError, match="expected a live record"):
            field.fget(other)


def test_what_is_no_snapshot_becomes_none(cell: Any) -> None:
    snapshot = cell.snapshot()

    class Other(SIXTEEN):  # type: ignore[misc, valid-type]
        # What the slot is called if nothing else is done.
        __slots__ = ("_row",)

    other: Any = Other()
    other._row = 42
    with pytest.raises(TypeError, match="layout differs"):
        other.__class__ = type(snapshot)
    assert "__slots__" not in vars(type(snapshot))


def test_fields_are_of_a_structure_that_has_room_for_them(cell: Any) -> None:
    class Small(ctypes.Structure):
        _fields_ = [("a", ctypes.c_uint8)]

    field = ("a", "u8", 0, 1, None, None)
    assert _native.Fields(Small, 1, [field], [], [])
    for record, size in ((Small, 2), (list, 1)):
        with pytest.raises(ValueError, match=f"no `ctypes.Structure` of {size} bytes"):
            _native.Fields(record, size, [field], [], [])


def test_reading_and_writing_keep_nothing(cell: Any) -> None:
    reads = int(os.environ.get("SHM_READS", "200000"))
    snapshot, record = cell.snapshot(), SIXTEEN()

    def work(times: int) -> None:
        for _ in range(times):
            _ = cell.a, cell.e, cell.version
            snapshot.refresh()
            cell.read(out=record)
            cell.read()
            cell.write(a=2.5)
            cell.write(snapshot)
            snapshot.write()
            cell.a = 1.5
            cell.e = 7

    work(reads // 10)
    held = [cell, record, snapshot, cell._segment, type(cell), SIXTEEN]
    counts = [sys.getrefcount(thing) for thing in held]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work(reads)
    assert [sys.getrefcount(thing) for thing in held] == counts
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    assert grown < 512, f"{grown} KiB more after {reads} rounds"


@pytest.mark.parametrize(
    "ending", ["", "import os; os._exit(0)", "keep = [cell, keep]", "cell.close()"]
)
def test_an_interpreter_may_end_at_any_moment(name: str, ending: str) -> None:
    program = f"""
import sys, shm_runtime
from shm_runtime.bench import _record, records
cell = shm_runtime.CellSpec(records()[0]).create(sys.argv[1])
keep = [cell.snapshot(), cell.read, cell]
keep.append(keep)
{ending}
"""
    done = run(program, name)
    # A writer that is not closed is no mistake here.
    assert done.returncode == 0, done.stderr


def test_the_stub_says_what_there_is() -> None:
    pytest.importorskip("mypy")
    if shm.__file__.startswith(str(PURE)):
        pytest.skip("the stub is that of the installed package")
    program = "import sys; from mypy.stubtest import main; sys.argv[1:] = ['shm_runtime._native']; sys.exit(main())"
    done = run(
        program.replace("import sys;", "import sys, warnings; warnings.simplefilter('ignore');", 1)
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_benchmark_prints_its_comparison_and_writes_it(tmp_path: Path) -> None:
    file = str(tmp_path / "figures.json")
    chosen = ["--rounds", "2", "--pause", "0", "--json", file]
    done = run(f"from shm_runtime.bench import main; main({chosen})")
    assert done.returncode == 0, done.stderr
    assert "native backend" in done.stdout and "one field, to ctypes" in done.stdout
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["backend"] == "native" and list(figures["modes"]) == ["hot", "spin", "sleep"]
    sections = done.stdout.split("\n\n")[1:]
    for name, mode, section in zip(figures["modes"], figures["modes"].values(), sections):
        names = [case["name"] for case in mode["cases"]]
        assert names[:2] == ["empty", "row.a"] and "ctypes RawValue.a" in names
        shown = [f"{name}: ns", "", *names, "ratio", *(goal["name"] for goal in mode["goals"])]
        lines = section.rstrip().splitlines()
        assert [line.startswith(word) for line, word in zip(lines, shown)] == [True] * len(shown)
        for goal in mode["goals"]:
            assert goal["reached"] == (goal["ratio"] <= goal["most"])
