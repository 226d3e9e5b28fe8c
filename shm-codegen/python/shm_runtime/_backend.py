"""Which implementation does the frequent work: the wheel's extension, or Python.

The extension is used where it can be imported. ``SHM_RUNTIME_BACKEND`` overrides
that: ``pure`` leaves it out, ``native`` requires it.

A copy of this package beside a generated module (`gen --standalone`) comes before
the installed wheel on the path. It looks for the wheel's extension itself, and
accepts only one of its own version.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import sysconfig
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

#: Of this package; an extension of another one is left alone.
VERSION = "0.1.0"

_VARIABLE = "SHM_RUNTIME_BACKEND"
_NAME = "shm_runtime._native"


def _load() -> tuple[ModuleType | None, str]:
    """The extension; or nothing, and why."""
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        return None, "it does not support free-threaded Python; hint: use a build with the GIL"
    folders = [os.path.join(folder or os.getcwd(), "shm_runtime") for folder in sys.path]
    spec = PathFinder.find_spec(_NAME, [os.path.dirname(__file__), *folders])
    loader: Any = spec and spec.loader
    if spec is None or loader is None:
        return None, "it is not installed; hint: install the wheel `shm_runtime`"
    try:
        module = importlib.util.module_from_spec(spec)
        loader.exec_module(module)
    except ImportError as error:
        return None, f"`{spec.origin}` cannot be loaded: {error}"
    if module.VERSION != VERSION:
        return None, (
            f"`{spec.origin}` is of version {module.VERSION} and this package of {VERSION}; "
            "hint: generate again with the same release, or install that one"
        )
    sys.modules[_NAME] = module
    return module, ""


def _chosen() -> tuple[ModuleType | None, str]:
    asked = os.environ.get(_VARIABLE, "")
    if asked not in ("", "native", "pure"):
        raise ImportError(f"{_VARIABLE} is `native` or `pure`, found `{asked}`")
    left_out = f"{_VARIABLE} is `pure`; hint: unset it"
    module, why = (None, left_out) if asked == "pure" else _load()
    if module is None and asked == "native":
        raise ImportError(f"{_VARIABLE} asks for the native backend: {why}")
    if module is None and (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise ImportError(
            "the pure-Python backend of shm_runtime relies on the memory order of x86-64 and on "
            f"Linux, found {platform.machine()} and {sys.platform}; "
            "hint: install the `shm_runtime` wheel there"
        )
    return module, why


#: The extension; ``None`` where Python does it all. And why it is.
native, WHY = _chosen()

#: Which implementation this is: ``pure``, or ``native`` for the wheel.
BACKEND = "pure" if native is None else "native"
