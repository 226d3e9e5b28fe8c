

def _is_none(stored: float, none: float) -> bool:
    """Any NaN, where NaN stands for none."""
    return stored == none or (_math.isnan(none) and _math.isnan(stored))
