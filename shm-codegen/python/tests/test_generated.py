"""The generated text: alone, on every Python, under every checker, from any schema."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, codegen, run


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules of all the project's schemas."""
    folder = tmp_path_factory.mktemp("corpus")
    schemas = [*ROOT.glob("schemas/*.yaml"), *ROOT.glob("shm-schema/tests/corpus/*.yaml")]
    assert len(schemas) > 5
    codegen("gen", *sorted(schemas), "--python", folder, "--standalone")
    return folder


TABLE = """
import market, every_type, quantities, robot, shm_runtime, sys
assert "numpy" not in sys.modules and shm_runtime.BACKEND == "pure"
with market.quotes.create(sys.argv[1]) as writer, market.quotes.attach(sys.argv[1]) as reader:
    writer[17].write(symbol="ABC", volume=5, phase=9, flags=0x2001)
    with writer[17].update() as record:
        record.last.px = 1.5
    record = reader["ABC"].read()
    assert record.last.px == 1.5 and reader[17].phase.name == "UNKNOWN_9"
    assert record.flags == market.QuoteFlags.FIRM | 0x2000
    snapshot = reader[17].snapshot()
    snapshot.refresh()
    assert snapshot == record and repr(snapshot) == repr(record)
    writer.unlink()
record = quantities.Quantities(px=1.25, venue=None, scaled=((0, 1), (2, None)), at=None)
assert (record.px_raw, record.venue_raw, record.scaled[1][1]) == (125000000, 255, None)
with robot.target.create(sys.argv[1]) as writer, robot.target.attach(sys.argv[1]) as reader:
    writer.write(x=2.0, y=None)
    assert (reader.x, reader.y, type(reader.read()).__module__) == (2.0, None, "geometry")
    writer.unlink()
print("fine")
"""
#: Where version managers keep interpreters, below the home folder and above
#: each one's ``bin``.
MANAGERS = [".pyenv/versions/*", ".asdf/installs/python/*", ".local/share/uv/python/*"]
EVERYTHING = """
import importlib, sys
import numpy
from pathlib import Path

for file in sorted(Path().glob("*.py")):
    module = importlib.import_module(file.stem)
    for name in module.__all__:
        record = getattr(module, name)
        if hasattr(record, "FIELDS"):
            dtype = record.dtype()
            assert dtype.itemsize == record.SIZE and record.from_buffer_copy(bytes(record.SIZE))
            assert {n: dtype.fields[n][1] for n in dtype.names} == record.OFFSETS
            repr(record()), record() == record(), record()._asdict()
print("fine")
"""


def pythons() -> list[str]:
    """Every interpreter from 3.9 on that is on the path or kept by a version manager."""
    places = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for manager in MANAGERS:
        places += sorted(Path.home().glob(f"{manager}/bin"))
    found: dict[str, str] = {}
    for minor in range(9, 16):
        for place in places:
            python = place / f"python3.{minor}"
            # A version manager's stand-in may lead nowhere.
            if python.exists() and run(python, "-c", "import ctypes, mmap").returncode == 0:
                found.setdefault(f"3.{minor}", str(python))
    found.setdefault(f"3.{sys.version_info.minor}", sys.executable)
    return sorted(found.values(), key=lambda python: int(python.rsplit(".", 1)[-1] or 0))


every_python = pytest.mark.parametrize("python", pythons(), ids=lambda python: Path(python).name)


@every_python
def test_it_runs_alone_on_every_python(
    python: str, bindings: Path, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "alone"
    shutil.copytree(bindings, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "program.py").write_text(TABLE)
    environment = {"PATH": "/usr/bin:/bin"}
    options = ["-W", "error", "-S", "-E", "-s", "-B", "-X", "dev"]
    done = run(python, *options, folder / "program.py", name, cwd="/", env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "fine\n", "")


@every_python
@pytest.mark.parametrize("numpy", ["numpy", "no numpy"])
def test_every_module_is_imported_on_every_python(
    python: str, numpy: str, corpus: Path, tmp_path: Path
) -> None:
    program = EVERYTHING
    if numpy == "numpy" and run(python, "-c", "import numpy").returncode != 0:
        pytest.skip(f"{Path(python).name} has no numpy")
    if numpy == "no numpy":
        program = program.replace("import numpy\n", "sys.modules['numpy'] = None\n")
        lines = [line for line in program.splitlines() if "dtype" not in line]
        program = "\n".join(lines)
    done = run(python, "-W", "error", "-B", "-c", program, cwd=corpus)
    assert (done.stdout, done.stderr) == ("fine\n", "")


def test_the_module_needs_no_runtime_for_its_classes(bindings: Path, tmp_path: Path) -> None:
    shutil.copy(bindings / "market.py", tmp_path)
    program = "import market; print(market.Quote(volume=5).volume); market.quotes.attach('x')"
    done = run(sys.executable, "-S", "-c", program, cwd=tmp_path, env={})
    assert done.stdout == "5\n" and "No module named 'shm_runtime'" in done.stderr


RUFF = ["--no-cache", "--config", str(ROOT / "shm-codegen/python/ruff.toml")]
CHECKERS = {
    "mypy": ["--strict", "--no-incremental", "--no-error-summary"],
    "pyright": ["--pythonversion", "3.9"],
    "ruff": ["check", *RUFF],
    "ruff format": ["--check", *RUFF],
}


def checker(name: str, files: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What a checker says of the files."""
    tool, *rest = name.split()
    beside = Path(sys.executable).parent / tool
    command = str(beside) if beside.exists() else shutil.which(tool)
    if command is None or run(command, "--version").returncode != 0:
        pytest.skip(f"{tool} is not installed")
    return run(command, *rest, *CHECKERS[name], *files, cwd=folder)


@pytest.mark.parametrize("name", CHECKERS)
@pytest.mark.parametrize("what", ["bindings", "corpus"])
def test_a_checker_has_nothing_to_say(name: str, what: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(what)
    files = [path.name for path in sorted(folder.glob("*.py"))]
    done = checker(name, [*files, "shm_runtime"], folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_has_nothing_to_say_of_what_is_written_by_hand() -> None:
    tool = Path(sys.executable).parent / "ruff"
    if not tool.exists():
        pytest.skip("ruff is not installed")
    done = run(tool, "check", "--no-cache", ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


USE = """
import market

with market.quotes.attach(wait=2.0) as quotes:
    row = quotes[17]
    reveal_type(quotes)
    reveal_type(row.last.px)
    reveal_type(row.symbol)
    reveal_type(row.phase)
    reveal_type(row.read())
    reveal_type(quotes["ABC"].exchange_time)
    row.volum
    row.volume, row.symbol, row.phase, row.bids = 5, "ABC", 2, ((1, 2),)
    row.volume = "many"
    snapshot = row.snapshot()
    snapshot.refresh()
    reveal_type(snapshot.volume)
market.leader.create(mod=1)
"""


def test_mypy_knows_what_a_row_is(bindings: Path, tmp_path: Path) -> None:
    command = Path(sys.executable).parent / "mypy"
    if not command.exists():
        pytest.skip("mypy is not installed")
    (tmp_path / "use.py").write_text(USE)
    environment = {**os.environ, "MYPYPATH": str(bindings)}
    done = run(command, "--strict", "--no-incremental", tmp_path / "use.py", env=environment)
    for expected in (
        'note: Revealed type is "shm_runtime._table.Table[market.Quote, market.QuoteRow, ',
        'use.py:7: note: Revealed type is "float | None"',
        'use.py:8: note: Revealed type is "str"',
        'use.py:9: note: Revealed type is "market.Phase"',
        'use.py:10: note: Revealed type is "market.Quote"',
        'use.py:11: note: Revealed type is "datetime.datetime"',
        '"QuoteRow" has no attribute "volum"',
        'use.py:14: error: Incompatible types in assignment (expression has type "str", ',
        'use.py:17: note: Revealed type is "int"',
        'Unexpected keyword argument "mod"',
        "Found 3 errors in 1 file",
    ):
        assert expected in done.stdout.replace("builtins.", ""), (expected, done.stdout)


MADE = """
from datetime import datetime, timezone
from typing import Any

import market
import robot
from geometry import Vec3

NOW = datetime.now(timezone.utc)
market.Level(1.5, 2, 3)
market.Level(1, qty=2)
market.Trade(at=NOW, px=None, side=market.Side.BID)
market.Trade(at_raw=1, px_raw=1.5, side=2)
market.Quote(last=market.Trade(qty=5), bids=[(1.5, 2, 3)] * 5, isin_raw=b"x", symbol="ABC")
market.Quote(last={"qty": 5}, open_px=1.25, open_px_raw=125, venue=None)
robot.Robot(pos=Vec3(x=1.0))
market.Level(nosuch=1)
market.Level("1.5")
market.Level(qty=2.5)
market.Level(1.5, 2, 3, 4)
market.Trade(NOW)
market.Trade(at=1)
market.Quote(symbol=b"ABC")
market.Quote(last=5)
robot.Robot(nosuch=1)
robot.Robot(pos=5)
"""
FIRST_WRONG = MADE.splitlines().index("market.Level(nosuch=1)") + 1
WRONG = set(range(FIRST_WRONG, len(MADE.splitlines()) + 1))


@pytest.mark.parametrize("name", ["mypy", "pyright"])
def test_checkers_know_what_a_constructor_takes(name: str, bindings: Path, tmp_path: Path) -> None:
    for file in [*bindings.glob("*.py"), bindings / "shm_runtime"]:
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / "made.py").write_text(MADE)
    done = checker(name, ["made.py"], tmp_path)
    found = {int(line) for line in re.findall(r"made\.py:(\d+):.*error", done.stdout)}
    assert found == WRONG, done.stdout
    # Python says so too, of every line but those it is kind to.
    lines = [line for line in MADE.splitlines() if line.startswith(("market.", "robot."))]
    space: dict[str, Any] = {}
    exec("\n".join(MADE.splitlines()[: FIRST_WRONG - 1]), space)
    for line in lines[-len(WRONG) :]:
        with pytest.raises((AttributeError, TypeError, ValueError)):
            eval(line, space)


SHADOWS = """
shm: 1
package: shadows
version: 1
enums:
  - { name: Side, repr: u8, values: [{ name: None, value: 0 }] }
structs:
  - name: Thing
    fields:
      - { name: int, type: u8 }
      - { name: str, type: str, len: 4 }
      - { name: bytes, type: bytes, len: 4 }
      - { name: bool, type: bool }
      - { name: float, type: f64 }
      - { name: property, type: bool }
      - { name: staticmethod, type: timestamp_ns }
      - { name: tuple, type: bool, dims: [2] }
      - { name: Side, type: Side }
      - { name: another, type: Side }
      - { name: type, type: Other }
      - { name: Other, type: u32 }
  - name: Other
    fields:
      - { name: x, type: u32 }
segments:
  - { name: things, kind: table, of: Thing, rows: 2, key: str }
"""


def test_fields_may_be_called_like_what_generated_code_uses(bindings: Path, tmp_path: Path) -> None:
    (tmp_path / "shadows.yaml").write_text(SHADOWS)
    codegen("gen", tmp_path / "shadows.yaml", "--python", tmp_path)
    module: dict[str, Any] = {"__name__": "shadows"}
    exec(compile((tmp_path / "shadows.py").read_text(), "shadows.py", "exec"), module)
    thing = module["Thing"](
        int=1, str="ab", bytes=b"cd", bool=True, property=True, Side=0, tuple=[1, 0]
    )
    assert (thing.int, thing.str, thing.bytes) == (1, "ab", b"cd\0\0")
    assert thing.bool is thing.property is True and thing.tuple == (True, False)
    assert thing.Side is module["Side"].NONE and thing.type == module["Other"]()
    command = Path(sys.executable).parent / "mypy"
    if command.exists():
        environment = {**os.environ, "MYPYPATH": str(bindings)}
        options = ["--strict", "--no-incremental", "--no-error-summary"]
        done = run(command, *options, tmp_path / "shadows.py", env=environment)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["len", "property", "Any", "ThingRow", "SCHEMA_VERSION"])
def test_a_segment_cannot_take_a_name_that_the_module_needs(name: str, tmp_path: Path) -> None:
    text = SHADOWS.replace("name: things", f"name: {name}")
    (tmp_path / "shadows.yaml").write_text(text)
    done = codegen("gen", tmp_path / "shadows.yaml", "--python", tmp_path, check=False)
    assert done.returncode == 1 and f"`{name}`" in done.stderr, done.stderr
    assert "Python" in done.stderr or "generated" in done.stderr, done.stderr
    assert not (tmp_path / "shadows.py").exists()


def test_the_runtimes_header_is_what_the_generator_makes() -> None:
    package = ROOT / "shm-codegen/python/shm_runtime"
    schema = ROOT / "schemas/segment_header.yaml"
    codegen("gen", schema, "--python", package, "--check")


def test_regenerating_changes_nothing(tmp_path: Path) -> None:
    schema = ROOT / "schemas/market.yaml"
    for _ in range(2):
        codegen("gen", schema, "--python", tmp_path, "--standalone")
    codegen("gen", schema, "--python", tmp_path, "--standalone", "--check")
    for file in tmp_path.rglob("*.py"):
        assert "@generated by shm-codegen" in file.read_text().splitlines()[0], file
    assert (tmp_path / "shm_runtime" / "py.typed").read_text() == ""
