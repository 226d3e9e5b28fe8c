"""Free text of a schema: it never becomes code, and is formatted all the same."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import codegen
from test_generated import checker

HOSTILE = [
    'a """ b',
    '"""; import os; os.abort() #',
    "ends in a backslash \\",
    "ends in two \\\\",
    'ends in a quote "',
    'ends in quotes """',
    "\\N{DOLLAR SIGN} \\x41 \\u0041 {braces} %s {{ jinja }} {% raw %}",
    "'''",
    'it\'s "both" \'kinds\' of "quotes"',
    "# not a comment",
    "# type: ignore",
    "noqa: E501 # fmt: off",
    'many\n\n"""\n    lines',
    "a\n    b\n      c\n\n    d",
    "a\n",
    "  blanks before\n and behind  \n\n\n  and between  ",
    "tab\tand\ttabs",
    "x" * 300,
    "word " * 80,
    "a:\n    - " + "indented " * 20,
    "\u00e9\u00fc \u4e2d\u6587 \U0001f980 \u0661",
]


#: What no generated file could carry so that people see what is there.
REFUSED = [
    "\u202eturned around\u202c",
    "line\u2028break",
    "next\u0085line",
    "a\rb",
    "nul\0",
    "\x1b[31mred",
]


def schema_of(text: str, package: str) -> str:
    said = json.dumps(text, ensure_ascii=False)
    unit = json.dumps(text.replace("\n", " "), ensure_ascii=False)
    return f"""
shm: 1
package: {package}
version: 1
doc: {said}
constants: [{{ name: ONE, type: u8, value: 1, doc: {said} }}]
enums: [{{ name: Kind, repr: u8, doc: {said}, values: [{{ name: A, value: 0, doc: {said} }}] }}]
flags: [{{ name: Bits, repr: u8, doc: {said}, bits: [{{ name: B, bit: 0, doc: {said} }}] }}]
structs:
  - name: Thing
    doc: {said}
    fields:
      - {{ name: x, type: f64, unit: {unit}, doc: {said}, deprecated: {said} }}
      - {{ name: kind, type: Kind, unit: {unit}, doc: {said} }}
      - {{ name: bits, type: Bits, doc: {said} }}
      - {{ name: steps, type: u16, scale: 0.5, sentinel: 0, range: [0, 9], unit: {unit}, doc: {said} }}
      - {{ name: spare, reserved: 4, doc: {said} }}
segments: [{{ name: things, kind: cell, of: Thing, doc: {said} }}]
"""


def shape(text: str) -> str:
    """The syntax tree without its literals' values."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = "text"
    return ast.dump(tree)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A module for each text, and one for a harmless text."""
    folder = tmp_path_factory.mktemp("hostile")
    schemas = []
    for number, text in enumerate(["plain", *HOSTILE]):
        schemas.append(folder / f"hostile{number}.yaml")
        schemas[-1].write_text(schema_of(text, f"hostile{number}"), "utf-8")
    codegen("gen", *schemas, "--python", folder, "--standalone")
    return folder


@pytest.mark.parametrize("number", range(1, len(HOSTILE) + 1))
def test_a_schemas_text_never_becomes_code(number: int, folder: Path) -> None:
    text = HOSTILE[number - 1]
    plain = (folder / "hostile0.py").read_text("utf-8")
    made = (folder / f"hostile{number}.py").read_text("utf-8")
    assert shape(made) == shape(plain)
    module: dict[str, Any] = {"__name__": f"hostile{number}", "__package__": ""}
    exec(compile(made, "hostile.py", "exec"), module)
    fields = module["Thing"].FIELDS
    assert fields["x"].doc == fields["steps"].doc == fields["x"].deprecated == text.rstrip()
    assert fields["x"].unit == text.replace("\n", " ").rstrip()
    words = text.split()
    for doc in (module["__doc__"], module["Thing"].__doc__, module["Thing"].steps.__doc__):
        assert doc.split()[: len(words)] == words, "a doc says what the schema says"


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_seen_is_refused(text: str, tmp_path: Path) -> None:
    schema = tmp_path / "hostile.yaml"
    schema.write_text(schema_of(text, "hostile"), "utf-8")
    done = codegen("gen", schema, "--python", tmp_path, check=False)
    assert done.returncode == 1 and not (tmp_path / "hostile.py").exists()


@pytest.mark.parametrize("name", ["mypy", "pyright", "ruff", "ruff format"])
def test_a_checker_has_nothing_to_say_of_it(name: str, folder: Path) -> None:
    files = [path.name for path in sorted(folder.glob("hostile*.py"))]
    done = checker(name, files, folder)
    assert done.returncode == 0, done.stdout + done.stderr
