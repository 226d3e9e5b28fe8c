

def _inside(field: _Field, stored: Any) -> Any:
    """What is to be stored, if that is in the field's range."""
    for path, value in _outside(field, stored, field.attribute):
{%- if has_time_ranges %}
        low, high, found = (_told(field, number) for number in (*(field.range or ()), value))
        raise ValueError(f"`{path}` takes {low} to {high}, found {found}")
    return stored


def _told(field: _Field, number: float) -> str:
    """A number for a message; a time as people read it too."""
    kind, _, unit = field.type.partition("_")
    if kind not in ("timestamp", "duration"):
        return str(number)
    shown = _seconds if kind == "duration" else _iso
    a_second = 1_000 ** ["s", "ms", "us", "ns"].index(unit)
    return f"{number} ({shown(int(number), a_second)})"
{%- else %}
        ends = " to ".join(map(str, field.range or ()))
        raise ValueError(f"`{path}` takes {ends}, found {value}")
    return stored
{%- endif %}
