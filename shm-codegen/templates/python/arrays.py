

def _array(element: Any, length: int, *inner: int) -> Any:
    """An array of numbers that refuses what ctypes alone would cut off."""
    kind = _array(element, *inner) if inner else element
    exact, low, high = _bounds(element)
    base: Any = _ctypes.Array
    put = base.__setitem__

    def set_item(array: Any, at: Any, value: Any) -> None:
        # What comes most often; an inner array is neither a float nor an int.
        if type(value) is exact and low <= value <= high:
            put(array, at, value)
        elif isinstance(at, slice):
            put(array, at, [_fitted("[:]", kind, item) for item in value])
        else:
            put(array, at, _fitted(f"[{at}]", kind, value))

    members = {"__slots__": (), "_type_": kind, "_length_": length, "__setitem__": set_item}
    return type(base)(f"{kind.__name__}_{length}", (base,), members)
