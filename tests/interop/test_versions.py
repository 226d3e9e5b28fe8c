"""Every version's writer with every version's reader, in both languages.

All see the same bytes of a record, whichever language wrote and whichever reads.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PROGRAMS, WATCHDOG_S, interop

VERSIONS = (1, 2, 3)


@pytest.fixture(scope="session")
def modules(bindings: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """The generated module of each version."""
    found = {}
    for version in VERSIONS:
        folder = tmp_path_factory.mktemp(f"v{version}")
        schema = Path(__file__).parent / f"schemas/v{version}/evolving.yaml"
        command = [PROGRAMS / "shm-codegen", "gen", schema, "--python", folder]
        subprocess.run(list(map(str, command)), check=True, timeout=WATCHDOG_S)
        name = f"evolving_v{version}"
        spec = importlib.util.spec_from_file_location(name, folder / "evolving.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = found[version] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(found[version])
    return found


def record(module: Any) -> Any:
    """The record of ``src/versions.rs``."""
    made = module.Quote(id=7, last=1.5, phase=module.Phase.OPEN)
    parts = [made.levels]
    if hasattr(made, "venue"):
        made.venue, made.sent_raw, made.phase = 3, 9, module.Phase.HALTED
    if hasattr(made, "asks"):
        made.firm, made.note, made.later = True, "hello", module.Phase.OPEN
        for i in range(3):
            made.heat_raw[i] = 2.0
        parts.append(made.asks)
    for levels in parts:
        for i in range(2):
            levels[i].px_raw, levels[i].qty = 100 * (i + 1), i + 1
            if hasattr(levels[i], "orders"):
                levels[i].orders = 10
    return made


@pytest.mark.parametrize("writer", VERSIONS)
@pytest.mark.parametrize("reader", VERSIONS)
@pytest.mark.parametrize("language", ["rust", "python"])
def test_each_reader_sees_the_same(
    writer: int, reader: int, language: str, prefix: str, modules: dict[int, Any]
) -> None:
    if language == "rust":
        interop("version-write", str(writer), prefix)
    else:
        with modules[writer].best.create(prefix) as cell:
            cell.write(record(modules[writer]))
    with modules[reader].best.attach(prefix) as cell:
        seen = cell.read()
    assert interop("version-show", str(reader), prefix).strip() == bytes(seen).hex()
    assert (seen.id, seen.last) == (7, 1.5)
    if hasattr(seen, "venue"):
        assert seen.venue == (3 if writer > 1 else None)
        assert [level.orders for level in seen.levels] == [10 if writer > 1 else None] * 2
    if hasattr(seen, "asks"):
        assert list(seen.heat) == [2.0 if writer > 2 else None] * 3
        assert [level.px for level in seen.asks] == ([1.0, 2.0] if writer > 2 else [None] * 2)
        assert (seen.firm, seen.note) == ((True, "hello") if writer > 2 else (False, ""))
