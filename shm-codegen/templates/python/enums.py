

def _unknown(cls: Any, value: object, low: int, high: int) -> Any:
    """A member for a value that the schema does not name: ``UNKNOWN_7``.

    Made anew each time, so that hostile values cannot fill the memory; compare
    such members with ``==``, not with ``is``.
    """
    if not isinstance(value, int) or not low <= value <= high:
        return None
    member = int.__new__(cls, value)
    member._name_ = f"UNKNOWN_{value}".replace("-", "MINUS_")
    member._value_ = int(value)
    return member
