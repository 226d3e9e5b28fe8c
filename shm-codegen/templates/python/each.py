

def _each(convert: Any, values: Any, depth: int) -> Any:
    """``convert`` over nested sequences, as nested tuples."""
    if depth == 0:
        return convert(values)
    return tuple(_each(convert, value, depth - 1) for value in values)
