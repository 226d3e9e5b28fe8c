"""What the project offers to builds and commits works when it is used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

CODEGEN = os.environ.get("SHM_CODEGEN", ROOT / "target" / "debug" / "shm-codegen")
WATCHDOG_S = 300

pytestmark = pytest.mark.skipif(not Path(CODEGEN).exists(), reason="needs a built shm-codegen")


def run(*command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **more}
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=environment,
        timeout=WATCHDOG_S,
    )


def test_the_setuptools_example_generates_when_it_is_built(tmp_path: Path) -> None:
    pytest.importorskip("setuptools", minversion="70")
    # A build leaves things in the sources.
    sources = tmp_path / "sources"
    shutil.copytree(ROOT / "examples" / "setuptools", sources)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    site = tmp_path / "site"
    built = run(
        *[*pip, "--no-build-isolation", "--target", str(site), str(sources)],
        SHM_CODEGEN=str(CODEGEN),
    )
    assert built.returncode == 0, built.stderr
    assert not (sources / "src" / "weather.py").exists()
    program = (
        "import thermometer, weather, sys\n"
        "with weather.station.create(sys.argv[1]) as station:\n"
        "    station.write(temperature=21.5)\n"
        "    with weather.station.attach(sys.argv[1]) as reader:\n"
        "        print(reader.read().temperature, thermometer.temperature.__name__)\n"
    )
    name = f"package-{os.getpid()}"
    try:
        used = run(sys.executable, "-c", program, name, PYTHONPATH=str(site))
    finally:
        Path("/dev/shm", name).unlink(missing_ok=True)
    assert used.returncode == 0, used.stderr
    assert used.stdout == "21.5 temperature\n"


def hooks() -> dict[str, list[str]]:
    """The words of each hook's entry."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    found = re.findall(r"- id: (\S+)\n(?:  .*\n)*?  entry: (.*)\n", text)
    assert len(found) == text.count("- id: ")
    return {hook: entry.split() for hook, entry in found}


def test_each_pre_commit_hook_passes_and_fails_as_it_should(tmp_path: Path) -> None:
    schema = tmp_path / "market.yaml"
    schema.write_bytes((ROOT / "schemas" / "market.yaml").read_bytes())
    entries = hooks()

    def hook(name: str, *arguments: str) -> int:
        program, *words = entries[name]
        assert program == "shm-codegen"
        return run(str(CODEGEN), *words, *arguments).returncode

    generate = [str(schema), "--python", str(tmp_path)]
    assert hook("shm-gen", *generate) == 1
    assert run(str(CODEGEN), "gen", *generate).returncode == 0
    assert hook("shm-gen", *generate) == 0
    assert hook("shm-check", str(schema)) == 0
    neat = schema.read_text()
    schema.write_text(neat.replace("{ name: px,", "{name:   px,", 1))
    hook("shm-fmt", str(schema))
    assert schema.read_text() == neat
    schema.write_text(neat.replace("u32", "u33"))
    assert hook("shm-check", str(schema)) == 1
    assert hook("shm-gen", *generate) == 1
