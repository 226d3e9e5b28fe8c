

def _text(raw: Any) -> str:
    """The text in a room of bytes; it ends at the first NUL."""
    data: bytes = raw if isinstance(raw, bytes) else raw.value
    return data.decode()


def _encoded(name: str, value: Any) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"`{name}` takes a text, found {value!r}")
    if "\0" in value:
        raise ValueError(f"`{name}` cannot hold a NUL, which ends the text")
    return value.encode()
