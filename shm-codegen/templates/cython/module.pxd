# {{ stamp }}
# Change the schema and generate this file again instead of editing it.
#
# The names of {{ header }} for Cython, and readers of whole records. What each
# means, in which unit and where it lies, stands in that header.
from libc.stddef cimport size_t
from libc.stdint cimport (
    int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t,
)
{%- for module in imports %}
cimport {{ module }}
{%- endfor %}

from shm_read cimport shm_slot, shm_slot_of, shm_slot_read


cdef extern from "{{ header }}":
{%- for constant in constants %}
    {{ constant }}
{%- endfor %}
{%- for integer in integers %}

    {{ integer.declaration }}
{%- for value in integer.values %}
    {{ value }}
{%- endfor %}
{%- endfor %}
{%- for record in records %}

    ctypedef struct {{ record.name }} "{{ record.c_name }}":
{%- for field in record.fields %}
        {{ field }}
{%- else %}
        pass
{%- endfor %}
{%- for value in record.values %}
    {{ value }}
{%- endfor %}
{%- endfor %}
{%- if !segments.is_empty() %}
{% for value in segments %}
    {{ value }}
{%- endfor %}
{%- endif %}
{%- for record in records %}


cdef inline shm_slot {{ record.slot }}(const unsigned char[::1] memory, uint64_t row) except *:
    """Where a record of a segment lies, whose `memory` is to be kept meanwhile."""
    return shm_slot_of(
        memory, row, sizeof({{ record.name }}), {{ record.fingerprint }}, "{{ record.name }}",
    )


cdef inline int {{ record.read }}(const shm_slot *slot, {{ record.name }} *out) noexcept nogil:
    """The whole record: 0, or SHM_RETIRED or SHM_STALLED and every byte is 0."""
    return shm_slot_read(slot, out, sizeof({{ record.name }}))
{%- endfor %}
