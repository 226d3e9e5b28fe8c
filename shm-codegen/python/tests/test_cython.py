"""Generated declarations compile, and what Cython reads is what Python reads."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import random
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

import pytest
from conftest import ROOT, WATCHDOG_S, codegen, run

from shm_runtime.segment_header import SegmentHeader

HEADER = Path(sysconfig.get_paths()["include"], "Python.h")
MISSING = [
    *[module for module in ("Cython", "setuptools") if importlib.util.find_spec(module) is None],
    *(["cc"] if shutil.which("cc") is None else []),
    *(["Python.h"] if not HEADER.exists() else []),
]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}")

#: A build has this long.
BUILD_S = 300
READS = 100_000
WIDE = """\
shm: 1
package: wide
structs:
  - name: Wide
    fields:
      - { name: words, type: u64, dims: [512] }
segments:
  - { name: wide, kind: cell, of: Wide }
"""
HOSTILE = '\'*/ int stray; /* ??/ \\ " ` """ %s */ #error \\\''
SETUP = """\
from Cython.Build import cythonize
from setuptools import Extension, setup

looks = Extension("looks", ["looks.pyx"], include_dirs=["."])
setup(name="looks", ext_modules=cythonize([looks], include_path=["."]), py_modules=[])
"""


def build(folder: Path) -> None:
    """Runs `setup.py` of a folder; no compiler may have anything to say."""
    done = subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"],
        check=False,
        cwd=folder,
        env={**os.environ, "CFLAGS": "-Wall -Wextra -Werror -O1"},
        capture_output=True,
        text=True,
        timeout=BUILD_S,
    )
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr, done.stderr


def all_words() -> list[str]:
    """The keywords of Python, C and Cython that a schema may name a field by."""
    source = (ROOT / "shm-schema" / "src" / "words.rs").read_text()
    lists = re.findall(r"(?:PYTHON|C|CYTHON)_KEYWORDS: &\[&str\] = &\[(.*?)\];", source, re.DOTALL)
    assert len(lists) == 3
    return sorted({word for text in lists for word in re.findall(r'"(\w+)"', text)})


def keywords() -> str:
    words = all_words()
    # Names of one struct differ in more than case and underscores.
    first = list({word.replace("_", "").upper(): word for word in words}.values())
    structs = [("Words", first), ("Others", [word for word in words if word not in first])]
    lines = [f"shm: 1\npackage: keywords\ndoc: {HOSTILE}\nstructs:"]
    for name, fields in structs:
        lines += [f"  - name: {name}", f"    doc: {HOSTILE}", "    fields:"]
        lines += [f"      - {{ name: {field}, type: u8, doc: {HOSTILE} }}" for field in fields]
    lines += ["segments:", "  - { name: words, kind: cell, of: Words }"]
    constants = [
        "constants:",
        *(f"  - {{ name: {c}, type: u8, value: 1 }}" for c in ("IF", "NULL")),
    ]
    return "\n".join(lines + constants) + "\n"


def fields_of() -> str:
    """A function that gives the fields of `EveryType` as Cython sees them."""
    import every_type

    pair = "for i in range(2)"
    special = {
        # What C takes for characters: without a length Cython looks for a NUL.
        "a_str": "record.a_str[:7]",
        "a_bytes": "record.a_bytes[:5]",
        "names": f"[[record.names[i][j][:3] for j in range(2)] {pair}]",
        "blobs": f"[record.blobs[i][:3] {pair}]",
        "tesseract": f"[[[record.tesseract[i][0][j][:2] for j in range(3)]] {pair}]",
        "masks": "record.masks[:3]",
        # Any byte but 0 is true.
        "a_bool": "record.a_bool != 0",
        "answers": f"[[record.answers[i][j] != 0 for j in range(2)] {pair}]",
        "int": "record.int_",
        "from": "record.from_",
    }
    names = every_type.EveryType.FIELDS
    lines = [f'        "{name}": {special.get(name, f"record.{name}")},' for name in names]
    head = "cdef dict fields_of(every_type.EveryType *record):\n    return {\n"
    return head + "\n".join(lines) + "\n    }\n"


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The extension of `cython/looks.pyx`, and the modules of its schemas."""
    folder = tmp_path_factory.mktemp("cython")
    (folder / "wide.yaml").write_text(WIDE)
    (folder / "keywords.yaml").write_text(keywords())
    schemas = [folder / "wide.yaml", folder / "keywords.yaml", ROOT / "schemas/every_type.yaml"]
    codegen("gen", *schemas, "--cython", folder, "--python", folder)
    shutil.copy(Path(__file__).parent / "cython" / "looks.pyx", folder)
    (folder / "fields.pxi").write_text(fields_of())
    (folder / "setup.py").write_text(SETUP)
    build(folder)
    return imported(folder, "looks", "wide", "keywords")


def imported(folder: Path, *names: str) -> dict[str, ModuleType]:
    sys.path.insert(0, str(folder))
    try:
        return {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(folder))


def plain(value: Any) -> Any:
    """A field as ctypes or Cython has it, without types of either."""
    if isinstance(value, ctypes.Structure):
        facts: Any = type(value).FIELDS  # type: ignore[attr-defined]
        return {name: plain(getattr(value, fact.stored)) for name, fact in facts.items()}
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, ctypes.Array) and issubclass(value._type_, (ctypes.c_char, ctypes.c_int8)):
        return list(bytes(value))
    if isinstance(value, (ctypes.Array, list, bytes)):
        return [plain(inner) for inner in value]
    return repr(float(value)) if isinstance(value, float) else int(value)


def test_every_field_is_what_python_reads(looks: Any, name: str) -> None:
    import every_type

    cython = looks["looks"]
    record = every_type.EveryType
    assert record.SIZE == cython.SIZE
    assert record.FINGERPRINT == cython.FINGERPRINT.decode()
    assert cython.CONSTANTS == (
        every_type.ROWS,
        every_type.THIRD,
        every_type.LOWEST,
        every_type.HIGHEST,
    )
    assert cython.VALUES == (-128, 2**64 - 1, 1 << 63)
    assert cython.SEGMENT == (b"every_type.many", 8)
    chance = random.Random(1)
    for table in (every_type.many.create(name), every_type.in_arrays.create(f"{name}.arrays")):
        for row in range(len(table)):
            # No byte is 0, where ctypes would end a text, nor part of a NaN.
            data = bytes(chance.choices(range(1, 127), k=record.SIZE))
            made = record.from_buffer_copy(data)
            made.a_bool = row % 2 == 0
            table[row].write(made)
            read = table[row].read()
            unread, seen, fields = cython.every(table, row)
            assert unread == 0
            assert plain(fields) == plain(read)
            again = record.from_buffer_copy(seen)
            assert again.a_f64 == read.a_f64
            assert again.a_str == read.a_str
        with pytest.raises(IndexError, match=f"no row {len(table)}"):
            cython.every(table, len(table))
        table.close()


def test_no_read_is_torn_beside_a_writer_without_pause(
    looks: Any, name: str, child: Callable[..., subprocess.Popen[str]]
) -> None:
    wide = looks["wide"]
    folder = str(Path(wide.__file__).parent)
    writer = child(
        "import sys; sys.path.insert(0, sys.argv[2]); import wide\n"
        # Three, as each of two copies then changes with every write.
        "records = [wide.Wide.from_buffer_copy(bytes([n] * wide.Wide.SIZE)) for n in (1, 2, 3)]\n"
        "with wide.wide.create(sys.argv[1]) as cell:\n"
        "    cell.write(records[0]); print('there', flush=True)\n"
        "    while True:\n"
        "        for record in records: cell.write(record)\n",
        name,
        folder,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "there\n"
    with wide.wide.attach(name) as cell:
        # Until both have met the writer: a busy machine may let it wait.
        control = counted(looks, cell, False, lambda _, torn, __: torn > 0)
        failed, torn, news = counted(looks, cell, True, lambda _, __, news: news > 1000)
    assert writer.poll() is None
    print(f"of {news} news {torn} torn; without the second look {control[1]} of {control[2]}")
    assert (failed, torn) == (0, 0)


def counted(
    looks: Any, cell: Any, second_look: bool, enough: Callable[[int, int, int], bool]
) -> tuple[int, int, int]:
    """Reads so often, and on until it is enough: failures, torn ones, news."""
    total = (0, 0, 0)
    end = time.monotonic() + WATCHDOG_S
    while True:
        more = looks["looks"].torn(cell, READS, second_look)
        total = (total[0] + more[0], total[1] + more[1], total[2] + more[2])
        if enough(*total):
            return total
        assert time.monotonic() < end, total


def test_the_end_of_a_segment_is_told(looks: Any, name: str) -> None:
    wide, cython = looks["wide"], looks["looks"]
    with wide.wide.create(name) as cell:
        cell.write(wide.Wide.from_buffer_copy(b"\1" * wide.Wide.SIZE))
        reads = cython.held(cell)
        assert next(reads) == (0, 0x0101010101010101)
        cell.unlink()
        assert next(reads) == (cython.RETIRED, 0)
        with pytest.raises(BufferError, match="still in use"):
            cell.close()
        reads.close()


def test_another_record_is_refused(looks: Any, name: str) -> None:
    import every_type

    cython = looks["looks"]
    with every_type.one.create(name) as cell:
        assert cython.every(cell)[0] == 0
        with pytest.raises(IndexError, match="no row 1"):
            cython.every(cell, 1)
        with pytest.raises(TypeError, match="no `Wide`"):
            cython.torn(cell, 1, True)

        class Bytes:
            memory = bytes(cell.memory[:64])

        with pytest.raises(ValueError, match="no segment"):
            cython.every(Bytes)
        offsets = SegmentHeader.OFFSETS
        whole = bytes(cell.memory)
        far = (4, len(whole), 1 << 63, 2**64 - 8)
        # One cell has no next one: any step to it will do that is one.
        steps = dict.fromkeys(("stride", "copy_stride"), (0, 4))
        places = dict.fromkeys(("records_offset", "copies_offset", "copy_distance"), far)
        for field, values in {**steps, **places}.items():
            for value in values:
                at = offsets[field]
                Bytes.memory = whole[:at] + value.to_bytes(8, "little") + whole[at + 8 :]
                with pytest.raises(ValueError, match="no segment"):
                    cython.every(Bytes)
        Bytes.memory = b""
        with pytest.raises(ValueError, match="no segment"):
            cython.every(Bytes)
        Bytes.memory = b"\0" + bytes(cell.memory[1:])
        with pytest.raises(ValueError, match="no segment"):
            cython.every(Bytes)


def test_keywords_are_fields(looks: Any, name: str) -> None:
    module = looks["keywords"]
    with module.words.create(name) as cell:
        cell.write(module.Words.from_buffer_copy(bytes(range(1, module.Words.SIZE + 1))))
        unread, fields = looks["looks"].words(cell)
    assert unread == 0
    assert list(fields.values()) == list(range(1, module.Words.SIZE + 1))
    assert {"from_", "int_", "cdef_"} <= set(fields)


def test_the_page_can_be_followed(tmp_path: Path, name: str) -> None:
    import market

    page = (ROOT / "docs" / "cython.md").read_text()
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    code = {kind: "\n".join(text for k, text in blocks if k == kind) for kind, _ in blocks}
    (tmp_path / "best.pyx").write_text(code["cython"])
    (tmp_path / "setup.py").write_text(code["python"])
    # The page's segment has a name that others may use too.
    (tmp_path / "leader.c").write_text(code["c"].replace("MARKET_LEADER_NAME", f'"{name}"'))
    codegen("gen", ROOT / "schemas" / "market.yaml", "--cython", tmp_path / "generated")
    build(tmp_path)
    flags = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
    (line,) = (line for line in code["sh"].splitlines() if line.startswith("cc "))
    done = run(*line.split(), *flags, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    best = imported(tmp_path, "best")["best"]
    with market.leader.create(name) as cell:
        cell.write(tick=7, bids=[market.Level(px=2.5)] * market.DEPTH)
        assert best.best_bid(cell) == 2.5
        assert best.Last().read(cell) == 7
        assert run(tmp_path / "leader").stdout == "2.5\n"
        cell.unlink()
        with pytest.raises(RuntimeError, match="ended"):
            best.best_bid(cell)
    assert "No such file" in run(tmp_path / "leader").stderr


def test_the_example_reads_a_table(tmp_path: Path, name: str) -> None:
    import market

    folder = tmp_path / "cython"
    shutil.copytree(ROOT / "examples" / "cython", folder)
    codegen("gen", ROOT / "schemas" / "market.yaml", "--cython", folder / "generated")
    build(folder)
    example = imported(folder, "quotes")["quotes"]
    with market.quotes.create(name) as quotes:
        for row in range(3):
            quotes[row].write(turnover=row + 0.5)
        assert example.turnover(quotes) == 4.5
