"""Readers of one version of a schema at segments of another one."""

from __future__ import annotations

import copy
import importlib.util
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, codegen

import shm_runtime as shm
from shm_runtime._spec import ARRAYS

VERSIONS = ROOT / "tests/interop/schemas"


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """The modules of versions 1 to 3, at 1 to 3."""
    return [
        None,
        *(_module(VERSIONS / f"v{n}/evolving.yaml", n, tmp_path_factory) for n in (1, 2, 3)),
    ]


def _module(schema: Path, number: int, factory: pytest.TempPathFactory) -> Any:
    folder = factory.mktemp(f"v{number}")
    codegen("gen", schema, "--python", folder)
    name = f"evolving_v{number}"
    spec = importlib.util.spec_from_file_location(name, folder / "evolving.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def fill(module: Any, record: Any) -> Any:
    """The values of the tests, as far as the version has them."""
    record.id, record.last, record.phase = 7, 1.5, module.Phase.OPEN
    for i in range(2):
        record.levels[i].px, record.levels[i].qty = 1.0 + i, 1 + i
        if hasattr(record.levels[i], "orders"):
            record.levels[i].orders = 10
    if hasattr(record, "venue"):
        record.venue, record.sent_raw, record.phase = 3, 9, module.Phase.HALTED
    if hasattr(record, "asks"):
        record.firm, record.note, record.later = True, "hello", module.Phase.OPEN
        for i in range(2):
            record.asks[i].px, record.asks[i].orders = 3.0, 4
            record.heat_raw[i] = 2.0
    return record


def test_a_new_reader_sees_none_of_what_an_old_writer_lacks(versions: list[Any], name: str) -> None:
    one, three = versions[1], versions[3]
    with one.best.create(name) as writer, three.best.attach(name) as reader:
        assert (reader.version, reader.age) == (0, None)
        # Room that the old writer has written, as zeros.
        writer.write(fill(one, one.Quote()))
        record = reader.read()
        for seen in (reader, record, reader.snapshot(), reader.read(three.Quote())):
            assert (seen.id, seen.last, seen.phase) == (7, 1.5, three.Phase.OPEN)
            assert (seen.venue, seen.sent, seen.firm) == (None, None, False)
            assert (seen.venue_raw, seen.sent_raw) == (65535, -1)
            assert [level.px for level in seen.levels] == [1.0, 2.0]
            assert [level.orders for level in seen.levels] == [None, None]
            assert [level.px for level in seen.asks] == [None, None]
            assert (seen.note, seen.later) == ("", three.Phase.SHUT)
            assert list(seen.heat) == [None] * 3
        assert reader.version == 1 and reader.age is not None
        assert repr(record) == repr(reader.snapshot())
        assert reader.has("levels") and not reader.has("venue") and not reader.has("asks")
        assert writer.has("last")
        with pytest.raises(ValueError, match="`Quote` has no field `nothing`"):
            reader.has("nothing")
        reader.warm()
        with reader.keep_warm(every=0.001) as warm:
            while not warm.touches:
                time.sleep(0.001)
        with pytest.raises(shm.ReadOnly):
            reader.write(last=2.0)
        with pytest.raises(shm.ReadOnly):
            reader.last = 2.0
        with pytest.raises(shm.ReadOnly):
            reader.snapshot().write()
        snapshot = reader.snapshot()
        snapshot.venue = 5
        writer.write(last=3.0)
        snapshot.refresh()
        assert (snapshot.venue, snapshot.last) == (None, 3.0)
        writer.unlink()
        for read in (reader.read, snapshot.refresh, lambda: reader.venue, lambda: reader.id):
            with pytest.raises(shm.Retired):
                read()
        assert bytes(snapshot) == bytes(three.Quote.SIZE)
    with pytest.raises(shm.Closed):
        reader.read()
    with pytest.raises(shm.Closed):
        assert reader.venue


def test_rows_in_arrays_are_seen_by_every_version(versions: list[Any], name: str) -> None:
    one, three = versions[1], versions[3]
    # Where records lie is told by the header, whatever they are.
    made = copy.copy(one.quotes._spec())
    made._spec = made._spec._replace(order=ARRAYS)
    with made.create(name) as writer, three.quotes.attach(name) as reader:
        for row in range(3):
            for number in (1, 7 + row):
                writer[row].write(fill(one, one.Quote()), id=number)
        seen = [row.read() for row in reader]
        assert [(row.id, row.last, row.venue) for row in seen] == [
            (7 + row, 1.5, None) for row in range(3)
        ]
        assert [row.version for row in reader] == [2] * 3
        assert reader.by_key(9).index == 2
        try:
            assert reader.to_numpy()["id"].tolist() == [7, 8, 9]
        except ImportError:
            # Not everywhere is numpy.
            pass
        writer.unlink()
        for row in reader:
            with pytest.raises(shm.Retired):
                row.read()


def test_an_old_reader_sees_what_it_knows_and_zeros(versions: list[Any], name: str) -> None:
    one, two, three = versions[1:]
    with three.best.create(name) as writer:
        writer.write(fill(three, three.Quote()))
        with one.best.attach(name) as reader:
            expected = fill(one, one.Quote())
            expected.phase_raw = 2
            # With room that holds nothing of the others.
            assert bytes(reader.read()) == bytes(expected)
            assert reader.phase.name == "UNKNOWN_2"
            assert [level.qty for level in reader.levels] == [1, 2]
        with two.best.attach(name) as reader:
            assert bytes(reader.read()) == bytes(fill(two, two.Quote()))
            assert reader.venue == 3 and reader.has("sent")


def test_rows_of_another_version(versions: list[Any], name: str) -> None:
    two, three = versions[2:]
    with two.quotes.create(name) as writer, three.quotes.attach(name) as reader:
        for number in range(2):
            writer[number].write(fill(two, two.Quote()), id=10 + number)
        assert reader.by_key(11).index == 1
        assert reader[1].venue == 3 and reader[1].note == "" and reader[1] is reader[1]
        with pytest.raises(shm.NoSuchKey):
            reader.by_key(0)
        assert len(reader) == 3 and [row.id for row in reader] == [10, 11, 0]
        assert reader.has("venue") and not reader.has("note")
        numpy = pytest.importorskip("numpy")
        rows = reader.to_numpy()
        assert rows.dtype == three.Quote.dtype()
        assert rows["id"].tolist() == [10, 11, 0]
        assert rows["asks"]["px"].tolist() == [[-(1 << 63)] * 2] * 3
        assert numpy.isnan(rows["heat"]).all() and not rows["firm"].any()
        assert rows[1].tobytes() == bytes(reader[1].read())
        again = numpy.zeros_like(rows)
        assert reader.to_numpy(out=again) is again and again.tobytes() == rows.tobytes()
        with pytest.raises(TypeError):
            reader.to_numpy(out=again[:2])


def test_a_writer_goes_on_with_its_own_layout_alone(versions: list[Any], name: str) -> None:
    one, two = versions[1:3]
    with one.best.create(name) as old:
        old.write(fill(one, one.Quote()))
    with one.best.attach(name) as reader:
        with pytest.raises(shm.LayoutMismatch, match="`replace=True` makes a new segment"):
            two.best.create(name, exist_ok=True)
        with two.best.create(name, replace=True) as new:
            new.write(fill(two, two.Quote()))
            with pytest.raises(shm.Retired):
                reader.read()
            with one.best.attach(name) as again:
                assert again.last == 1.5


def test_what_does_not_go_together_is_named(
    versions: list[Any], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one, two = versions[1:3]
    schema = ROOT / "shm-runtime/tests/schemas/broken.yaml"
    broken = _module(schema, 0, tmp_path_factory)
    with one.best.create(name):
        with pytest.raises(shm.LayoutMismatch) as caught:
            broken.best.attach(name)
        assert caught.value.differences[0] == "`Quote.venue` is not in the segment"
    with broken.best.create(name, replace=True), one.best.attach(name) as reader:
        assert reader.id == 0
    with one.quotes.create(f"{name}t"):
        keyed = shm.TableSpec(two.Quote, 3, "venue")
        with pytest.raises(shm.LayoutMismatch, match=r"`Quote\.venue` is not in segment"):
            keyed.attach(f"{name}t")
