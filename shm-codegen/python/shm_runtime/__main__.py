"""The tools of this package: ``python -m shm_runtime doctor | bench``."""

from __future__ import annotations

import argparse
import importlib
import sys

from ._backend import BACKEND, VERSION

_TOOLS = {
    "doctor": "what on this machine costs latency, and what to do about each",
    "bench": "what a read and a write cost here, beside other ways to share memory",
}


def main(arguments: list[str]) -> None:
    """Runs the tool that the first argument names."""
    listed = "\n".join(f"  {name:8} {what}" for name, what in _TOOLS.items())
    parser = argparse.ArgumentParser(
        prog="python -m shm_runtime",
        description=f"Records in shared memory, version {VERSION}, {BACKEND} backend.",
        epilog=f"tools:\n{listed}\n\nEach tells its own options by --help.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{VERSION}, {BACKEND}")
    parser.add_argument("tool", choices=_TOOLS, nargs="?")
    parser.add_argument("options", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.tool is None:
        parser.print_help()
        return
    try:
        tool = importlib.import_module(f"{__package__}.{chosen.tool}")
    except ModuleNotFoundError as error:
        # A copy beside a generated module leaves the benchmark out.
        parser.error(f"`{chosen.tool}` is not here ({error}); hint: install the wheel")
    tool.main(chosen.options)


if __name__ == "__main__":
    main(sys.argv[1:])
