

class _Field(NamedTuple):
    """What the schema says of a field."""

    #: Of one element.
    type: str
    dims: tuple[int, ...]
    #: In bytes.
    offset: int
    #: In bytes, dims included.
    size: int
    #: What Python calls the field.
    attribute: str
    #: What it is stored as: `attribute`, or `attribute` with ``_raw``.
    stored: str
    unit: str | None = None
    doc: str | None = None
    #: The lowest and the highest sensible value, in what people read.
    range: tuple[float, float] | None = None
    #: The stored value that stands for none.
    sentinel: float | None = None
    #: What one step of the integer is worth, as the schema spells it.
    scale: str | None = None
    #: The same as numerator and denominator.
    worth: tuple[int, int] | None = None
    since: int | None = None
    deprecated: str | None = None


_NO_LIMITS: tuple[Any, float, float] = (None, 0, 0)


class _Record(_ctypes.Structure):
    """What every record of this module can do."""

    # Where `multiprocessing.RawValue` keeps the memory that it made a record in.
    __slots__ = ("_wrapper",)

    SIZE: ClassVar[int]
    ALIGN: ClassVar[int]
    FINGERPRINT: ClassVar[str]
    LAYOUT: ClassVar[str]
    OFFSETS: ClassVar[dict[str, int]]
    FIELDS: ClassVar[dict[str, _Field]]
    #: The schema, and its version.
    _schema: ClassVar[tuple[str, int]] = ("{{ package }}", SCHEMA_VERSION)
    _kinds: ClassVar[dict[str, Any]]
    #: What a number field takes: floats or ints, the least of them and the greatest.
    _limits: ClassVar[dict[str, tuple[Any, float, float]]]
{%- if has_plain_ranges %}
    _ranged: ClassVar[dict[str, _Field]]
{%- endif %}

    def __setattr__(self, name: str, value: Any) -> None:
        exact, low, high = self._limits.get(name, _NO_LIMITS)
        # What is set most often needs no more.
        if type(value) is exact and low <= value <= high:
            object.__setattr__(self, name, value)
            return
        kind = self._kinds.get(name)
        if kind is not None:
            value = _fitted(name, kind, value)
{%- if has_plain_ranges %}
        facts = self._ranged.get(name)
        if facts is not None:
            _inside(facts, value)
{%- endif %}
        if isinstance(value, bytes) and kind is not None:
            # ctypes copies up to the first NUL and leaves what stood behind it.
            place = getattr(type(self), name)
            room = memoryview(self).cast("B")[place.offset : place.offset + place.size]
            room[:] = value
        else:
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        """Equal when all fields are, byte for byte; padding does not count.

        So a NaN equals itself, and 0.0 is not -0.0.
        """
        if not isinstance(other, _Record) or self.FIELDS is not other.FIELDS:
            return NotImplemented
        return _same(type(self), memoryview(self).cast("B"), memoryview(other).cast("B"))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = (_shown(self, field) for field in self.FIELDS.values())
        return f"{type(self).__name__}({', '.join(shown)})"

    def _asdict(self) -> dict[str, Any]:
        """The fields by their Python names; arrays as lists, records as dicts."""
        names = (field.attribute for field in self.FIELDS.values())
        return {name: _plain(getattr(self, name)) for name in names}

    def __reduce__(self) -> Any:
        """For `copy` and `pickle`: the record's bytes."""
        return type(self).from_buffer_copy, (bytes(self),)
{%- if has_ranges %}

    def out_of_range(self) -> list[str]:
        """What is out of its range, as paths such as ``bids[2].px``; none is never."""
        return [path for path, _ in _strays(self, "")]
{%- endif %}


_R = TypeVar("_R", bound=type[_Record])


def _checked(cls: _R) -> _R:
    """Refuses to go on when ctypes lays a record out otherwise than the schema."""
    kinds: dict[str, Any] = {entry[0]: entry[1] for entry in cls._fields_}
    numbers = ((n, kind) for n, kind in kinds.items() if issubclass(kind, _ctypes._SimpleCData))
    limits = {name: _bounds(kind) for name, kind in numbers}
    for name, field in cls.FIELDS.items():
        place = getattr(cls, field.stored)
        if (place.offset, place.size) != (field.offset, field.size):
            raise ImportError(
                f"`{cls.__name__}.{name}` is at byte {place.offset} and takes {place.size} here, "
                f"expected byte {field.offset} and {field.size}"
            )
    if _ctypes.sizeof(cls) != cls.SIZE:
        raise ImportError(
            f"`{cls.__name__}` takes {_ctypes.sizeof(cls)} bytes here, expected {cls.SIZE}"
        )
    cls._kinds, cls._limits = kinds, limits
    shown = [field.attribute for field in cls.FIELDS.values()]
    if list(kinds)[: len(shown)] != shown:
        cls.__init__ = _by_name  # type: ignore[method-assign]
    cls.OFFSETS = {name: field.offset for name, field in cls.FIELDS.items()}
{%- if has_plain_ranges %}
    plain = [field for field in cls.FIELDS.values() if field.stored == field.attribute]
    cls._ranged = {field.stored: field for field in plain if field.range is not None}
    for name in limits.keys() & cls._ranged:
        (exact, low, high), ends = limits[name], cls._ranged[name].range or (0, 0)
        limits[name] = exact, max(low, ends[0]), min(high, ends[1])
{%- endif %}
    return cls


def _by_name(self: Any, *values: Any, **fields: Any) -> None:
    """For records that ctypes fills by position with other than what people read.

    That is with stored values, such as the count of steps, and with padding.
    """
    if values:
        kind, (first, *_) = type(self).__name__, self.FIELDS.values()
        raise TypeError(f"`{kind}` takes fields by name: `{kind}({first.attribute}=...)`")
    for name, value in fields.items():
        setattr(self, name, value)


def _fitted(name: str, kind: Any, value: Any) -> Any:
    """``value`` as ctypes stores it; ctypes alone would cut off what is too big."""
    if isinstance(value, kind):
        return value.value if issubclass(kind, _ctypes._SimpleCData) else value
    if issubclass(kind, _ctypes.Array):
        return _fitted_array(name, kind, value)
    if issubclass(kind, _ctypes.Structure):
        if isinstance(value, dict):
            return kind(**value)
        if isinstance(value, tuple):
            return kind(*value)
        raise TypeError(f"`{name}` takes a `{kind.__name__}`, found {value!r}")
    exact, low, high = _bounds(kind)
    try:
        # Not `float(value)`, which would read a text.
        number = _ctypes.c_double(value).value if exact is float else _operator.index(value)
    except TypeError:
        wanted = "a number" if exact is float else "a whole number"
        raise TypeError(f"`{name}` takes {wanted}, found {value!r}") from None
    # An infinity and a NaN are floats of any size.
    if not low <= number <= high and (exact is int or _math.isfinite(number)):
        raise OverflowError(f"`{name}` cannot hold {number}; it takes {low} to {high}")
    return number


def _bounds(kind: Any) -> tuple[Any, float, float]:
    """What a number type holds: floats or ints, the least of them and the greatest."""
    bits = 8 * _ctypes.sizeof(kind)
    if kind._type_ in "fd":
        # The greatest that does not round to infinity.
        high = 3.4028235677973362e38 if bits == 32 else _sys.float_info.max
        return float, -high, high
    if kind(-1).value < 0:
        return int, -(1 << bits - 1), (1 << bits - 1) - 1
    return int, 0, (1 << bits) - 1


def _fitted_array(name: str, kind: Any, value: Any) -> Any:
    room, element = _ctypes.sizeof(kind), kind._type_
    if isinstance(value, (bytes, bytearray)) and issubclass(element, _ctypes._SimpleCData):
        if len(value) > room:
            raise ValueError(f"`{name}` has room for {room} bytes, found {len(value)}")
        padded = bytes(value).ljust(room, b"\0")
        return padded if element is _ctypes.c_char else kind.from_buffer_copy(padded)
    try:
        items = tuple(value)
    except TypeError:
        raise TypeError(f"`{name}` takes {kind._length_} elements, found {value!r}") from None
    if len(items) != kind._length_:
        raise ValueError(f"`{name}` takes {kind._length_} elements, found {len(items)}")
    array = kind()
    for at, item in enumerate(items):
        fitted = _fitted(name, element, item)
        if isinstance(fitted, bytes):
            fitted = element.from_buffer_copy(fitted)
        _ctypes.Array.__setitem__(array, at, fitted)
    return array


def _same(kind: Any, left: memoryview, right: memoryview) -> bool:
    # A structure in a record is a record, of this module or of another.
    if issubclass(kind, _ctypes.Structure):
        record: Any = kind
        fields = record.FIELDS.values()
        runs = ((f.offset, f.offset + f.size, record._kinds[f.stored]) for f in fields)
        return all(_same(inner, left[a:b], right[a:b]) for a, b, inner in runs)
    if issubclass(kind, _ctypes.Array):
        element: Any = kind._type_
        if issubclass(element, (_ctypes.Structure, _ctypes.Array)):
            step = _ctypes.sizeof(element)
            starts = range(0, len(left), step)
            return all(_same(element, left[a : a + step], right[a : a + step]) for a in starts)
    return left == right


def _shown(record: _Record, field: _Field) -> str:
    try:
        return f"{field.attribute}={_brief(getattr(record, field.attribute))}"
    except (ValueError, OverflowError):
        # What another process wrote need not be a text or a date.
        return f"{field.stored}={_brief(getattr(record, field.stored))}"


def _brief(value: Any) -> str:
    if not isinstance(value, (tuple, _ctypes.Array)):
        return repr(value)
    shown = [_brief(item) for item in value[:32]]
    return f"[{', '.join(shown + ['...'] * (len(value) > 32))}]"


def _plain(value: Any) -> Any:
    if isinstance(value, _ctypes.Structure):
        record: Any = value
        return record._asdict()
    if isinstance(value, (tuple, _ctypes.Array)):
        return [_plain(item) for item in value]
    return value


def _dtype(record: type[_Record], formats: tuple[Any, ...], aligned: bool) -> Any:
    shape = {
        "names": list(record.OFFSETS),
        "formats": list(formats),
        "offsets": list(record.OFFSETS.values()),
        "itemsize": record.SIZE,
    }
    return _importlib.import_module("numpy").dtype(shape, align=aligned)
