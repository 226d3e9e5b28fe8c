"""What to say of a segment whose layout is another."""

from __future__ import annotations

from ._descriptor import Descriptor
from ._errors import LayoutMismatch
from ._fit import Fit
from ._spec import Spec

#: Differences that a message lists before it counts the rest.
_SHOWN = 8


def mismatch(
    spec: Spec, name: str, found: Descriptor | None, fit: Fit | None, pid: int
) -> LayoutMismatch:
    """The error that names what differs, what matters most first."""
    differences = () if fit is None else (*fit.breaking, *fit.harmless)
    origin = [f"schema {found.schema}"] if found is not None and found.schema else []
    origin += [f"writer pid {pid}"] if pid else []
    where = f"segment `{name}`" + (f" ({', '.join(origin)})" if origin else "")
    other = f"`{spec.record.__name__}` has another fingerprint in the segment"
    listed = "; ".join(differences[:_SHOWN]) or other
    if len(differences) > _SHOWN:
        listed += f"; and {len(differences) - _SHOWN} more"
    package, version = getattr(spec.record, "_schema", ("", 0))
    here = f"; this program has schema {package} v{version}" if package else ""
    hint = "regenerate both sides from one schema with `shm-codegen gen`"
    if fit is not None and not fit.breaking:
        hint = (
            "readers of this version attach to it, but a writer goes on only with its own "
            "layout: `replace=True` makes a new segment in its place"
        )
    return LayoutMismatch(
        f"layout mismatch: {listed.replace('the segment', where, 1)}{here}; hint: {hint}",
        differences,
    )
