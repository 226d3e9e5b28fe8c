

def _bytes(name: str, value: Any) -> Any:
    """Bytes as they are; `bytes` itself would make five zeros of a 5."""
    try:
        return memoryview(value).tobytes()
    except TypeError:
        raise TypeError(f"`{name}` takes bytes, found {value!r}") from None
