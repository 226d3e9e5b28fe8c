/*
 * {{ stamp }}
 * Change the schema and generate this file again instead of editing it.
{{ intro }} *
 * The bytes of these records for C11 and C++17 on a 64-bit little-endian
 * machine. The comment beside a member gives its first byte, its size and its
 * type in the schema. Bytes without a meaning are written as zeros.
 *
{%- if has_value_macros %}
 * What the schema says of a field's values has macros of the field's name: its
 * value is the stored number times SCALE; the stored number SENTINEL stands for
 * none (every NaN does, where it is one); a value outside RANGE_LOW to
 * RANGE_HIGH is not a sensible one.
 *
{%- endif %}
 * Only the layout is here. A record inside a segment may change while it is
 * looked at; to get it whole takes the segment's protocol.
 */
#ifndef {{ guard }}
#define {{ guard }}

#include <assert.h>
{%- if needs_math %}
#include <math.h>
{%- endif %}
#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <stdalign.h>
#endif
{%- if !includes.is_empty() %}
{% for file in includes %}
#include "{{ file }}"
{%- endfor %}
{%- endif %}

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the layouts of this header are little-endian and this machine is not"
#endif

#define {{ parts.version.name }} {{ parts.version.value }}
#define {{ parts.fingerprint.name }} \
    {{ parts.fingerprint.value }}
{%- for constant in parts.constants %}

{{ constant.doc }}#define {{ constant.name }} {{ constant.value }}
{%- endfor %}
{%- for integer in parts.integers %}

{{ integer.doc }}typedef {{ integer.repr }} {{ integer.name }};
{%- for value in integer.values %}
{{ value.doc }}#define {{ value.name }} {{ value.value }}
{%- endfor %}
{%- endfor %}
{%- for record in parts.records %}
{% if !record.pack.is_empty() %}
#pragma pack(push, {{ record.pack }})
{%- endif %}
{{ record.doc }}typedef struct {{ record.name }} {
{%- for member in record.members %}
{{ member.doc }}    {{ member.declaration }} /* {{ member.facts }} */
{%- endfor %}
} {{ record.name }};
{%- if !record.pack.is_empty() %}
#pragma pack(pop)
{%- endif %}

#define {{ record.fingerprint.name }} \
    {{ record.fingerprint.value }}
{%- for value in record.values %}
#define {{ value.name }} {{ value.value }}
{%- endfor %}

{%- for assertion in record.assertions %}
{{ assertion }}
{%- endfor %}
{%- endfor %}
{%- for segment in parts.segments %}

{{ segment.doc }}
{%- for define in segment.defines -%}
#define {{ define.name }} {{ define.value }}
{%- if !loop.last %}
{% endif %}
{%- endfor %}
{%- endfor %}

#endif /* {{ guard }} */
