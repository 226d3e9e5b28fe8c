"""Schemas that share types: one class, one file, wherever the files lie."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import camera
import geometry
import pytest
import robot
import units
from conftest import SCHEMAS, codegen, run
from test_generated import checker


def test_a_shared_type_is_one_class() -> None:
    assert type(robot.Robot().pos) is type(camera.Camera().pos) is geometry.Vec3
    assert robot.Vec3 is not geometry.Vec3
    camera_ = camera.Camera(pos=geometry.Vec3(x=1, y=2.5, frame=units.Frame.BODY))
    robot_ = robot.Robot(pos=camera_.pos, path=[camera_.pos, {"x": 3}, {}])
    assert robot_.pos == camera_.pos == robot_.path[0] and robot_.path[1].x == 3
    camera_.pos = robot_.path[1]
    assert camera_.pos.x == 3 and camera_.pos.y == 0.0
    assert robot_.pos.frame is units.Frame.BODY


def test_own_types_alone_are_written() -> None:
    assert set(robot.__all__) == {
        "SCHEMA_FINGERPRINT", "SCHEMA_VERSION", "Robot", "Vec3", "robots", "small", "target",
    }  # fmt: skip
    assert not hasattr(robot, "Quality") and not hasattr(robot, "AXES") and units.AXES == 3


def test_shared_types_are_shown_compared_and_checked_through_their_holders() -> None:
    robot_ = robot.Robot(quality=geometry.Quality.GOOD, frames=(1, 7))
    robot_.path[2].y = None
    assert "path=[Vec3(x=0.0, y=0.0, frame=<Frame.WORLD: 0>" in repr(robot_)
    assert robot_._asdict()["path"][2]["y"] is None
    assert robot.Robot(**robot_._asdict()) == robot_
    memoryview(robot_).cast("B")[geometry.Vec3.SIZE - 1] = 1
    assert robot.Robot(**robot_._asdict()) == robot_, "padding of a shared type does not count"
    robot_.path[1].y_raw = 1_000_001
    assert robot_.out_of_range() == ["path[1].y"]
    with pytest.raises(ValueError, match="takes -1000"):
        robot_.pos.x = 1001


def test_a_segment_may_be_of_a_shared_type(name: str) -> None:
    with robot.target.create(name) as writer, geometry.origin.attach(name) as reader:
        writer.write(geometry.Vec3(x=1.5, y=None))
        assert (reader.x, reader.y, reader.read()) == (1.5, None, writer.read())
        assert type(reader.read()) is geometry.Vec3
    with robot.robots.create(f"{name}-table") as table:
        table[3].write(pos=geometry.Vec3(x=2))
        assert table[3].pos.x == 2.0 and type(table[3].path[0]) is geometry.Vec3
        pytest.importorskip("numpy")
        assert table.to_numpy()["pos"]["x"][3] == 2.0


PROGRAM = """
import sys
{imports}
r = robot.Robot(pos=camera.Camera(pos={{"x": 1}}).pos)
assert type(r.pos) is geometry.Vec3 and r.pos.x == 1
with robot.robots.create(sys.argv[1]) as table:
    table[0].write(r)
    assert table[0].pos == r.pos
    table.unlink()
print("fine")
"""
FORMS = {
    "folder": ".",
    "package": "bindings",
    "inner": "outer/bindings",
}
MODULES = ["robot", "camera", "geometry", "units"]


def laid(form: str, bindings: Path, folder: Path) -> str:
    """The modules in a folder or a package, and how they are imported there."""
    place = folder / FORMS[form]
    place.mkdir(parents=True, exist_ok=True)
    package = FORMS[form].replace("/", ".").strip(".")
    for module in MODULES:
        shutil.copy(bindings / f"{module}.py", place)
    shutil.copytree(bindings / "shm_runtime", folder / "shm_runtime")
    while place != folder:
        (place / "__init__.py").touch()
        place = place.parent
    start = f"from {package} import " if package else "import "
    return start + ", ".join(MODULES)


@pytest.mark.parametrize("form", FORMS)
def test_the_files_may_lie_in_a_folder_or_in_a_package(
    form: str, bindings: Path, tmp_path: Path, name: str
) -> None:
    imports = laid(form, bindings, tmp_path)
    (tmp_path / "program.py").write_text(PROGRAM.format(imports=imports))
    done = run(sys.executable, "-W", "error", "-B", "program.py", name, cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("fine\n", "")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tool", ["mypy", "pyright"])
def test_checkers_follow_imports(form: str, tool: str, bindings: Path, tmp_path: Path) -> None:
    imports = laid(form, bindings, tmp_path)
    (tmp_path / "use.py").write_text(
        f"{imports}\nreveal_type(robot.Robot().pos)\nrobot.target.attach().x + 1\n"
    )
    package = [] if form == "folder" else [FORMS[form]]
    done = checker(tool, ["use.py", *package], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    # In a package mypy cannot follow an import that also has to work outside
    # of one, and takes what it does not see for anything.
    blind = tool == "mypy" and form != "folder"
    assert ("Any" if blind else "Vec3") in done.stdout


def test_a_stale_import_is_refused_with_the_remedy(bindings: Path, tmp_path: Path) -> None:
    for module in MODULES:
        shutil.copy(bindings / f"{module}.py", tmp_path)
    for schema in ("geometry.yaml", "parts/units.yaml"):
        (tmp_path / schema).parent.mkdir(exist_ok=True)
        shutil.copy(SCHEMAS / schema, tmp_path / schema)
    text = (tmp_path / "geometry.yaml").read_text()
    command = [sys.executable, "-B", "-c", "import robot"]

    # What nobody uses may change.
    (tmp_path / "geometry.yaml").write_text(text.replace("unit: m, range", "unit: ft, range"))
    codegen("gen", tmp_path / "geometry.yaml", "--python", tmp_path)
    assert run(*command, cwd=tmp_path).returncode == 0

    (tmp_path / "geometry.yaml").write_text(text.replace("name: y,", "name: height,"))
    codegen("gen", tmp_path / "geometry.yaml", "--python", tmp_path)
    done = run(*command, cwd=tmp_path)
    assert done.stderr.splitlines()[-1] == (
        "ImportError: `geometry.Vec3` is not the one that `robot` was generated with; "
        "hint: run `shm-codegen gen robot.yaml --python` with the folder of both"
    )

    (tmp_path / "geometry.py").write_text("class Vec3: ...\n")
    assert "`geometry.Quality` is not the one" in run(*command, cwd=tmp_path).stderr


def test_a_package_may_be_called_like_a_helper_of_the_module(tmp_path: Path) -> None:
    (tmp_path / "text.yaml").write_text(
        "shm: 1\npackage: text\nversion: 1\n"
        "structs: [{ name: Line, fields: [{ name: words, type: str, len: 8 }] }]\n"
    )
    (tmp_path / "page.yaml").write_text(
        "shm: 1\npackage: page\nversion: 1\nimports: [text.yaml]\nstructs:\n"
        "  - { name: Page, fields: [{ name: first, type: text.Line }, { name: title, type: str, len: 8 }] }\n"
    )
    codegen("gen", tmp_path / "page.yaml", "--python", tmp_path)
    program = "import page; print(page.Page(first={'words': 'a'}, title='b'))"
    done = run(sys.executable, "-B", "-c", program, cwd=tmp_path, env={**os.environ})
    assert done.stdout == "Page(first=Line(words='a'), title='b')\n", done.stderr
