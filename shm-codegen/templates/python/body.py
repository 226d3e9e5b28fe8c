{% if !imports.is_empty() -%}
if TYPE_CHECKING or not __package__:
{%- for import in imports %}
    import {{ import.package }} as {{ import.name }}  # type: ignore[import-not-found, unused-ignore]
{%- endfor %}
else:
{%- for import in imports %}
    from . import {{ import.package }} as {{ import.name }}
{%- endfor %}

{% endif -%}
{% if !segments.is_empty() -%}
if TYPE_CHECKING:
    import os as _os

    import shm_runtime as _shm

{% endif -%}
__all__ = [
{%- for name in all %}
    "{{ name }}",
{%- endfor %}
]

SCHEMA_VERSION = {{ version }}
SCHEMA_FINGERPRINT = "{{ fingerprint }}"
{%- if !fingerprints.is_empty() %}

#: By these a module that imports this one knows that nothing has changed.
_FINGERPRINTS = {
{%- for entry in fingerprints %}
    "{{ entry.0 }}": "{{ entry.1 }}",
{%- endfor %}
}
{%- endif %}
{%- for constant in constants %}

{{ constant.name }} = {{ constant.value }}
{%- if !constant.doc.is_empty() %}
{{ constant.doc }}
{%- endif %}
{%- endfor %}
{%- if !records.is_empty() %}

if _sys.byteorder != "little":
    raise ImportError("the records of this module are little-endian and this machine is not")
{%- endif %}
{%- if !imports.is_empty() %}
{% include "python/imports.py" %}
{%- endif %}
{%- if has_enums %}
{% include "python/enums.py" %}
{%- endif %}
{%- if has_flags %}
{% include "python/flags.py" %}
{%- endif %}
{%- for group in groups %}


class {{ group.name }}(_enum.{{ group.base }}):
{{ group.doc }}
{% for value in group.values %}
    {{ value.name }} = {{ value.value }}
{%- if !value.doc.is_empty() %}
{{ value.doc }}
{%- endif %}
{%- endfor %}

    @classmethod
    def _missing_(cls, value: object) -> Any:
        return {{ group.missing }}
{%- endfor %}
{%- if !aliases.is_empty() %}

{% for alias in aliases %}
{{ alias.0 }} = {{ alias.1 }}
{%- endfor %}
{%- endif %}
{%- if !records.is_empty() %}
{% include "python/records.py" %}
{%- if has_own_ranges %}
{% include "python/inside.py" %}
{%- endif %}
{%- if has_ranges %}
{% include "python/ranges.py" %}
{%- endif %}
{%- if has_exact %}
{% include "python/exact.py" %}
{%- endif %}
{%- if has_scales %}
{% include "python/scales.py" %}
{%- endif %}
{%- if has_sentinels %}
{% include "python/sentinels.py" %}
{%- endif %}
{%- if has_sentinels || has_absent_ranges %}
{% include "python/none.py" %}
{%- endif %}
{%- if has_arrays %}
{% include "python/arrays.py" %}
{%- endif %}
{%- if has_each %}
{% include "python/each.py" %}
{%- endif %}
{%- if has_bools %}
{% include "python/bools.py" %}
{%- endif %}
{%- if has_members %}
{% include "python/members.py" %}
{%- endif %}
{%- if has_texts %}
{% include "python/texts.py" %}
{%- endif %}
{%- if has_utf16 %}
{% include "python/utf16.py" %}
{%- endif %}
{%- if has_bytes %}
{% include "python/bytes.py" %}
{%- endif %}
{%- if has_times %}
{% include "python/times.py" %}
{%- endif %}
{%- endif %}
{%- if !texts.is_empty() %}

{% for text in texts %}
{{ text.name }} = """\
{{ text.text }}"""
{%- endfor %}
{%- endif %}
{%- for record in records %}


@_checked
class {{ record.name }}(_Record):
{{ record.doc }}

    __slots__ = ()
{%- if !record.pack.is_empty() %}
    _pack_ = {{ record.pack }}
    _layout_ = "ms"
{%- endif %}
    _fields_ = [
{%- for entry in record.entries %}
        {{ entry }},
{%- endfor %}
    ]

    SIZE = {{ record.size }}
    ALIGN = {{ record.align }}
    FINGERPRINT = "{{ record.fingerprint }}"
{{ record.layout }}
    FIELDS = {
{%- for field in record.fields %}
{{ field }}
{%- endfor %}
    }
{%- for member in record.members %}

{{ member }}
{%- endfor %}

    if TYPE_CHECKING:

{{ record.init }}

    @{{ record.static_method }}
    def dtype() -> Any:
        """The numpy dtype of a record."""
{{ record.formats }}
        return _dtype({{ record.name }}, formats, {{ record.aligned }})
{%- if !record.alias.is_empty() %}


{{ record.alias }} = {{ record.name }}
{%- endif %}
{%- endfor %}
{%- if !segments.is_empty() %}


def _runtime() -> Any:
    # Not at import: who only wants the classes needs no runtime.
    return _importlib.import_module("shm_runtime")


def _schema() -> Any:
    return _runtime().Schema("{{ package }}", SCHEMA_VERSION, SCHEMA_FINGERPRINT)


if TYPE_CHECKING:
{%- for live in lives %}
{%- if live.ours %}

    class _{{ live.name }}Live:
{%- for property in live.properties %}
        @{{ property.decorator }}
{{ property.getter }}
        @{{ property.name }}.setter
{{ property.setter }}
{%- endfor %}
{%- if live.is_own %}
        def snapshot(self) -> _{{ live.name }}Snapshot: ...

    class _{{ live.name }}Snapshot({{ live.record }}):
        def refresh(self) -> None: ...
        def write(self) -> None: ...
{%- endif %}

    class {{ live.name }}Row(_{{ live.name }}Live, _shm.Row[{{ live.record }}]):
        """A live row of `{{ live.name }}`."""

    class {{ live.name }}Cell(_{{ live.name }}Live, _shm.Cell[{{ live.record }}]):
        """A live cell of `{{ live.name }}`."""
{%- endif %}
{%- if live.foreign %}

    class _{{ live.name }}ForeignLive:
{%- for property in live.properties %}
        @{{ property.decorator }}
{{ property.getter }}
{%- endfor %}

    class {{ live.name }}ForeignRow(_{{ live.name }}ForeignLive, _shm.ForeignRow[{{ live.record }}]):
        """A live row of `{{ live.name }}` in another program's memory."""

    class {{ live.name }}ForeignCell(_{{ live.name }}ForeignLive, _shm.ForeignCell[{{ live.record }}]):
        """A live cell of `{{ live.name }}` in another program's memory."""
{%- endif %}
{%- endfor %}
{%- for segment in segments %}


class _{{ segment.class }}:
{{ segment.doc }}

    __slots__ = ()
{%- if segment.foreign %}

    def attach(
        self,
        place: str | _os.PathLike[str] | int | None = None,
        *,
        wait: float | None = None,
    ) -> {{ segment.handle }}:
        """Becomes a reader of `{{ segment.default }}`, or of ``place``.

        A path, or the key of a System V segment. Waits at most ``wait``
        seconds for the memory to be there.
        """
{{ segment.attached }}
        return handle
{%- else %}

    def create(
        self,
        name: str | _os.PathLike[str] | None = None,
        *,
        mode: int = 0o600,
        exist_ok: bool = False,
        replace: bool = False,
        prefault: bool = False,
    ) -> {{ segment.handle }}:
        """Becomes the writer of `{{ segment.default }}`, or of ``name``.

        Of a new segment; with ``exist_ok`` of one that is there with the same
        layout and no live writer, whose values and versions go on; with
        ``replace`` of a new one in the old one's place, whose readers get
        `shm_runtime.Retired`; with both, of a new one only where the old one
        does not fit. With ``prefault`` every page is mapped at once, and no
        first touch is a page fault.
        """
        spec = self._spec()
{{ segment.created }}
        return handle

    def attach(
        self,
        name: str | _os.PathLike[str] | None = None,
        *,
        wait: float | None = None,
        prefault: bool = False,
    ) -> {{ segment.handle }}:
        """Becomes a reader of `{{ segment.default }}`, or of ``name``.

        Waits at most ``wait`` seconds for the segment to be there. With
        ``prefault`` every page is mapped at once, and no first read is a page
        fault.
        """
{{ segment.attached }}
        return handle
{%- endif %}

    def _spec(self) -> Any:
{{ segment.spec }}


{{ segment.name }} = _{{ segment.class }}()
{%- endfor %}
{%- endif %}
