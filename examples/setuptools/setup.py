"""Generates `weather.py` and the runtime from the schema while the package is built."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
#: The generator: on the path, or where this variable says.
CODEGEN = os.environ.get("SHM_CODEGEN", "shm-codegen")


class GenerateThenBuild(build_py):
    """Writes into the build folder, so that the sources stay as they are."""

    def run(self) -> None:
        super().run()
        # An editable install imports from the sources, and needs it there.
        sources = HERE / "src" if self.editable_mode else Path(self.build_lib)
        command = [CODEGEN, "gen", str(HERE / "weather.yaml"), "--standalone"]
        subprocess.run([*command, "--python", str(sources)], check=True)


setup(cmdclass={"build_py": GenerateThenBuild})
