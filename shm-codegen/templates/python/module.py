# {{ stamp }}
{{ doc }}

from __future__ import annotations

{% for import in imports -%}
{{ import }}
{% endfor %}
{{ body }}