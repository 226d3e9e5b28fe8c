"""What Python readers make of each other's segments: JSON in, JSON out."""

from __future__ import annotations

import json
import sys
import types
from typing import Any

from shm_runtime._descriptor import parse
from shm_runtime._fit import compare


def program(side: dict[str, Any]) -> Any:
    """The segment ``s`` of a generated module."""
    module = types.ModuleType("made")
    sys.modules["made"] = module
    exec(side["module"], module.__dict__)
    return module.s._spec()._spec


def reads(spec: Any, other: dict[str, Any], written: Any) -> dict[str, Any]:
    """What a reader of ``spec`` makes of a segment of ``other``."""
    if written.descriptor() != other["descriptor"]:
        sys.exit(f"{written.descriptor()}\nis not\n{other['descriptor']}")
    found = parse(other["descriptor"])
    fit = None if found is None else compare(spec, found, other["size"])
    if fit is None:
        sys.exit("the descriptor makes no sense")
    seen = bytearray(at % 251 + 1 for at in range(fit.view.shared))
    fit.view.complete(seen)
    return {
        "breaking": len(fit.breaking),
        "harmless": len(fit.harmless),
        "seen": None if fit.breaking else seen.hex(),
    }


def main() -> None:
    answers = []
    for before, after in json.load(sys.stdin):
        old, new = program(before), program(after)
        answers.append([reads(new, before, old), reads(old, after, new)])
    json.dump(answers, sys.stdout)


main()
