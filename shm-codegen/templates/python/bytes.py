

def _bytes(value: Any) -> Any:
    """Bytes as they are; `bytes` itself would make five zeros of a 5."""
    return memoryview(value).tobytes()
