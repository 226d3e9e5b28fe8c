

def _bits(cls: Any, value: object, mask: int) -> Any:
    """A member for a set of bits, unknown ones included.

    Made anew each time: the sets that `enum` makes by itself are kept for
    ever, and hostile values could fill the memory with them.
    """
    if not isinstance(value, int) or not ~mask <= value <= mask:
        return None
    number = int(value) & mask
    known = [bit for bit in cls.__members__.values() if bit._value_ & number]
    rest = number & ~sum(bit._value_ for bit in known)
    names = [bit.name for bit in known] + ([hex(rest)] if rest else [])
    member = int.__new__(cls, number)
    member._name_ = "|".join(names) or "0"
    member._value_ = number
    member._inverted_ = None
    return member
