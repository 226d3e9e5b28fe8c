

def _text16(raw: Any) -> str:
    """The text in a room of UTF-16 units; it ends at the first NUL."""
    units = list(raw)
    end = units.index(0) if 0 in units else len(units)
    return bytes(raw)[: 2 * end].decode("utf-16-le")


def _encoded16(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"`{name}` takes a text, found {value!r}")
    if "\0" in value:
        raise ValueError(f"`{name}` cannot hold a NUL, which ends the text")
    return value.encode("utf-16-le")
