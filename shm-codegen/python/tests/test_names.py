"""What generated code calls by name is what a schema's names may not hide."""

from __future__ import annotations

import ast
import builtins
import re
from pathlib import Path

import pytest
from conftest import ROOT

NAMES = ROOT / "shm-codegen/src/python/names.rs"


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
