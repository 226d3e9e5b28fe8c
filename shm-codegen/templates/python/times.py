

_EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=_datetime.timezone.utc)
_MICROSECOND = _datetime.timedelta(microseconds=1)


def _span(name: str, ticks: int, a_second: int) -> _datetime.timedelta:
    """A count of ticks, floored to microseconds."""
    try:
        return _datetime.timedelta(microseconds=ticks * 1_000_000 // a_second)
    except OverflowError:
        shown = _seconds(ticks, a_second)
        hint = f"hint: use `{name}_raw`"
        raise OverflowError(f"{ticks} ({shown}) is no timedelta; {hint}") from None


def _moment(name: str, ticks: int, a_second: int) -> _datetime.datetime:
    """A count of ticks since 1970, floored to microseconds."""
    try:
        return _EPOCH + _datetime.timedelta(microseconds=ticks * 1_000_000 // a_second)
    except OverflowError:
        shown = _iso(ticks, a_second)
        hint = f"hint: use `{name}_raw`"
        raise OverflowError(f"{ticks} ({shown}) is no datetime; {hint}") from None


def _ticks(name: str, value: Any, a_second: int) -> Any:
    """The ticks of a duration, floored."""
{%- if has_absent_times %}
    if value is None:
        return None  # what that is stored as, or that it is not, is told elsewhere
{%- endif %}
    try:
        ticks = value // _MICROSECOND * a_second // 1_000_000
    except TypeError:
        hint = f"hint: `{name}_raw` takes the count"
        raise TypeError(f"`{name}` takes a timedelta, found {value!r}; {hint}") from None
    return _held(name, ticks, a_second, _seconds)


def _ticks_since(name: str, value: Any, a_second: int) -> Any:
    """The ticks of a time since 1970, floored."""
{%- if has_absent_times %}
    if value is None:
        return None  # as above
{%- endif %}
    if not isinstance(value, _datetime.datetime):
        hint = f"hint: `{name}_raw` takes the count"
        raise TypeError(f"`{name}` takes a datetime, found {value!r}; {hint}")
    if value.tzinfo is None:
        raise ValueError(f"`{name}` takes a datetime with a zone; hint: `tzinfo=timezone.utc`")
    ticks = (value - _EPOCH) // _MICROSECOND * a_second // 1_000_000
    return _held(name, ticks, a_second, _iso)


def _held(name: str, ticks: int, a_second: int, shown: Any) -> int:
    """A count of ticks, if it fits its 64 bits."""
    if not -(1 << 63) <= ticks < 1 << 63:
        told = (ticks, -(1 << 63), (1 << 63) - 1)
        found, low, high = (shown(count, a_second) for count in told)
        raise OverflowError(f"`{name}` cannot hold {found}; it takes {low} to {high}")
    return ticks


def _iso(ticks: int, a_second: int) -> str:
    """A count of ticks since 1970 as ISO 8601 has it, of years that no datetime has too."""
    seconds, rest = divmod(ticks, a_second)
    day, second = divmod(seconds, 86_400)
    # The calendar repeats after 400 years, which are so many days.
    eras, day = divmod(day, 146_097)
    near = _EPOCH + _datetime.timedelta(day, second)
    year = near.year + 400 * eras
    shown = f"{year:04}" if 0 <= year <= 9999 else f"{year:+}"
    digits = f".{rest:0{len(str(a_second)) - 1}}" if a_second > 1 else ""
    return f"{shown}{near:-%m-%dT%H:%M:%S}{digits}Z"


def _seconds(ticks: int, a_second: int) -> str:
    """A count of ticks in seconds, to its last digit."""
    whole, rest = divmod(abs(ticks), a_second)
    digits = f".{rest:0{len(str(a_second)) - 1}}".rstrip("0") if rest else ""
    return f"{'-' if ticks < 0 else ''}{whole}{digits} s"
