

def _number(name: str, value: Any, kind: Any) -> Any:
    """The number of a member, or a number that need not have one."""
    try:
        return _operator.index(value)
    except TypeError:
        raise TypeError(f"`{name}` takes a `{kind.__name__}`, found {value!r}") from None
