

def _expect(module: Any, fingerprints: dict[str, str]) -> None:
    """Refuses a module that is not the one that this was generated with."""
    found = getattr(module, "_FINGERPRINTS", {})
    for name, fingerprint in fingerprints.items():
        if found.get(name) != fingerprint:
            raise ImportError(
                f"`{module.__name__}.{name}` is not the one that `{__name__}` was generated with; "
                "hint: run `shm-codegen gen {{ file }} --python` with the folder of both"
            )

{% for import in imports %}
_expect(
    {{ import.name }},
    {
{%- for entry in import.fingerprints %}
        "{{ entry.0 }}": "{{ entry.1 }}",
{%- endfor %}
    },
)
{%- endfor %}
