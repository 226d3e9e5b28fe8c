

def _truth(name: str, value: Any) -> Any:
    """Whether a value is true. A text is neither, whatever it says."""
    # Equal to one of them is what numpy has for a bool.
    if isinstance(value, int) or value in (False, True):
        return bool(value)
    raise TypeError(f"`{name}` takes True or False, found {value!r}")
