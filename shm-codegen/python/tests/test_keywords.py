"""Names that are keywords of Python get an underscore there, and nowhere else."""

from __future__ import annotations

import importlib
import keyword
from typing import Any

import pytest
from conftest import SCHEMAS, codegen

py: Any = importlib.import_module("lambda_")


def test_every_kind_of_name_can_be_a_keyword() -> None:
    # A constant is in upper case, which no keyword is.
    assert py.PASS == 1
    assert py.is_.NONE == 0 and py.is_.AND == 1 and py.not_.OR == 1
    inner = py.class_(from_=1, in_=1, def_=True, try_=1.5, del_=7)
    record = py.async_(global_=inner, if_="ab", import_=(1, 2), yield_=None, match=3)
    assert (record.global_.from_, record.global_.in_) == (py.is_.AND, py.not_.OR)
    assert (record.global_.def_, record.global_.try_, record.global_.try__raw) == (True, 1.5, 3)
    assert record.if__raw == b"ab" and record.yield_ is None
    assert all(not keyword.iskeyword(name) for name in py.__all__)
    assert record._asdict()["global_"]["del_"] == 7
    record.yield__raw = 10
    assert record.out_of_range() == ["yield_"]


def test_live_rows_call_fields_as_records_do(name: str) -> None:
    with py.for_.create(name) as table, py.for_.attach(name) as reader:
        table[1].write(if_="ab", yield_=4)
        with table[1].update() as record:
            record.global_.from_ = py.is_.AND
        row = reader["ab"]
        assert (row.if_, row.yield_, row.match, row.global_.from_) == ("ab", 4, 0, py.is_.AND)
        assert row.snapshot().yield_ == 4
        memory = bytes(reader.memory)
    for line in (b"schema lambda 1 ", b"segment for table 2 key if\n", b"\nrecord async ",
                 b"struct class 8 4\n", b"\nyield u16 @", b"\nenum is u8\nNone=0\n"):  # fmt: skip
        assert line in memory, line


def test_segments_are_named_as_the_schema_spells_them() -> None:
    with pytest.raises(Exception, match=r"no segment `lambda\.while`"):
        py.while_.attach()


def test_fields_and_docs_say_both_names() -> None:
    field = py.async_.FIELDS["if"]
    assert (field.attribute, field.stored) == ("if_", "if__raw")
    assert list(py.class_.OFFSETS) == ["from", "in", "def", "try", "del"]
    doc = py.async_.if_.__doc__ or ""
    assert doc.startswith("A text. (`if` in the schema, str:4")


def test_numpy_calls_columns_as_the_schema_does() -> None:
    pytest.importorskip("numpy")
    assert py.async_.dtype().names == ("global", "if", "import", "yield", "match")


def test_the_map_of_bytes_shows_the_schemas_names() -> None:
    shown = codegen("layout", SCHEMAS / "keywords.yaml", "class").stdout
    assert "from" in shown and "from_raw" not in shown
