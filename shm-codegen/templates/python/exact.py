

class _Exact(Protocol):
    """A number that is a fraction: an int, a float, a `Decimal`, a `Fraction`."""

    def as_integer_ratio(self) -> tuple[int, int]: ...
