

def _array(element: Any, length: int, *inner: int) -> Any:
    """An array of numbers that refuses what ctypes alone would cut off."""
    kind = _array(element, *inner) if inner else element
    base: Any = _ctypes.Array
    members = {"__slots__": (), "_type_": kind, "_length_": length, "__setitem__": _set_item}
    return type(base)(f"{kind.__name__}_{length}", (base,), members)


def _set_item(array: Any, at: Any, value: Any) -> None:
    if isinstance(at, slice):
        value = [_fitted("[:]", array._type_, item) for item in value]
    else:
        value = _fitted(f"[{at}]", array._type_, value)
    _ctypes.Array.__setitem__(array, at, value)
