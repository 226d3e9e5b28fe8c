

_EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=_datetime.timezone.utc)
_MICROSECOND = _datetime.timedelta(microseconds=1)


def _span(name: str, ticks: int, a_second: int) -> _datetime.timedelta:
    """A count of ticks, floored to microseconds."""
    try:
        return _datetime.timedelta(microseconds=ticks * 1_000_000 // a_second)
    except OverflowError:
        raise OverflowError(f"{ticks} is no timedelta; hint: use `{name}_raw`") from None


def _moment(name: str, ticks: int, a_second: int) -> _datetime.datetime:
    """A count of ticks since 1970, floored to microseconds."""
    try:
        return _EPOCH + _datetime.timedelta(microseconds=ticks * 1_000_000 // a_second)
    except OverflowError:
        raise OverflowError(f"{ticks} is no datetime; hint: use `{name}_raw`") from None


def _ticks(name: str, value: Any, a_second: int) -> Any:
    """The ticks of a duration, floored."""
{%- if has_absent_times %}
    if value is None:
        return None  # what that is stored as, or that it is not, is told elsewhere
{%- endif %}
    try:
        return value // _MICROSECOND * a_second // 1_000_000
    except TypeError:
        hint = f"hint: `{name}_raw` takes the count"
        raise TypeError(f"`{name}` takes a timedelta, found {value!r}; {hint}") from None


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
    return _ticks(name, value - _EPOCH, a_second)
