"""One layout in the schema, in ctypes and in numpy."""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import json
import re
import types
from typing import Any

import pytest
from conftest import ROOT, codegen


def records(module: types.ModuleType) -> list[Any]:
    found = [getattr(module, name) for name in module.__all__]
    return [it for it in found if isinstance(it, type) and issubclass(it, ctypes.Structure)]


MODULES = ("market", "every_type")


@pytest.mark.parametrize("module", MODULES)
def test_every_offset_is_that_of_ctypes(module: str) -> None:
    for record in records(importlib.import_module(module)):
        assert ctypes.sizeof(record) == record.SIZE
        for name, field in record.FIELDS.items():
            place = getattr(record, field.stored)
            assert (place.offset, place.size) == (field.offset, field.size), name
            assert record.OFFSETS[name] == field.offset


@pytest.mark.parametrize("module", MODULES)
def test_every_offset_is_that_of_numpy(module: str) -> None:
    pytest.importorskip("numpy")
    for record in records(importlib.import_module(module)):
        dtype = record.dtype()
        assert dtype.itemsize == record.SIZE
        assert list(dtype.names) == list(record.OFFSETS)
        for name, (kind, offset, *_) in dtype.fields.items():
            assert offset == record.OFFSETS[name], name
            assert kind.itemsize == record.FIELDS[name].size, name


@pytest.mark.parametrize("module", MODULES)
def test_the_generator_says_the_same_of_each_field(module: str) -> None:
    schema = ROOT / "schemas" / f"{module}.yaml"
    said = json.loads(codegen("layout", schema, "--format", "json").stdout)
    of = {record.__name__: record for record in records(importlib.import_module(module))}
    for struct in said["structs"]:
        record = of.pop(struct["name"])
        assert (record.SIZE, record.ALIGN) == (struct["size"], struct["align"])
        assert record.FINGERPRINT == struct["fingerprint"]
    assert not of


@pytest.mark.parametrize("module", MODULES)
def test_a_fingerprint_is_that_of_the_layout_text(module: str) -> None:
    for record in records(importlib.import_module(module)):
        own = record.LAYOUT.split("\n\n")[-1]
        assert hashlib.sha256(own.encode()).hexdigest() == record.FINGERPRINT


def test_numpy_and_ctypes_read_the_same_bytes() -> None:
    numpy = pytest.importorskip("numpy")
    import every_type as et

    data = bytes(n * 7 % 251 for n in range(et.EveryType.SIZE))
    record = et.EveryType.from_buffer_copy(data)
    row = numpy.frombuffer(data, dtype=et.EveryType.dtype())[0]
    for name, field in et.EveryType.FIELDS.items():
        offset = field.offset
        if field.type != "bool":  # which numpy makes 0 or 1
            assert row[name].tobytes() == data[offset : offset + field.size], name
    assert row["cube"][1, 2, 1] == record.cube[1][2][1]
    assert row["inners"][1, 0]["value"] == record.inners[1][0].value
    assert row["packed"]["value"] == record.packed.value


def test_a_packed_record_has_no_holes() -> None:
    import every_type as et

    assert et.Packed.SIZE == 27
    assert et.Packed._pack_ == 1
    assert et.Packed.OFFSETS == {"tag": 0, "value": 1, "ratio": 9, "inner": 13, "last": 25}


def test_what_the_schema_says_of_a_field_is_there() -> None:
    import every_type as et
    import market

    lot = market.Quote.FIELDS["lot_size"]
    assert (lot.type, lot.unit, lot.range) == ("u32", "shares", (1, 1_000_000))
    assert lot.doc == "Shares in a lot."
    assert market.Quote.FIELDS["heat"].dims == (3, 4)
    assert market.Quote.FIELDS["open_px"].scale == "1e-8"
    assert str(et.EveryType.FIELDS["bounded"].sentinel) == "nan"
    marked = et.EveryType.FIELDS["marked"]
    assert (marked.sentinel, marked.since, marked.deprecated) == (65535, 2, "use bounded")
    assert et.EveryType.FIELDS["from"].attribute == "from_"


def test_a_layout_that_is_not_that_of_ctypes_is_refused(bindings: Any, tmp_path: Any) -> None:
    text = (bindings / "market.py").read_text()
    wrong = re.sub(r'("qty": _Field\([^)]*\),\s*offset=)8,', r"\g<1>12,", text, count=1)
    assert wrong != text
    code = compile(wrong, "wrong.py", "exec")
    with pytest.raises(
        ImportError, match="`Level.qty` is at byte 8 and takes 4 here, expected byte 12"
    ):
        exec(code, {"__name__": "wrong"})
