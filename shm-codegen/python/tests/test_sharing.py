"""Records where the standard library copies, pickles and shares them."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import re
from multiprocessing import sharedctypes
from typing import Any

import market
import pytest


def test_records_are_copied_and_pickled() -> None:
    record = market.Quote(symbol="ABC", heat=((1, 2, 3, 4),) * 3, last={"qty": 5})
    for made in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert made == record and type(made) is market.Quote
        made.last.qty = 6
        assert record.last.qty == 5
    inner = copy.copy(record.last)
    inner.qty = 7
    assert (record.last.qty, type(inner)) == (5, market.Trade)


def test_a_snapshot_is_copied_as_a_record(name: str) -> None:
    with market.leader.create(name) as cell:
        cell.write(volume=7)
        snapshot = cell.snapshot()
        for made in (copy.copy(snapshot), pickle.loads(pickle.dumps(snapshot))):
            assert type(made) is market.Quote and made == snapshot


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_what_is_live_stays_in_its_process(name: str, take: Any) -> None:
    with market.leader.create(name) as cell, market.quotes.create(f"{name}.t") as table:
        for live in (cell, table, table[3]):
            said = f"{re.escape(repr(live))} belongs to this process and .*; hint: attach by name"
            with pytest.raises(TypeError, match=said):
                take(live)
    # What attaches is no handle yet.
    assert type(take(market.leader)) in (bytes, type(market.leader))


def _add(value: Any, row: Any) -> None:
    value.volume += 1
    row[1].qty = value.volume


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing_shares_them(method: str) -> None:
    context = multiprocessing.get_context(method)
    value = sharedctypes.RawValue(market.Quote)
    value.volume = 6
    row = sharedctypes.RawArray(market.Level, 2)
    process = context.Process(target=_add, args=(value, row))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert (value.volume, row[1].qty) == (7, 7)


def test_a_synchronized_record_has_its_fields() -> None:
    value = multiprocessing.Value(market.Quote)
    with value.get_lock():
        value.volume = 5
    assert value.volume == 5
    with pytest.raises(OverflowError):
        value.volume = -1
