

def _steps(name: str, value: Any, over: int, under: int) -> Any:
    """The number of steps nearest to a value; of two as near, the even one."""
{%- if has_absent_scales %}
    if value is None:
        return None  # what that is stored as, or that it is not, is told elsewhere
{%- endif %}
    try:
        ratio = getattr(value, "as_integer_ratio", None)
        top, bottom = ratio() if ratio else (_operator.index(value), 1)
    except (TypeError, ValueError, OverflowError) as error:
        raise type(error)(f"`{name}` takes a number, found {value!r}") from None
    # The floor of the value and a half; where that is whole, two are as near.
    steps, rest = divmod(2 * top * under + bottom * over, 2 * bottom * over)
    return steps - 1 if rest == 0 and steps % 2 else steps
