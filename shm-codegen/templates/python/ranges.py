

def _strays(record: Any, path: str) -> list[tuple[str, float]]:
    """What is out of its range in a record and in those that it holds."""
    found = []
    for field in record.FIELDS.values():
        found += _outside(field, getattr(record, field.stored), path + field.attribute)
    return found


def _outside(field: _Field, stored: Any, path: str) -> list[tuple[str, float]]:
    if isinstance(stored, _ctypes.Structure):
        return _strays(stored, path + ".")
    if isinstance(stored, _ctypes.Array) and issubclass(stored._type_, _ctypes._SimpleCData):
        stored = stored[:] if field.range is not None else ()
    if isinstance(stored, (list, tuple, _ctypes.Array)):
        items = (_outside(field, item, f"{path}[{at}]") for at, item in enumerate(stored))
        return [stray for strays in items for stray in strays]
    if field.range is None:
        return []
{%- if has_absent_ranges %}
    if field.sentinel is not None and _is_none(stored, field.sentinel):
        return []
{%- endif %}
    value = stored
{%- if has_scaled_ranges %}
    if field.worth is not None:
        value = stored * field.worth[0] / field.worth[1]
{%- endif %}
    low, high = field.range
    return [] if low <= value <= high else [(path, value)]
