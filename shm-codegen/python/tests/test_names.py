"""What generated code calls by name is what a schema's names may not hide."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from pathlib import Path

import pytest
from conftest import ROOT, codegen

from shm_runtime._live import TAKEN

NAMES = ROOT / "shm-codegen/src/python/names.rs"
WORDS = ROOT / "shm-schema/src/words.rs"


@pytest.mark.parametrize("module", ["market", "every_type", "quantities", "robot", "lambda_"])
def test_every_built_in_that_a_module_uses_is_kept_for_it(module: str, bindings: Path) -> None:
    listed = set(re.findall(r'^ {4}"(\w+)",$', NAMES.read_text(), re.MULTILINE))
    tree = ast.parse((bindings / f"{module}.py").read_text())
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    used = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    called = {name for name in used if hasattr(builtins, name) or name in imported}
    # A field's own property is called by its name too: `@id.setter`.
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    missing = {name for name in called - listed - own if not name.startswith("_")}
    assert not missing


@pytest.mark.skipif(sys.version_info < (3, 10), reason="Python 3.9 does not list its modules")
def test_no_package_is_called_like_a_module_of_python() -> None:
    # By `getattr`, for checkers that take this to be 3.9.
    public = {name for name in getattr(sys, "stdlib_module_names") if not name.startswith("_")}  # noqa: B009
    listed = set(re.findall(r"\w+", WORDS.read_text()))
    assert len(public) > 150 and public <= listed


@pytest.mark.parametrize("package", ["random", "select", "queue", "zoneinfo"])
def test_a_module_of_python_is_not_replaced(package: str, tmp_path: Path) -> None:
    text = (
        f"shm: 1\npackage: {package}\nstructs: [{{ name: S, fields: [{{ name: x, type: u8 }}] }}]\n"
    )
    (tmp_path / "s.yaml").write_text(text)
    done = codegen("gen", tmp_path / "s.yaml", "--python", tmp_path, check=False)
    assert done.returncode == 1 and not (tmp_path / f"{package}.py").exists()
    assert f"`{package}` is a module of Python's standard library" in done.stderr


def test_the_names_that_live_rows_have_are_told() -> None:
    page = (ROOT / "docs/schema-reference.md").read_text()
    _, told = page.split("These names are taken:")
    told, _ = told.split("\n\n", 1)
    assert set(re.findall(r"`(\w+)`", told)) == TAKEN
