

def _inside(field: _Field, stored: Any) -> Any:
    """What is to be stored, if that is in the field's range."""
    for path, value in _outside(field, stored, field.attribute):
        ends = " to ".join(map(str, field.range or ()))
        raise ValueError(f"`{path}` takes {ends}, found {value}")
    return stored
