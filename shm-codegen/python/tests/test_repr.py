"""What handles and live rows say of themselves."""

from __future__ import annotations

import ctypes

import market

import shm_runtime as shm


def test_what_is_live_says_what_it_is(name: str) -> None:
    table, cell = market.quotes.create(name), market.leader.create(f"{name}.cell")
    row = table[-1]
    assert repr(row) == f"<live market.Quote, row 999 of '{name}', version 0>"
    row.write(volume=1)
    row.volume = 2
    assert repr(row) == f"<live market.Quote, row 999 of '{name}', version 2>"
    assert repr(table) == f"<writer of '{name}', a table of 1000 market.Quote>"
    cell.write(volume=1)
    with market.leader.attach(f"{name}.cell") as reader:
        said = f"{name}.cell', a cell of market.Quote, version 1>"
        assert (repr(cell), repr(reader)) == (f"<writer of '{said}", f"<reader of '{said}")
        cell.unlink()
        assert repr(reader) == f"<reader of '{name}.cell', a cell of market.Quote, retired>"
    assert repr(reader) == f"<closed of '{name}.cell', a cell of market.Quote>"
    table.unlink()
    assert repr(row) == f"<live market.Quote, row 999 of '{name}', retired>"
    table.close()
    assert repr(row) == f"<live market.Quote, row 999 of '{name}', closed>"


def test_a_record_of_no_schema_is_said_to_be_its_modules(name: str) -> None:
    class Pair(ctypes.Structure):
        _fields_ = market.Level._fields_

    for fact in ("SIZE", "ALIGN", "FINGERPRINT", "LAYOUT", "OFFSETS", "FIELDS"):
        setattr(Pair, fact, getattr(market.Level, fact))
    with shm.CellSpec(Pair).create(name) as cell:
        assert repr(cell) == f"<writer of '{name}', a cell of {__name__}.Pair, version 0>"
