

def _known(name: str, kind: Any, value: Any, none: float) -> Any:
    """``value`` as it is stored; ``None`` as the number that stands for it."""
    if value is None:
        return none
    fitted = _fitted(name, kind, value)
    if _is_none(kind(fitted).value, none):
        raise ValueError(f"`{name}` cannot hold {value}, which stands for none; hint: `None`")
    return fitted
